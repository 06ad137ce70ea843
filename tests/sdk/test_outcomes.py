"""Lines of client programs, compared with the required checks; and that every program has every required check."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdk.outcomes import Outcome, Verdict, compare_with_required, count, read_outcomes
from sdk.releases import RELEASES
from sdk.required_checks import PAGE_SAMPLE, PROGRAM_END, REQUIRED_CHECKS

CLIENTS = Path(__file__).parents[2] / "sdk" / "clients"
REPORTED_BY_THE_RUNNER = {PAGE_SAMPLE, PROGRAM_END}
ALL_KEPT = [Outcome(name, Verdict.OK) for name in REQUIRED_CHECKS]


def test_a_line_is_a_verdict_a_check_and_a_reason() -> None:
    lines = [
        "ok\tlist: every order\t",
        "failed\tinvoice: polled\tnot within 10 seconds",
        "a warning of an SDK",
        "ok but",
    ]

    assert list(read_outcomes(lines)) == [
        Outcome("list: every order", Verdict.OK),
        Outcome("invoice: polled", Verdict.FAILED, "not within 10 seconds"),
    ]


class GivenAProgramThatPassesEveryCheck:
    def test_then_its_outcomes_are_in_the_order_of_the_required_checks(self) -> None:
        assert compare_with_required(ALL_KEPT[::-1]) == ALL_KEPT

    def test_when_one_is_left_out_then_it_has_failed(self) -> None:
        held = compare_with_required(ALL_KEPT[1:])

        assert held[0] == Outcome(REQUIRED_CHECKS[0], Verdict.FAILED, "reported 0 times")
        assert count(held, Verdict.FAILED) == 1

    def test_when_one_is_reported_twice_then_it_has_failed(self) -> None:
        held = compare_with_required([*ALL_KEPT, Outcome(REQUIRED_CHECKS[0], Verdict.OK)])

        assert held[0] == Outcome(REQUIRED_CHECKS[0], Verdict.FAILED, "reported 2 times")

    def test_when_an_unknown_check_is_reported_then_it_has_failed(self) -> None:
        held = compare_with_required([*ALL_KEPT, Outcome("list: backwards", Verdict.OK)])

        assert held[-1] == Outcome("list: backwards", Verdict.FAILED, "not a required check")


@pytest.mark.parametrize("program", sorted({release.program for release in RELEASES}))
def test_a_program_has_every_required_check_once(program: str) -> None:
    text = "".join(path.read_text() for path in (CLIENTS / program).iterdir() if path.is_file())

    assert {name: text.count(f'"{name}":') for name in REQUIRED_CHECKS if name not in REPORTED_BY_THE_RUNNER} == {
        name: 1 for name in REQUIRED_CHECKS if name not in REPORTED_BY_THE_RUNNER
    }
