"""Add orders to a world, and change their status; an order is known by its id and by its name."""

from __future__ import annotations

from flask import Response

from mock_server.documents.moves import read_move
from mock_server.documents.names import read_key
from mock_server.services.context import Services
from mock_server.services.new_orders import add_order
from mock_server.services.orders import change_order
from mock_server.views.orders import order_sources, organization_order_bytes
from mock_server.web.control.bodies import Route, sent_object, written
from mock_server.web.exchange import Answer
from mock_server.web.flask_bridge import flask_response


def routes(services: Services) -> tuple[Route, ...]:
    def create(world_id: str) -> Response:
        world = services.worlds.get(world_id)
        key, body = read_key(sent_object(), "order")
        order = add_order(services, world, key=key, body=body)
        return written(201, {"key": key, "id": order.id, "item_id": order.items[0].id})

    def change(world_id: str, order_id: str) -> Response:
        world = services.worlds.get(world_id)
        move = read_move(sent_object(), statuses=world.behaviour.order.statuses)
        order_id = world.ids.get(f"order:{order_id}", order_id)
        # No other change can come between this one and its response.
        with world.lock:
            order = change_order(
                services, world, order_id=order_id, status=move.status, changes=move.billing, refund=move.refund
            )
            body_bytes = organization_order_bytes(world, order_sources(world, world.tables, order))
        return flask_response(Answer(200, body_bytes))

    return ("POST", "/worlds/<world_id>/orders", create), ("PATCH", "/worlds/<world_id>/orders/<order_id>", change)
