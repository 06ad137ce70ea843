"""The model check: random sequences of requests, drawn by Hypothesis, with a prediction for every answer."""

from __future__ import annotations

import pytest

from contract_tests.runner.context import RunContext
from contract_tests.suites.stateful.profiles import LATER_PROFILES, PROFILES
from contract_tests.suites.stateful.search import run_profile

_LATER = [pytest.param(name, marks=pytest.mark.when({"order.are_receipts_numbered": True})) for name in LATER_PROFILES]


@pytest.mark.parametrize("profile", [*PROFILES, *_LATER])
def test_every_sequence_of_steps_gets_the_predicted_answers(context: RunContext, profile: str) -> None:
    run_profile(context, profile)
