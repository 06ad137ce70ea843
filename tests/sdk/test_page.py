"""docs/sdks.md: how a run becomes the page, and that the page is of these releases, revisions and limits."""

from __future__ import annotations

from collections.abc import Iterator

from sdk.limits import limits_of, read_limits
from sdk.outcomes import Outcome, Verdict
from sdk.page import PAGE, SHOWN, render_page
from sdk.releases import RELEASES, targets_of
from sdk.required_checks import checks_for

TARGETS = targets_of(RELEASES)


def tables(page: str) -> Iterator[list[list[str]]]:
    """The rows of each table, without its head."""
    for part in page.split("\n\n"):
        rows = [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("|")]
        if rows:
            yield rows[2:]


def test_a_run_becomes_a_row_for_each_target_and_one_for_each_release_and_promise() -> None:
    first, second = TARGETS[:2]
    cannot = Outcome("list: every order", Verdict.CANNOT, "It is old.")
    no_call = Outcome("receipt: downloaded", Verdict.SKIPPED, "the release has no receipts")

    page = render_page({first: [cannot, Outcome("list: filtered", Verdict.OK)], second: [no_call, cannot]})

    assert list(tables(page)) == [
        [
            ["polar-sdk==0.28.4", "0.1.0", "none", "1", "1", "0"],
            ["polar-sdk==0.28.4", "2026-10", "none", "0", "1", "1"],
        ],
        [
            ["polar-sdk==0.28.4", "0.1.0, 2026-10", "list: every order", "cannot", "It is old."],
            ["polar-sdk==0.28.4", "2026-10", "receipt: downloaded", "no call", "the release has no receipts"],
        ],
    ]


class GivenThePage:
    counts, limits = tables(PAGE.read_text())

    def test_then_it_has_every_release_with_every_service_and_nothing_failed(self) -> None:
        assert [row[:3] for row in self.counts] == [
            [target.release.requirements[0], target.meeting.revision, target.meeting.version or "none"]
            for target in TARGETS
        ]
        assert [sum(map(int, row[3:])) for row in self.counts] == [len(checks_for(target)) for target in TARGETS]

    def test_then_it_has_every_known_limit_and_no_other(self) -> None:
        known = {
            (target.release.requirements[0], target.meeting.revision, limit.promise, limit.why)
            for target in TARGETS
            for limit in limits_of(target, read_limits())
        }

        assert known == {
            (release, revision, promise, why)
            for release, revisions, promise, outcome, why in self.limits
            for revision in revisions.split(", ")
            if outcome == SHOWN[Verdict.CANNOT]
        }
