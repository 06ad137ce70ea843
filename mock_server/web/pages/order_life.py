"""What happened to one order, in the order of time: requests, jobs and webhooks; and where each of it stands in the picture."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import accumulate, pairwise
from typing import NamedTuple

from mock_server.domain.jobs import Job, JobKind
from mock_server.domain.orders import Order
from mock_server.store.journal import Numbered
from mock_server.web.pages.overview import EventRow, WorldFacts

_MOST_MOMENTS = 60
_NAMES = {
    JobKind.GENERATE_INVOICE: "invoice",
    JobKind.RENDER_RECEIPT: "receipt",
    JobKind.REPORT_PAYMENT: "report of the payment",
}


class Lane(StrEnum):
    ORDER = "order"
    REQUEST = "request"
    JOB = "job"
    WEBHOOK = "webhook"


class Tone(StrEnum):
    PLAIN = "plain"
    GOOD = "good"
    BAD = "bad"
    WAITING = "waiting"


class Moment(NamedTuple):
    at: datetime
    lane: Lane
    text: str
    tone: Tone = Tone.PLAIN
    changed_something: bool = True
    """False for a request that only looked."""


def order_life(
    facts: WorldFacts, order: Order, entries: Iterable[Numbered], events: Sequence[EventRow]
) -> list[Moment]:
    """The last moments, oldest first. `entries`: of the journal, those about the order."""
    found = [*_of_order(order), *_of_requests(facts, entries), *_of_waiting_jobs(facts, order), *_of_events(events)]
    return sorted(found, key=_place)[-_MOST_MOMENTS:]


def _place(moment: Moment) -> tuple[datetime, bool, int]:
    """At the same time, which a held clock often shows: a request, then what it caused, then requests that changed nothing."""
    return moment.at, not moment.changed_something, tuple(Lane).index(moment.lane)


def _of_order(order: Order) -> Iterator[Moment]:
    yield Moment(order.created_at, Lane.ORDER, "The order was made")
    if order.invoice is not None:
        yield Moment(order.invoice.generated_at, Lane.JOB, f"Invoice {order.invoice.number} was issued", Tone.GOOD)
    if order.receipt is not None:
        yield Moment(order.receipt.generated_at, Lane.JOB, f"Receipt {order.receipt.number} was made", Tone.GOOD)


def _of_requests(facts: WorldFacts, entries: Iterable[Numbered]) -> Iterator[Moment]:
    for _, entry in entries:
        name = entry.operation_id or f"{entry.method} {entry.path}"
        struck = ", a fault struck" if entry.fault else ""
        tone = Tone.GOOD if entry.status < 400 and not entry.fault else Tone.BAD
        text = f"{name} was answered {entry.status}{struck}"
        yield Moment(
            entry.at, Lane.REQUEST, text, tone, changed_something=bool(entry.changes.ids or entry.changes.jobs)
        )
        for job in entry.changes.jobs:
            # A waiting job has moments of its own.
            if job.kind in _NAMES and job not in facts.state.jobs:
                yield Moment(job.created_at, Lane.JOB, _scheduled(job))


def _scheduled(job: Job) -> str:
    when = f"for {job.due_at:%H:%M:%S}" if job.due_at else "until it is settled"
    return f"The {_NAMES[job.kind]} was scheduled {when}"


def _of_waiting_jobs(facts: WorldFacts, order: Order) -> Iterator[Moment]:
    for job in facts.jobs_about(order.id):
        yield Moment(job.created_at, Lane.JOB, _scheduled(job))
        yield Moment(job.due_at or facts.now, Lane.JOB, f"The {_NAMES[job.kind]} is waiting", Tone.WAITING)


def _of_events(events: Sequence[EventRow]) -> Iterator[Moment]:
    for row in events:
        yield Moment(row.event.created_at, Lane.WEBHOOK, f"{row.event.type} was raised for {row.endpoint.url}")
        for number, attempt in enumerate(row.attempts, 1):
            result = f"was answered {attempt.http_code}" if attempt.http_code else "got no answer"
            tone = Tone.GOOD if attempt.succeeded else Tone.BAD
            yield Moment(attempt.created_at, Lane.WEBHOOK, f"{row.event.type}, attempt {number}, {result}", tone)
        if row.next_at is not None:
            yield Moment(row.next_at, Lane.WEBHOOK, f"{row.event.type} is waiting to be sent", Tone.WAITING)


# The picture, in units of its view box. A gap in time takes the more room the longer it is, by its logarithm.
_LEFT, _RIGHT = 96, 28
_LANE_HEIGHT, _TOP, _BOTTOM = 46, 16, 34
_STEP, _STEP_PER_DECADE = 27.0, 15.0
_USUAL_WIDTH = 1_140
_MOST_STRETCH = 2.5


class Mark(NamedTuple):
    x: float
    y: float
    number: int
    moment: Moment


class Gap(NamedTuple):
    x: float
    text: str


class Picture(NamedTuple):
    width: int
    height: int
    lanes: Sequence[tuple[str, float]]
    """Names with their heights."""
    marks: Sequence[Mark]
    gaps: Sequence[Gap]
    axis: float


def draw(moments: Sequence[Moment]) -> Picture:
    """Each moment gets a place of its own on the axis, in the order of time."""
    lanes = {lane: _TOP + _LANE_HEIGHT * (index + 0.5) for index, lane in enumerate(Lane)}
    seconds = [(later.at - earlier.at).total_seconds() for earlier, later in pairwise(moments)]
    steps = [_STEP + _STEP_PER_DECADE * math.log10(1 + gap) for gap in seconds]
    # A short life is stretched to the usual width.
    start = _LEFT + _STEP
    stretch = min(_MOST_STRETCH, max(1.0, (_USUAL_WIDTH - start - _RIGHT) / (sum(steps) or 1)))
    places = list(accumulate((step * stretch for step in steps), initial=start))
    marks = [
        Mark(x, lanes[one.lane], number, one) for number, (x, one) in enumerate(zip(places, moments, strict=True), 1)
    ]
    gaps = [
        Gap((left + right) / 2, _duration(gap))
        for gap, (left, right) in zip(seconds, pairwise(places), strict=True)
        if gap >= 1
    ]
    axis = _TOP + _LANE_HEIGHT * len(Lane)
    named = [(f"{lane}s" if lane is not Lane.ORDER else "order", y) for lane, y in lanes.items()]
    return Picture(max(_USUAL_WIDTH, round(places[-1] + _RIGHT)), axis + _BOTTOM, named, marks, gaps, axis)


def _duration(seconds: float) -> str:
    for name, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:.0f} {name}"
    return f"{seconds:.0f} s"
