"""The model check: random sequences of requests, drawn by Hypothesis, with a prediction for every answer."""

from __future__ import annotations

import pytest

from contract_tests.model.profiles import PROFILES
from contract_tests.model.search import run_profile
from contract_tests.run_context import RunContext


@pytest.mark.parametrize("profile", PROFILES)
def test_every_sequence_of_steps_gets_the_predicted_answers(context: RunContext, profile: str) -> None:
    run_profile(context, profile)
