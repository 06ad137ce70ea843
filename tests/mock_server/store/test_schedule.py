"""The pending jobs of a world: which comes first, and that each is removed once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mock_server.domain.jobs import Job, JobKind
from mock_server.store.schedule import Schedule
from tests.mock_server.factories import NOW

SECONDS = st.integers(0, 5)


@st.composite
def jobs(draw: st.DrawFn) -> list[Job]:
    return [
        Job(
            id=str(number),
            kind=JobKind.DELIVER_EVENT,
            queue=draw(st.sampled_from(["a", "b", "c"])),
            subject_id=draw(st.sampled_from(["x", "y"])),
            created_at=NOW + timedelta(seconds=draw(SECONDS)),
            due_at=draw(st.none() | st.builds(lambda s: NOW + timedelta(seconds=s), SECONDS)),
        )
        for number in range(draw(st.integers(0, 20)))
    ]


def in_order(waiting: list[Job]) -> list[Job]:
    """By due time, then by creation, then as they were added; stepped work last."""
    return sorted(waiting, key=lambda job: (job.due_at is None, job.due_at or NOW, job.created_at, int(job.id)))


@given(jobs(), st.randoms(use_true_random=False))
def test_the_first_job_is_the_one_that_a_sorted_list_begins_with(all_jobs: list[Job], random: object) -> None:
    schedule = Schedule()
    for job in all_jobs:
        schedule.add(job)
    left = list(all_jobs)

    while left:
        assert schedule.first(None) == in_order(left)[0]
        for queue in ("a", "b", "c"):
            of_queue = [job for job in in_order(left) if job.queue == queue]
            assert schedule.first(None, queue) == next(iter(of_queue), None)
            timed = [job.due_at for job in of_queue if job.due_at is not None]
            assert schedule.next_due_by_queue().get(queue) == schedule.due_at(queue) == next(iter(timed), None)
        ran = left.pop(random.randrange(len(left)))  # type: ignore[attr-defined]
        schedule.remove(ran)
        schedule.remove(ran)
        assert ran not in schedule
        assert len(schedule) == len(left)
        assert set(schedule.about("x")) == {job for job in left if job.subject_id == "x"}

    assert schedule.first(None) is None
    assert schedule.next_due_by_queue() == {}


class _Moment(datetime):
    """Counts how often moments are compared."""

    compared = 0

    def __lt__(self, other: Any) -> bool:
        _Moment.compared += 1
        return super().__lt__(other)

    def __eq__(self, other: object) -> bool:
        _Moment.compared += 1
        return super().__eq__(other)

    __hash__ = datetime.__hash__


def test_when_many_wait_then_a_job_comes_and_goes_in_few_steps() -> None:
    schedule = Schedule()

    def a_job(number: int) -> Job:
        moment = _Moment(2026, 4, 1, tzinfo=UTC) + timedelta(seconds=number)
        return Job(str(number), JobKind.DELIVER_EVENT, "a", str(number), created_at=moment, due_at=moment)

    waiting = [a_job(number) for number in range(10_000)]
    for job in waiting:
        schedule.add(job)
    _Moment.compared = 0
    for number in range(100):
        schedule.add(a_job(10_000 + number))
        schedule.remove(waiting[number])

    assert 0 < _Moment.compared <= 100 * 60


def test_what_is_not_due_yet_and_what_is_stepped_does_not_come_before_its_time() -> None:
    schedule = Schedule()
    assert schedule.first(NOW, "a") is None

    def a_job(id_: str, due_at: datetime | None) -> Job:
        return Job(id_, JobKind.GENERATE_INVOICE, "a", "x", created_at=NOW, due_at=due_at)

    stepped, later = a_job("stepped", None), a_job("later", NOW + timedelta(seconds=3))
    for job in (stepped, later):
        schedule.add(job)

    assert schedule.first(NOW) is None
    assert schedule.first(NOW + timedelta(seconds=3)) is later
    assert schedule.first(None) is later
