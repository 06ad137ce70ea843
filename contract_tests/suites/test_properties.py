"""The properties check: generated requests, valid and invalid, get answers that keep the contract."""

from __future__ import annotations

from contract_tests.runner.context import RunContext
from contract_tests.suites.properties import check_operation, worlds_for
from polar_contract.operations import Operation


def test_every_generated_request_gets_an_answer_that_keeps_the_contract(
    context: RunContext, operation: Operation
) -> None:
    with context.target.fixtures(*worlds_for(operation)) as fixtures:
        check_operation(context, fixtures, operation)
