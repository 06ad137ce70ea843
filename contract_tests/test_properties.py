"""The properties: whatever fits, or does not fit, an operation's schema gets an answer that keeps the contract."""

from __future__ import annotations

from contract_tests.judging import Judge
from contract_tests.operations import Operation
from contract_tests.properties import judge_operation


def test_whatever_is_sent_the_answer_keeps_the_contract(judge: Judge, operation: Operation) -> None:
    with judge.target.fixtures("core", "members") as fixtures:
        judge_operation(judge, fixtures, operation)
