"""Add a customer, product or token to an existing world, and revoke tokens."""

from __future__ import annotations

from flask import Response

from mock_server.documents.names import read_key
from mock_server.services.context import Services
from mock_server.services.customers import add_customer
from mock_server.services.products import add_product
from mock_server.services.tokens import add_token, revoke_token
from mock_server.views.basics import write_time_or_null
from mock_server.web.control.bodies import Route, nothing_sent, sent_object, written


def routes(services: Services) -> tuple[Route, ...]:
    def create_customer(world_id: str) -> Response:
        world = services.worlds.get(world_id)
        key, body = read_key(sent_object(), "customer")
        customer, names = add_customer(services, world, key=key, body=body)
        return written(201, {"key": key, "id": customer.id, "ids": dict(names)})

    def create_product(world_id: str) -> Response:
        world = services.worlds.get(world_id)
        key, body = read_key(sent_object(), "product")
        product, names = add_product(services, world, key=key, body=body)
        return written(201, {"key": key, "id": product.id, "ids": dict(names)})

    def create_token(world_id: str) -> Response:
        world = services.worlds.get(world_id)
        key, body = read_key(sent_object(), "token")
        made = add_token(services, world, key=key, body=body)
        return written(201, {"key": key, "token": made.token, "expires_at": write_time_or_null(made.expires_at)})

    def delete_token(world_id: str, key: str) -> Response:
        world = services.worlds.get(world_id)
        nothing_sent()
        revoke_token(world, key)
        return Response(status=204)

    return (
        ("POST", "/worlds/<world_id>/customers", create_customer),
        ("POST", "/worlds/<world_id>/products", create_product),
        ("POST", "/worlds/<world_id>/tokens", create_token),
        ("DELETE", "/worlds/<world_id>/tokens/<path:key>", delete_token),
    )
