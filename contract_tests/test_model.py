"""The model: stories that no table tells, drawn by Hypothesis, with every answer and every later read predicted."""

from __future__ import annotations

import pytest

from contract_tests.judging import Judge
from contract_tests.model.profiles import PROFILES
from contract_tests.model.search import judge_profile


@pytest.mark.parametrize("profile", PROFILES)
def test_whatever_is_done_the_answers_are_those_that_the_contract_makes_of_it(judge: Judge, profile: str) -> None:
    judge_profile(judge, profile)
