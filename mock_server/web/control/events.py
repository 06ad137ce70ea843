"""Send webhook events on demand."""

from __future__ import annotations

from flask import Response

from mock_server.services.context import Services
from mock_server.services.sent_events import Sent, send_event
from mock_server.web.control.bodies import Route, sent_object, written
from mock_server.web.control.worlds import events_json
from polar_contract.json_types import JsonObject


def routes(services: Services) -> tuple[Route, ...]:
    def create(world_id: str) -> Response:
        return written(201, _sent_json(send_event(services, services.worlds.get(world_id), sent_object())))

    return (("POST", "/worlds/<world_id>/events", create),)


def _sent_json(sent: Sent) -> JsonObject:
    """`detail`: why nothing was sent, which the caller would else have to find out."""
    unsent: JsonObject = {"detail": _unsent(sent)} if not sent.events else {}
    return {"type": sent.type, "data": sent.data, "events": events_json(sent.tables, sent.events), **unsent}


def _unsent(sent: Sent) -> str:
    living = [endpoint for endpoint in sent.tables.endpoints.values() if not endpoint.deleted]
    if not living:
        return "this world has no webhook endpoint"
    if any(sent.type in endpoint.events for endpoint in living):
        return f"every endpoint that subscribes to {sent.type} is disabled"
    return f"no endpoint of this world subscribes to {sent.type}; PATCH the world's webhook_endpoints to add it"
