"""Read, hold and move a world's time, and run everything that is scheduled."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Response

from mock_server.documents.errors import DocumentInvalid, Problem, shown
from mock_server.documents.moments import EARLIEST, LATEST, WANTED, read_moment
from mock_server.domain.clocks import ClockMode
from mock_server.services.context import Services
from mock_server.services.jobs import JobRun, run_due, settle
from mock_server.store.state import World
from mock_server.views.basics import write_time
from mock_server.views.jobs import job_json
from mock_server.web.control.bodies import Route, require_known, sent_object, written
from polar_contract.json_types import JsonObject, JsonValue

_MOST_SECONDS = 10 * 365 * 86_400


def routes(services: Services) -> tuple[Route, ...]:
    def read(world_id: str) -> Response:
        return written(200, _clock_json(services.worlds.get(world_id)))

    def change(world_id: str) -> Response:
        world = services.worlds.get(world_id)
        body = sent_object()
        require_known(body, ("mode", "advance_seconds", "set"))
        with world.lock:
            change_clock(world, body)
        # The world is not locked while jobs run: a receiver may call the API before it answers.
        ran = run_due(services, world)
        services.jobs_scheduled(world, ())
        return written(200, {**_clock_json(world), **_runs_json(ran)})

    def settle_all(world_id: str) -> Response:
        return written(200, _runs_json(settle(services, services.worlds.get(world_id))))

    return (
        ("GET", "/worlds/<world_id>/clock", read),
        ("PATCH", "/worlds/<world_id>/clock", change),
        ("POST", "/worlds/<world_id>/settle", settle_all),
    )


def change_clock(world: World, body: JsonObject) -> None:
    """Check everything first, then set, then advance, then hold or release. Errors: DocumentInvalid."""
    mode = _wanted_mode(body)
    moment = _wanted_moment(body)
    advance = _wanted_advance(body)
    if advance is not None:
        _require_reckonable(moment or world.clock.now(), advance)
    if moment is not None:
        world.clock.set(moment)
    if mode is ClockMode.HELD:
        world.clock.hold()
    elif mode is ClockMode.WALL:
        world.clock.release()
    if advance is not None:
        world.clock.advance(advance)


def _require_reckonable(start: datetime, advance: timedelta) -> None:
    if not EARLIEST <= start + advance < LATEST:
        raise _invalid("advance_seconds", f"leads out of the years that a clock can show, {EARLIEST:%Y} to {LATEST:%Y}")


def _wanted_mode(body: JsonObject) -> ClockMode | None:
    sent = body.get("mode")
    if sent is None:
        return None
    try:
        return ClockMode(str(sent))
    except ValueError:
        raise _invalid("mode", f"is {shown(sent)}; possible are: {', '.join(ClockMode)}") from None


def _wanted_moment(body: JsonObject) -> datetime | None:
    sent = body.get("set")
    if sent is None:
        return None
    moment = read_moment(sent)
    if moment is None:
        raise _invalid("set", f"is {shown(sent)}; it has to be {WANTED}")
    return moment


def _wanted_advance(body: JsonObject) -> timedelta | None:
    sent = body.get("advance_seconds")
    if sent is None:
        return None
    if isinstance(sent, bool) or not isinstance(sent, int | float) or not abs(sent) <= _MOST_SECONDS:
        raise _invalid(
            "advance_seconds", f"is {shown(sent)}; it has to be a number of seconds, at most {_MOST_SECONDS}"
        )
    return timedelta(seconds=sent)


def _invalid(path: str, message: str) -> DocumentInvalid:
    return DocumentInvalid((Problem(path, message),))


def _clock_json(world: World) -> JsonObject:
    return {"mode": world.clock.mode, "now": write_time(world.clock.now())}


def _runs_json(runs: list[JobRun]) -> JsonObject:
    """`ran`: every job that was run; `failed`: those of them that failed in the mock itself, each with a message."""
    failed: list[JsonValue] = [{**job_json(job), "error": problem} for job, problem in runs if problem is not None]
    return {"ran": [job_json(job) for job, _ in runs], "failed": failed}
