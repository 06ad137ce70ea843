"""Comparing the results of the contract tests on both sides."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract_tests.checks.findings import Finding
from contract_tests.checks.rules import Rule
from contract_tests.reporting.results import Checked, Results
from contract_tests.tools.compare.check_results import CHECKS, differences
from contract_tests.tools.compare.comparing import Verdict
from contract_tests.tools.compare.summary import Summary
from contract_tests.transport.exchanges import Exchange

_ANSWER = Exchange("GET", "http://127.0.0.1:9/v1/orders/", "/v1/orders/", {}, b"", 200, {}, b"{}", 0.0, "orders:list")
_FOUND = Finding(Rule.DOCUMENTED, "this", "that", "orders:list", "contract", "curl")
_KEPT = Checked("test_it", (_ANSWER,), ())


@pytest.mark.parametrize(
    ("broken", "verdict"),
    [
        (Checked("test_it", (), (_FOUND,)), Verdict.STATUS),
        (Checked("test_it", (replace(_ANSWER, status=500),), (_FOUND,)), Verdict.STATUS),
        (Checked("test_it", (_ANSWER,), (_FOUND,)), Verdict.VALUE),
    ],
    ids=["no response at all", "another status", "the same answer"],
)
@pytest.mark.parametrize("is_left", [True, False])
def test_when_one_side_breaks_a_check_then_it_is_never_called_the_same(
    broken: Checked, verdict: Verdict, is_left: bool
) -> None:
    summary = Summary()
    left, right = (broken, _KEPT) if is_left else (_KEPT, broken)
    found = list(differences(Results(checked=[left]), Results(checked=[right]), summary))
    assert [one.comparison.verdict for one in found] == [verdict]
    assert summary.verdicts[CHECKS] == {verdict: 1}


def test_when_both_keep_a_check_then_it_is_the_same() -> None:
    summary = Summary()
    assert list(differences(Results(checked=[_KEPT]), Results(checked=[_KEPT]), summary)) == []
    assert summary.verdicts[CHECKS] == {Verdict.SAME: 1}
