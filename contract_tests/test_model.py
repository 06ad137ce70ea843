"""The model: stories that no table tells, drawn by Hypothesis, with every answer and every later read predicted."""

from __future__ import annotations

import pytest

from contract_tests.model.profiles import PROFILES
from contract_tests.model.search import run_profile
from contract_tests.run_context import RunContext


@pytest.mark.parametrize("profile", PROFILES)
def test_whatever_is_done_the_answers_are_those_that_the_contract_makes_of_it(
    context: RunContext, profile: str
) -> None:
    run_profile(context, profile)
