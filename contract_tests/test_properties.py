"""The properties: whatever fits, or does not fit, an operation's schema gets an answer that keeps the contract."""

from __future__ import annotations

from contract_tests.operations import Operation
from contract_tests.properties import check_operation
from contract_tests.run_context import RunContext


def test_whatever_is_sent_the_answer_keeps_the_contract(context: RunContext, operation: Operation) -> None:
    with context.target.fixtures("core", "members") as fixtures:
        check_operation(context, fixtures, operation)
