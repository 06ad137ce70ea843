"""A short summary of the skipped checks: how many, and what the user can allow or add. Prints nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from contract_tests.config.gaps import Group, groups_of
from contract_tests.reporting.results import Results


def left_out_lines(results: Results, width: int) -> Iterator[str]:
    """A line with the total, then one line for each remedy; lines are cut to `width`."""
    groups = groups_of(results.not_checked)
    if not groups:
        return
    checks = sum(group.checks for group in groups)
    yield f"Not checked: {checks} of {results.passed + results.failed + checks} checks (the reports list them)"
    for group in groups:
        yield _line(group, width)


def _line(group: Group, width: int) -> str:
    """As many items as fit, the most frequent first."""
    head, items = f"{group.checks:>6}  {group.remedy}: ", list(group.items)
    for shown in range(len(items), 1, -1):
        text = head + _listed(items, shown)
        if len(text) <= width:
            return text
    text = head + _listed(items, 1)
    return text if len(text) <= width else text[: width - 1] + "…"


def _listed(items: Sequence[str], shown: int) -> str:
    left = len(items) - shown
    return ", ".join(items[:shown]) + (f" and {left} more" if left else "")
