"""A world: one organization and everything that belongs to it, as its seed describes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mock_server.domain.customers import Customer
from mock_server.domain.orders import Order
from mock_server.domain.organizations import Organization
from mock_server.domain.policies import Policies
from mock_server.domain.products import Product
from mock_server.domain.sessions import Credential
from mock_server.domain.subscriptions import Subscription
from mock_server.domain.webhooks import WebhookEndpoint


@dataclass(frozen=True, slots=True)
class WorldSeed:
    """The initial state of a world, ids and tokens included; a reset returns to it."""

    revision: str
    seeded_at: datetime
    organization: Organization
    products: tuple[Product, ...]
    customers: tuple[Customer, ...]
    subscriptions: tuple[Subscription, ...]
    orders: tuple[Order, ...]
    credentials: tuple[Credential, ...]
    endpoints: tuple[WebhookEndpoint, ...]
    policies: Policies
    ids: Mapping[str, str]
    """Names of the document to ids: `order:paid`, `item:paid`, `product:pro`, `price:pro`, `customer:main`, ..."""
    tokens: Mapping[str, str]
    """Names of the document to tokens: `customer` -> `polar_cst_...`."""
    identities: Mapping[str, str] = field(default_factory=dict)
    """Every id, token and secret by its place in the document, of a world that is made again when its document changes; else empty."""
