"""Keep, list, restore and delete snapshots of a world."""

from __future__ import annotations

from flask import Response

from mock_server.documents.snapshots import read_snapshot_name
from mock_server.services.context import Services
from mock_server.services.snapshots import restore_snapshot
from mock_server.store.snapshots import Snapshot
from mock_server.views.basics import write_time
from mock_server.web.control.bodies import Route, nothing_sent, sent_object, written
from mock_server.web.control.worlds import world_json
from polar_contract.json_types import JsonObject


def routes(services: Services) -> tuple[Route, ...]:
    def create(world_id: str) -> Response:
        world = services.worlds.get(world_id)
        return written(201, _snapshot_json(world.keep_snapshot(read_snapshot_name(sent_object()))))

    def list_all(world_id: str) -> Response:
        return written(200, {"items": [_snapshot_json(one) for one in services.worlds.get(world_id).snapshots.all()]})

    def restore(world_id: str, name: str) -> Response:
        world = services.worlds.get(world_id)
        nothing_sent()
        restore_snapshot(services, world, name)
        return written(200, world_json(world))

    def delete(world_id: str, name: str) -> Response:
        world = services.worlds.get(world_id)
        nothing_sent()
        world.snapshots.remove(name)
        return Response(status=204)

    return (
        ("POST", "/worlds/<world_id>/snapshots", create),
        ("GET", "/worlds/<world_id>/snapshots", list_all),
        ("POST", "/worlds/<world_id>/snapshots/<name>/restore", restore),
        ("DELETE", "/worlds/<world_id>/snapshots/<name>", delete),
    )


def _snapshot_json(snapshot: Snapshot) -> JsonObject:
    tables = snapshot.state.tables
    return {
        "name": snapshot.name,
        "taken_at": write_time(snapshot.taken_at),
        "orders": len(tables.orders),
        "events": len(tables.events),
        "jobs": len(snapshot.state.jobs),
    }
