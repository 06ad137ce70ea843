"""Spellings of tokens: which are good, and which stand for nobody."""

from __future__ import annotations

import pytest

from contract_tests.core.credentials import SPELLINGS, Spelling, check_spelling
from contract_tests.fixtures import Fixtures
from contract_tests.run_context import RunContext


@pytest.mark.parametrize("who", ["customer", "organization"])
@pytest.mark.parametrize("spelling", SPELLINGS, ids=lambda one: one.says)
def test_every_spelling_of_a_token_gets_what_it_stands_for(
    context: RunContext, core_fixtures: Fixtures, spelling: Spelling, who: str
) -> None:
    check_spelling(context, core_fixtures, spelling, who=who)
