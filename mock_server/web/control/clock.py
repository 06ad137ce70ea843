"""Read, hold and move a world's time, and run everything that is scheduled."""

from __future__ import annotations

from flask import Response

from mock_server.documents.clock_changes import read_clock_changes
from mock_server.domain.clocks import ClockMode
from mock_server.services.context import Services
from mock_server.services.jobs import JobRun, run_due, settle
from mock_server.store.state import World
from mock_server.views.basics import write_time
from mock_server.views.jobs import job_json
from mock_server.web.control.bodies import Route, nothing_sent, sent_object, written
from polar_contract.json_types import JsonObject, JsonValue


def routes(services: Services) -> tuple[Route, ...]:
    def read(world_id: str) -> Response:
        return written(200, _clock_json(services.worlds.get(world_id)))

    def change(world_id: str) -> Response:
        world = services.worlds.get(world_id)
        body = sent_object()
        with world.lock:
            change_clock(world, body)
        # The world is not locked while jobs run: a receiver may call the API before it answers.
        ran = run_due(services, world)
        services.jobs_scheduled(world, ())
        return written(200, {**_clock_json(world), **_runs_json(ran)})

    def settle_all(world_id: str) -> Response:
        world = services.worlds.get(world_id)
        nothing_sent()
        return written(200, _runs_json(settle(services, world)))

    return (
        ("GET", "/worlds/<world_id>/clock", read),
        ("PATCH", "/worlds/<world_id>/clock", change),
        ("POST", "/worlds/<world_id>/settle", settle_all),
    )


def change_clock(world: World, body: JsonObject) -> None:
    """Check everything first, then set, then hold or release, then advance. Errors: DocumentInvalid."""
    changes = read_clock_changes(body, now=world.clock.now())
    if changes.moment is not None:
        world.clock.set(changes.moment)
    if changes.mode is ClockMode.HELD:
        world.clock.hold()
    elif changes.mode is ClockMode.WALL:
        world.clock.release()
    if changes.advance is not None:
        world.clock.advance(changes.advance)


def _clock_json(world: World) -> JsonObject:
    return {"mode": world.clock.mode, "now": write_time(world.clock.now())}


def _runs_json(runs: list[JobRun]) -> JsonObject:
    """`ran`: every job that was run; `failed`: those of them that failed in the mock itself, each with a message."""
    failed: list[JsonValue] = [{**job_json(job), "error": problem} for job, problem in runs if problem is not None]
    return {"ran": [job_json(job) for job, _ in runs], "failed": failed}
