"""Findings, problems and gaps become one verdict with its exit code."""

from __future__ import annotations

import pytest

from contract_tests.checks.findings import Finding
from contract_tests.checks.rules import Rule
from contract_tests.reporting.coverage import coverage_rows, unreached
from contract_tests.reporting.verdicts import Verdict, decide
from polar_contract import Contract
from polar_contract.operations import Operations

_FINDING = Finding(Rule.DOCUMENTED, "this", "that", "orders:get", "contract", "curl")


@pytest.mark.parametrize(
    ("findings", "problems", "missing", "passed", "verdict", "exit_code"),
    [
        ([], [], [], 5, Verdict.KEEPS, 0),
        ([_FINDING], [], [], 5, Verdict.BREAKS, 1),
        ([_FINDING], ["the target went away"], [], 5, Verdict.BREAKS, 1),
        ([], ["the target went away"], ["orders:get 200"], 5, Verdict.NOT_CHECKED, 2),
        ([], [], ["orders:get 200"], 5, Verdict.BREAKS, 1),
        ([], [], [], 0, Verdict.NOT_CHECKED, 2),
    ],
)
def test_when_a_run_ends_then_the_verdict_follows_from_its_results(
    findings: list[Finding], problems: list[str], missing: list[str], passed: int, verdict: Verdict, exit_code: int
) -> None:
    outcome = decide(target="The target", findings=findings, problems=problems, missing=missing, passed=passed)
    assert (outcome.verdict, outcome.exit_code) == (verdict, exit_code)
    assert all(name in outcome.sentence for name in missing if verdict is Verdict.BREAKS and not findings)


def test_when_only_documented_guarantees_are_broken_and_do_not_count_then_the_exit_code_is_0_and_the_sentence_reports_them() -> (
    None
):
    outcome = decide(
        target="It", findings=[], problems=[], missing=[], passed=5, waived_guarantees=[_FINDING, _FINDING]
    )
    assert outcome.exit_code == 0
    assert "1 documented guarantee is not kept" in outcome.sentence


def test_when_requests_or_time_ran_out_then_the_sentence_says_how_many_checks_were_skipped() -> None:
    outcome = decide(target="It", findings=[], problems=[], missing=[], passed=5, cut_off=700)
    assert outcome.exit_code == 0
    assert "5 checks passed; 700 checks skipped (request or time limit)." in outcome.sentence


class GivenTheContractsOperations:
    def test_when_nothing_was_reached_then_every_documented_answer_is_missing(self, contract: Contract) -> None:
        rows = coverage_rows(Operations(contract.published, contract.effective), {})
        documented = sum(len(row.documented) for row in rows)
        assert len(unreached(rows)) == documented

    def test_when_an_undocumented_answer_was_seen_then_the_row_shows_it(self, contract: Contract) -> None:
        rows = coverage_rows(
            Operations(contract.published, contract.effective), {("orders:get", 418): 2, ("orders:get", 200): 3}
        )
        row = next(row for row in rows if row.operation.id == "orders:get")
        assert (row.undocumented, row.documented[200]) == ({418: 2}, 3)
