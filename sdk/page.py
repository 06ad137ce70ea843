"""docs/sdks.md: what a run of all SDKs found, as a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from sdk.outcomes import Outcome, Verdict, count
from sdk.releases import Target

PAGE = Path(__file__).parents[1] / "docs" / "sdks.md"
COUNTED = (Verdict.OK, Verdict.CANNOT, Verdict.SKIPPED)
"""In the order of the columns. A page is written only after a run in which nothing failed."""
SHOWN = {Verdict.OK: "kept", Verdict.CANNOT: "cannot", Verdict.SKIPPED: "no call"}

_INTRODUCTION = """# Polar's SDKs against each revision

`make sdk` installs each release below unchanged, in an environment of its own, and uses it as a client of the mock with only the
base URL changed. The checks are promises of the service: lists, single orders, changes, invoices, receipts, payments, sessions,
webhook endpoints, deliveries checked with the SDK's own verifier, and errors. `python -m sdk --write` makes this page from its run; do
not edit it.

- *Service* is the revision of the mock's world.
- *Asks for version*: releases before 1.0 ask for none and so get the current one of the service, which is 2026-10 until January 2027.
  Since 1.0 a release asks for the version of the imported module, as `polar.v2026_04` in Python and `@polar-sh/sdk/2026-04` in TypeScript.
  The service of 0.1.0 knows no versions.
- *Kept*: the SDK shows what the service promises. *Cannot*: the service keeps its promise, and the release itself can't make use of it.
  *No call*: the release has no call for it.
"""
_LIMITS = """
## What a release itself can't do

The cause is in the release, so it meets the real service in the same way, as far as the mock answers as the service does.
"""


def render_page(results: Mapping[Target, Sequence[Outcome]]) -> str:
    return "\n".join((_INTRODUCTION, *_counts(results), _LIMITS, *_limits(results))) + "\n"


def _counts(results: Mapping[Target, Sequence[Outcome]]) -> Iterable[str]:
    yield _row("release", "service", "asks for version", *(SHOWN[verdict] for verdict in COUNTED))
    yield _row(*["---"] * (3 + len(COUNTED)))
    for target, outcomes in results.items():
        counts = (str(count(outcomes, verdict)) for verdict in COUNTED)
        yield _row(target.release.requirements[0], target.meeting.revision, target.meeting.version or "none", *counts)


def _limits(results: Mapping[Target, Sequence[Outcome]]) -> Iterable[str]:
    """One row for a release and a promise, whatever number of services it shows at."""
    yield _row("release", "service", "promise", "outcome", "why")
    yield _row(*["---"] * 5)
    found = [
        ((target.release.requirements[0], outcome.check, SHOWN[outcome.verdict], outcome.reason), target)
        for target, outcomes in results.items()
        for outcome in outcomes
        if outcome.verdict in (Verdict.CANNOT, Verdict.SKIPPED)
    ]
    # Sorting is stable: releases stay in their order, and so do the promises of each.
    places = {key: place for place, key in reversed(list(enumerate(key for key, _ in found)))}
    releases = list(dict.fromkeys(key[0] for key, _ in found))
    found.sort(key=lambda row: (releases.index(row[0][0]), places[row[0]]))
    for (release, promise, outcome, why), rows in groupby(found, key=lambda row: row[0]):
        revisions = dict.fromkeys(target.meeting.revision for _, target in rows)
        yield _row(release, ", ".join(revisions), promise, outcome, why)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
