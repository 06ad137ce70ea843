"""All contents of a world at one moment, as one immutable value: a change makes a new value, and readers keep theirs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mock_server.domain.customers import Customer
from mock_server.domain.orders import Order
from mock_server.domain.organizations import Organization
from mock_server.domain.products import Product
from mock_server.domain.sessions import Credential
from mock_server.domain.subscriptions import Subscription
from mock_server.domain.webhooks import WebhookDelivery, WebhookEndpoint, WebhookEvent
from mock_server.domain.worlds import WorldSeed
from mock_server.store.order_index import OrderIndex
from mock_server.store.table import Table

Entity = (
    Organization
    | Product
    | Customer
    | Subscription
    | Order
    | Credential
    | WebhookEndpoint
    | WebhookEvent
    | WebhookDelivery
)

_TABLES: Mapping[type[Entity], str] = {
    Product: "products",
    Customer: "customers",
    Subscription: "subscriptions",
    Order: "orders",
    Credential: "credentials",
    WebhookEndpoint: "endpoints",
    WebhookEvent: "events",
    WebhookDelivery: "deliveries",
}


def table_name(entity: Entity) -> str:
    """The name of its table; an organization, of which there is one, has the name that a table of them would have."""
    return "organizations" if isinstance(entity, Organization) else _TABLES[type(entity)]


@dataclass(frozen=True, slots=True)
class Tables:
    """Every entity of a world by its id, in the order of creation; credentials by their token.

    A caller that reads more than once for one response keeps the value that it read first, so that all parts are consistent.
    """

    organization: Organization
    products: Table[Product] = field(default_factory=Table)
    customers: Table[Customer] = field(default_factory=Table)
    subscriptions: Table[Subscription] = field(default_factory=Table)
    orders: Table[Order] = field(default_factory=Table)
    credentials: Table[Credential] = field(default_factory=Table)
    endpoints: Table[WebhookEndpoint] = field(default_factory=Table)
    events: Table[WebhookEvent] = field(default_factory=Table)
    deliveries: Table[WebhookDelivery] = field(default_factory=Table)
    order_index: OrderIndex = field(default_factory=OrderIndex)
    """The orders of customers and organization in their default order."""
    names: Table[str] = field(default_factory=Table)
    """Names to ids: `order:paid`, `product:pro`, ... from the document, and those of objects added by name later."""

    def having(self, *entities: Entity, names: Mapping[str, str] | None = None) -> Tables:
        """These tables with the entities added, or replaced if their ids exist."""
        changes: dict[str, Any] = {}
        rows: dict[str, dict[str, Entity]] = {}
        for entity in entities:
            if isinstance(entity, Organization):
                changes["organization"] = entity
            else:
                key = entity.token if isinstance(entity, Credential) else entity.id
                rows.setdefault(_TABLES[type(entity)], {})[key] = entity
        changes |= {name: getattr(self, name).having(added) for name, added in rows.items()}
        if "orders" in rows:
            orders: Any = rows["orders"].values()
            changes["order_index"] = self.order_index.having(orders, before=self.orders, after=changes["orders"])
        if names:
            changes["names"] = self.names.having(names)
        return replace(self, **changes)

    def without_events(self, ids: Collection[str]) -> Tables:
        """These tables without some events and their deliveries."""
        events = {id_: event for id_, event in self.events.items() if id_ not in ids}
        deliveries = {id_: one for id_, one in self.deliveries.items() if one.event_id not in ids}
        return replace(self, events=Table(events), deliveries=Table(deliveries))


def build_tables(world_seed: WorldSeed) -> Tables:
    """The tables that a world starts with."""
    return Tables(world_seed.organization).having(
        *world_seed.products,
        *world_seed.customers,
        *world_seed.subscriptions,
        *world_seed.orders,
        *world_seed.credentials,
        *world_seed.endpoints,
        names=world_seed.ids,
    )
