"""Read a requested change of a world's clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from mock_server.documents.errors import Problems, shown
from mock_server.documents.fields import Fields
from mock_server.documents.moments import EARLIEST, LATEST
from mock_server.domain.clocks import ClockMode
from polar_contract.json_types import JsonObject

_MOST_SECONDS = 10 * 365 * 86_400


class ClockChanges(NamedTuple):
    mode: ClockMode | None
    moment: datetime | None
    advance: timedelta | None


def read_clock_changes(body: JsonObject, *, now: datetime) -> ClockChanges:
    """`now`: by the clock that is changed. Errors: DocumentInvalid with every problem and its path."""
    problems = Problems()
    fields = Fields(body, "", known=("mode", "advance_seconds", "set"), problems=problems)
    changes = ClockChanges(fields.choice("mode", ClockMode), fields.time("set"), _read_advance(fields))
    if changes.advance is not None and not EARLIEST <= (changes.moment or now) + changes.advance < LATEST:
        years = f"{EARLIEST:%Y} to {LATEST:%Y}"
        fields.complain("advance_seconds", f"leads out of the years that a clock can show, {years}")
    problems.raise_if_any()
    return changes


def _read_advance(fields: Fields) -> timedelta | None:
    sent = fields.raw("advance_seconds")
    if sent is None:
        return None
    if isinstance(sent, bool) or not isinstance(sent, int | float) or not abs(sent) <= _MOST_SECONDS:
        wanted = f"a number of seconds, at most {_MOST_SECONDS}"
        fields.complain("advance_seconds", f"is {shown(sent)}; it has to be {wanted}")
        return None
    return timedelta(seconds=sent)
