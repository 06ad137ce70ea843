"""Orders of a world: one more, and moving one through its life."""

from __future__ import annotations

from typing import cast

from flask import Response

from mock_server.documents.errors import DocumentInvalid, Problem, shortened
from mock_server.documents.orders import parse_order
from mock_server.domain.orders import BillingChanges, OrderStatus
from mock_server.services.context import Services
from mock_server.services.orders import change_order
from mock_server.services.worlds import add_order
from mock_server.views.orders import organization_order_bytes
from mock_server.web.control.bodies import Route, require_known, sent_object, written
from mock_server.web.exchange import Answer
from mock_server.web.flask_bridge import flask_response
from polar_contract.json_types import JsonObject


def routes(services: Services) -> tuple[Route, ...]:
    def create(world_id: str) -> Response:
        world = services.worlds.get(world_id)
        body = sent_object()
        key = body.pop("key", None)
        if not isinstance(key, str) or not key:
            raise DocumentInvalid(
                (Problem("key", f"is {shortened(key)}; a new order needs a name (a text that is not empty)"),)
            )
        order = add_order(services, world, key=key, document=parse_order(body, ""))
        return written(201, {"key": key, "id": order.id, "item_id": order.items[0].id if order.items else None})

    def change(world_id: str, order_id: str) -> Response:
        world = services.worlds.get(world_id)
        body = sent_object()
        require_known(body, ("status", "billing_name", "billing_address"))
        status = wanted_status(body)
        changes = wanted_billing(body)
        order = change_order(services, world, order_id=order_id, status=status, changes=changes)
        return flask_response(Answer(200, organization_order_bytes(world, order)))

    return ("POST", "/worlds/<world_id>/orders", create), ("PATCH", "/worlds/<world_id>/orders/<order_id>", change)


def wanted_status(body: JsonObject) -> OrderStatus | None:
    if "status" not in body:
        return None
    try:
        return OrderStatus(cast(str, body["status"]))
    except ValueError:
        possible = ", ".join(OrderStatus)
        raise DocumentInvalid(
            (Problem("status", f"is {shortened(body['status'])}; possible are: {possible}"),)
        ) from None


def wanted_billing(body: JsonObject) -> BillingChanges:
    """The billing fields that were sent, read as an order's document is."""
    sent: JsonObject = {name: body[name] for name in ("billing_name", "billing_address") if name in body}
    document = parse_order(sent, "")
    changes: BillingChanges = {}
    if "billing_name" in sent:
        changes["billing_name"] = cast("str | None", document.billing_name)
    if "billing_address" in sent:
        changes["billing_address"] = document.billing_address  # type: ignore[typeddict-item]  # sent, so not "left out"
    return changes
