"""Write a world back as a document that builds the same world again, ids and tokens included."""

from __future__ import annotations

from mock_server.documents.customers import write_customer
from mock_server.documents.endpoints import write_endpoint
from mock_server.documents.names import endpoints_by_key, keys_by_id, token_names
from mock_server.documents.order_writing import write_order
from mock_server.documents.policies import write_policies
from mock_server.documents.products import write_product
from mock_server.documents.subscriptions import write_subscription
from mock_server.documents.tokens import write_token
from mock_server.domain.cancellation import Cancellation
from mock_server.domain.organizations import Organization
from mock_server.store.state import World, WorldState
from mock_server.views.basics import write_time
from polar_contract.json_types import JsonObject


def write_world_document(world: World, cancellation: Cancellation | None = None) -> JsonObject:
    """The present state; a document contains no jobs, events, deliveries or clock. Errors: Cancelled, while orders are written."""
    return _document(world.state, cancellation or Cancellation())


def _document(state: WorldState, cancellation: Cancellation) -> JsonObject:
    tables, keys = state.tables, keys_by_id(state.tables.names)
    products_by_price = {product.price.id: keys[product.id] for product in tables.products.values()}
    orders: JsonObject = {}
    for order in tables.orders.values():
        cancellation.require_going_on()
        orders[keys[order.id]] = write_order(order, keys=keys, products_by_price=products_by_price)
    return {
        "revision": state.world_seed.revision,
        "organization": _organization(tables.organization),
        "products": {keys[product.id]: write_product(product) for product in tables.products.values()},
        "customers": {keys[customer.id]: write_customer(customer, keys) for customer in tables.customers.values()},
        "tokens": _tokens(state, keys),
        "orders": orders,
        "subscriptions": {keys[s.id]: write_subscription(s, keys) for s in tables.subscriptions.values()},
        "webhook_endpoints": write_endpoints(state),
        **write_policies(state.policies),
    }


def write_endpoints(state: WorldState) -> JsonObject:
    return {key: write_endpoint(endpoint) for key, endpoint in endpoints_by_key(state).items()}


def _tokens(state: WorldState, keys: dict[str, str]) -> JsonObject:
    credentials, now = state.tables.credentials, state.clock.now()
    return {
        name: write_token(credentials[token], tables=state.tables, keys=keys, now=now)
        for token, name in token_names(state).items()
    }


def _organization(organization: Organization) -> JsonObject:
    return {
        "id": organization.id,
        "slug": organization.slug,
        "name": organization.name,
        "invoice_prefix": organization.invoice_prefix,
        "email": organization.email,
        "website": organization.website,
        "created_at": write_time(organization.created_at),
        "member_model": organization.member_model,
        "member_sessions": organization.member_sessions,
        "off_session_charges": organization.off_session_charges,
        "ready_for_payments": organization.ready_for_payments,
    }
