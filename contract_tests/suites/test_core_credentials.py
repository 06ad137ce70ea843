"""Spellings of tokens: which are valid, and which are refused."""

from __future__ import annotations

import pytest

from contract_tests.runner.context import RunContext
from contract_tests.suites.cases.credentials import SPELLINGS, Spelling, check_spelling
from contract_tests.targets.fixtures import Fixtures


@pytest.mark.parametrize("who", ["customer", "organization"])
@pytest.mark.parametrize("spelling", SPELLINGS, ids=lambda one: one.says)
def test_every_spelling_of_a_token_is_accepted_or_refused_as_documented(
    context: RunContext, core_fixtures: Fixtures, spelling: Spelling, who: str
) -> None:
    check_spelling(context, core_fixtures, spelling, who=who)
