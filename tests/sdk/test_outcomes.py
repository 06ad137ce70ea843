"""Lines of client programs, compared with the required checks; and that every program has every required check."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdk.limits import Limit, limits_of, read_limits
from sdk.outcomes import Outcome, Verdict, apply_limits, compare_with_required, count, read_outcomes
from sdk.releases import RELEASES, targets_of
from sdk.required_checks import REPORTED_BY_THE_RUNNER, REQUIRED_CHECKS, checks_for

CLIENTS = Path(__file__).parents[2] / "sdk" / "clients"
TARGETS = targets_of(RELEASES)
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
        assert compare_with_required(ALL_KEPT[::-1], REQUIRED_CHECKS) == ALL_KEPT

    def test_when_one_is_left_out_then_it_has_failed(self) -> None:
        held = compare_with_required(ALL_KEPT[1:], REQUIRED_CHECKS)

        assert held[0] == Outcome(REQUIRED_CHECKS[0], Verdict.FAILED, "reported 0 times")
        assert count(held, Verdict.FAILED) == 1

    def test_when_one_is_reported_twice_then_it_has_failed(self) -> None:
        held = compare_with_required([*ALL_KEPT, Outcome(REQUIRED_CHECKS[0], Verdict.OK)], REQUIRED_CHECKS)

        assert held[0] == Outcome(REQUIRED_CHECKS[0], Verdict.FAILED, "reported 2 times")

    def test_when_an_unknown_check_is_reported_then_it_has_failed(self) -> None:
        held = compare_with_required([*ALL_KEPT, Outcome("list: backwards", Verdict.OK)], REQUIRED_CHECKS)

        assert held[-1] == Outcome("list: backwards", Verdict.FAILED, "not a required check")


@pytest.mark.parametrize("program", sorted({release.program for release in RELEASES}))
def test_a_program_has_every_check_of_its_targets_once(program: str) -> None:
    text = "".join(path.read_text() for path in (CLIENTS / program).iterdir() if path.is_file())
    promises = {name for target in TARGETS if target.release.program == program for name in checks_for(target)}
    wanted = promises.difference(REPORTED_BY_THE_RUNNER)

    assert {name: text.count(f'"{name}":') for name in wanted} == dict.fromkeys(wanted, 1)


@pytest.mark.parametrize("name", REQUIRED_CHECKS)
def test_every_promise_holds_somewhere(name: str) -> None:
    assert any(name in checks_for(target) for target in TARGETS)


@pytest.mark.parametrize(
    ("target", "holds", "does_not"),
    [
        ("py-0.31.7 at 0.1.0", "refused: unpaid", "invoice: of an unpaid order"),
        ("py-0.31.7 at 2026-10", "invoice: of an unpaid order", "refused: unpaid"),
        ("py-0.31.7 at 2026-10", "receipt: downloaded", "refused: receipt"),
        ("py-0.31.7 at 2026-10", "webhooks: deliveries verified, newer secret", "retired version: an order"),
        ("ts-1.0.1 (2026-04) at 0.1.0", "refused: receipt", "retired version: an order"),
        ("ts-1.0.1 (2026-04) at 2026-10", "retired version: an order", "page: the contract's sample"),
    ],
)
def test_which_promises_hold_is_up_to_the_rules_of_the_service_and_the_release(
    target: str, holds: str, does_not: str
) -> None:
    names = next(checks_for(each) for each in TARGETS if each.name == target)

    assert (holds in names, does_not in names) == (True, False)


class GivenALimitOfARelease:
    limit = Limit(("py-0.32.0",), ("2026-10",), "list: every order", "unit_based", "It is older.")

    def judged(self, verdict: Verdict, reason: str = "") -> Outcome:
        return apply_limits([Outcome("list: every order", verdict, reason)], [self.limit])[0]

    def test_when_the_check_fails_as_it_says_then_the_release_cannot(self) -> None:
        outcome = self.judged(Verdict.FAILED, "Input tag 'unit_based' found")

        assert outcome == Outcome("list: every order", Verdict.CANNOT, "It is older.")

    def test_when_it_fails_otherwise_then_it_has_failed(self) -> None:
        assert self.judged(Verdict.FAILED, "Connection refused").verdict is Verdict.FAILED

    def test_when_it_passes_then_it_has_failed_because_the_entry_is_out_of_date(self) -> None:
        outcome = self.judged(Verdict.OK)

        assert (outcome.verdict, "remove the entry" in outcome.reason) == (Verdict.FAILED, True)

    def test_then_it_is_of_the_targets_that_it_names(self) -> None:
        assert [target.name for target in TARGETS if limits_of(target, [self.limit])] == ["py-0.32.0 at 2026-10"]


def test_every_limit_is_of_promises_that_hold_for_its_releases() -> None:
    releases = {release.name for release in RELEASES}

    for limit in read_limits():
        assert releases.issuperset(limit.releases)
        for revision in limit.revisions or (None,):
            for name in limit.releases:
                of = [
                    target
                    for target in TARGETS
                    if target.release.name == name and target.meeting.revision == (revision or target.meeting.revision)
                ]
                assert of
                assert all(limit.promise in checks_for(target) for target in of), limit
