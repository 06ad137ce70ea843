"""Lines of client programs, compared with the required checks; and that every program has every required check."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdk.outcomes import Outcome, Verdict, count, held_against_promises, read_outcomes
from sdk.promises import PAGE_SAMPLE, PROGRAM_END, PROMISES
from sdk.releases import RELEASES

CLIENTS = Path(__file__).parents[2] / "sdk" / "clients"
TOLD_BY_THE_RUNNER = {PAGE_SAMPLE, PROGRAM_END}
ALL_KEPT = [Outcome(name, Verdict.OK) for name in PROMISES]


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


class GivenAProgramThatKeepsEveryPromise:
    def test_then_its_outcomes_stand_in_the_promises_order(self) -> None:
        assert held_against_promises(ALL_KEPT[::-1]) == ALL_KEPT

    def test_when_one_is_left_out_then_it_has_failed(self) -> None:
        held = held_against_promises(ALL_KEPT[1:])

        assert held[0] == Outcome(PROMISES[0], Verdict.FAILED, "told 0 times")
        assert count(held, Verdict.FAILED) == 1

    def test_when_one_is_told_twice_then_it_has_failed(self) -> None:
        held = held_against_promises([*ALL_KEPT, Outcome(PROMISES[0], Verdict.OK)])

        assert held[0] == Outcome(PROMISES[0], Verdict.FAILED, "told 2 times")

    def test_when_it_tells_of_something_else_then_that_has_failed(self) -> None:
        held = held_against_promises([*ALL_KEPT, Outcome("list: backwards", Verdict.OK)])

        assert held[-1] == Outcome("list: backwards", Verdict.FAILED, "not among the promises")


@pytest.mark.parametrize("program", sorted({release.program for release in RELEASES}))
def test_a_program_has_one_check_for_each_promise(program: str) -> None:
    text = "".join(path.read_text() for path in (CLIENTS / program).iterdir() if path.is_file())

    assert {name: text.count(f'"{name}":') for name in PROMISES if name not in TOLD_BY_THE_RUNNER} == {
        name: 1 for name in PROMISES if name not in TOLD_BY_THE_RUNNER
    }
