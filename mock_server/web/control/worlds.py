"""Make, list, read, reset and remove worlds, and read the history of their webhooks."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response

from mock_server.documents.extending import read_world_document
from mock_server.documents.schema import WorldDocument
from mock_server.documents.writing import write_world_document
from mock_server.domain.webhooks import WebhookDelivery, WebhookEvent
from mock_server.services.context import Services
from mock_server.services.policies import change_policies
from mock_server.services.worlds import create_world, reset_world
from mock_server.store.state import World
from mock_server.store.tables import Tables
from mock_server.views.webhooks import delivery_json, event_json
from mock_server.web.control.bodies import Route, hanging_up, nothing_sent, sent_object, written, written_in_pieces
from polar_contract.json_types import JsonObject, JsonValue

DEFAULT_SCENARIO = "demo"


def routes(services: Services) -> tuple[Route, ...]:
    def create() -> Response:
        return written(
            201, world_json(create_world(services, wanted_document(sent_object()), cancellation=hanging_up()))
        )

    def list_all() -> Response:
        return written(200, {"items": [_summary(world) for world in services.worlds.all()]})

    def read(world_id: str) -> Response:
        return written_in_pieces(write_world_document(services.worlds.get(world_id), hanging_up()))

    def change(world_id: str) -> Response:
        return written(200, change_policies(services, services.worlds.get(world_id), sent_object()))

    def delete(world_id: str) -> Response:
        world = services.worlds.get(world_id)
        nothing_sent()
        services.worlds.remove(world.id)
        return Response(status=204)

    def reset(world_id: str) -> Response:
        world = services.worlds.get(world_id)
        nothing_sent()
        reset_world(services, world)
        return written(200, world_json(world))

    def deliveries(world_id: str) -> Response:
        tables = services.worlds.get(world_id).tables
        return written(200, {"items": events_json(tables, tables.events.values())})

    return (
        ("POST", "/worlds", create),
        ("GET", "/worlds", list_all),
        ("GET", "/worlds/<world_id>", read),
        ("PATCH", "/worlds/<world_id>", change),
        ("DELETE", "/worlds/<world_id>", delete),
        ("POST", "/worlds/<world_id>/reset", reset),
        ("GET", "/worlds/<world_id>/deliveries", deliveries),
    )


def wanted_document(body: JsonObject) -> WorldDocument:
    """Create a world from a document, from a scenario with fresh ids and tokens, or from the demo if the body is empty."""
    return read_world_document(body or {"scenario": DEFAULT_SCENARIO}, has_fresh_identity=True)


def world_json(world: World) -> JsonObject:
    state = world.state
    world_seed, tables = state.world_seed, state.tables
    secrets: dict[str, JsonValue] = {
        name.removeprefix("endpoint:"): tables.endpoints[id_].secret.text
        for name, id_ in tables.names.items()
        if name.startswith("endpoint:")
    }
    return {
        "id": world.id,
        "revision": world_seed.revision,
        "ids": dict(tables.names),
        "tokens": dict(state.tokens),
        "webhook_secrets": secrets,
    }


def _summary(world: World) -> JsonObject:
    return {"id": world.id, "revision": world.revision, "organization": world.tables.organization.slug}


def events_json(tables: Tables, events: Iterable[WebhookEvent]) -> list[JsonValue]:
    """Webhook events, each with its attempts."""
    items: list[JsonValue] = []
    attempts: dict[str, list[WebhookDelivery]] = {}
    for delivery in tables.deliveries.values():
        attempts.setdefault(delivery.event_id, []).append(delivery)
    for event in events:
        items.append(
            {
                **event_json(event),
                "endpoint_id": event.endpoint_id,
                "fault": event.fault,
                "attempts": [
                    {**delivery_json(attempt, event), "request_headers": dict(attempt.request_headers)}
                    for attempt in attempts.get(event.id, ())
                ],
            }
        )
    return items
