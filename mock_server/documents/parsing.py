"""Reading a world document; every wrong place is reported with its path, not only the first."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mock_server.documents.errors import Problems, cut, shortened, some_of
from mock_server.documents.fields import Fields
from mock_server.documents.orders import ORDER_KEYS, read_address, read_order
from mock_server.documents.policies import read_invoice_policy, read_rate_limit
from mock_server.documents.schema import (
    TOKEN_KINDS,
    BenefitDocument,
    CustomerDocument,
    EndpointDocument,
    MemberDocument,
    OrganizationDocument,
    ProductDocument,
    SubscriptionDocument,
    TokenDocument,
    WorldDocument,
)
from mock_server.domain.customers import CustomerType, MemberRole
from mock_server.domain.products import RecurringInterval
from mock_server.domain.sessions import TOKEN_PREFIXES, CredentialKind
from mock_server.domain.subscriptions import SubscriptionStatus
from mock_server.domain.webhooks import WebhookFormat
from polar_contract.json_types import JsonValue

_WORLD_KEYS = (
    "revision",
    "organization",
    "products",
    "customers",
    "tokens",
    "orders",
    "subscriptions",
    "webhook_endpoints",
    "invoices",
    "rate_limits",
)
# What an Authorization header can carry after `Bearer`. Source: RFC 6750.
_SENDABLE = re.compile(r"[A-Za-z0-9._~+/=-]+")
_MEMBER_KEYS = ("id", "role", "email", "name", "external_id")
_SECTION_KEYS = {
    "organization": (
        *("id", "slug", "name", "invoice_prefix", "email", "website", "created_at"),
        *("member_model", "member_sessions"),
    ),
    "products": (
        *("id", "price_id", "name", "description", "price_amount", "currency", "recurring_interval", "benefits"),
        "created_at",
    ),
    "customers": ("id", "email", "name", "external_id", "billing_address", "type", "members", "created_at"),
    "tokens": ("kind", "token", "customer", "member", "scopes", "expires_in_seconds"),
    "orders": ORDER_KEYS,
    "subscriptions": ("id", "customer", "product", "status", "started_at"),
    "webhook_endpoints": ("id", "url", "name", "format", "events", "secret", "enabled"),
}


def parse_world_document(value: JsonValue) -> WorldDocument:
    """Read a document. Errors: DocumentInvalid with every problem and its path."""
    problems = Problems()
    fields = Fields(value, "", known=_WORLD_KEYS, problems=problems)
    document = WorldDocument(
        revision=fields.text("revision"),
        organization=_organization(fields),
        products={key: _product(key, f) for key, f in _section(fields, "products")},
        customers={key: _customer(f) for key, f in _section(fields, "customers")},
        tokens={key: _token(f) for key, f in _section(fields, "tokens")},
        orders={key: read_order(f) for key, f in _section(fields, "orders")},
        subscriptions={key: _subscription(f) for key, f in _section(fields, "subscriptions")},
        webhook_endpoints={key: _endpoint(f) for key, f in _section(fields, "webhook_endpoints")},
        invoices=read_invoice_policy(fields),
        rate_limit=read_rate_limit(fields),
    )
    _find_dangling(document, problems)
    problems.raise_if_any()
    return document


def _section(fields: Fields, name: str) -> list[tuple[str, Fields]]:
    return list(fields.objects(name, known=_SECTION_KEYS[name]))


def _organization(world: Fields) -> OrganizationDocument:
    fields = world.object("organization", known=_SECTION_KEYS["organization"])
    if fields is None:
        return OrganizationDocument()
    return OrganizationDocument(
        id=fields.uuid("id"),
        slug=fields.text_or("slug", "acme"),
        name=fields.text_or("name", "Acme Inc."),
        invoice_prefix=fields.text("invoice_prefix"),
        email=fields.text("email"),
        website=fields.text("website"),
        created_at=fields.time("created_at"),
        member_model=fields.flag("member_model"),
        member_sessions=fields.flag("member_sessions", default=True),
    )


def _product(key: str, fields: Fields) -> ProductDocument:
    return ProductDocument(
        id=fields.uuid("id"),
        price_id=fields.uuid("price_id"),
        name=fields.text_or("name", key),
        description=fields.text("description"),
        price_amount=fields.integer("price_amount") if fields.mentions("price_amount") else 1000,
        currency=fields.text_or("currency", "usd"),
        recurring_interval=fields.choice("recurring_interval", RecurringInterval),
        benefits=tuple(_benefit(fields, i, benefit) for i, benefit in enumerate(fields.list_of("benefits"))),
        created_at=fields.time("created_at"),
    )


def _benefit(product: Fields, index: int, value: JsonValue) -> BenefitDocument:
    if isinstance(value, str):
        return BenefitDocument(value)
    path = f"{product.at('benefits')}.{index}"
    fields = Fields(value, path, known=("id", "description"), problems=product.problems)
    return BenefitDocument(fields.text_or("description", ""), fields.uuid("id"))


def _customer(fields: Fields) -> CustomerDocument:
    members = {
        key: MemberDocument(
            id=member.uuid("id"),
            role=member.choice("role", MemberRole) or MemberRole.MEMBER,
            email=member.text_or("email", f"{key}@example.com"),
            name=member.text("name"),
            external_id=member.text("external_id"),
        )
        for key, member in fields.objects("members", known=_MEMBER_KEYS)
    }
    return CustomerDocument(
        id=fields.uuid("id"),
        email=fields.text("email"),
        name=fields.text("name"),
        external_id=fields.text("external_id"),
        type=fields.choice("type", CustomerType) or CustomerType.INDIVIDUAL,
        billing_address=read_address(fields, "billing_address"),
        members=members,
        created_at=fields.time("created_at"),
    )


def _token(fields: Fields) -> TokenDocument:
    kind = TOKEN_KINDS.get(fields.text("kind") or "")
    if kind is None:
        fields.complain("kind", f"has to be one of: {', '.join(TOKEN_KINDS)}")
        kind = CredentialKind.CUSTOMER_SESSION
    token = fields.text("token")
    prefix = TOKEN_PREFIXES[kind]
    if token is not None and not (token.startswith(prefix) and _SENDABLE.fullmatch(token.removeprefix(prefix))):
        fields.complain("token", f"has to be {prefix} and letters, digits or any of ._~+/=- after it")
    scopes = fields.texts("scopes")
    return TokenDocument(
        kind=kind,
        token=token,
        customer=fields.text("customer"),
        member=fields.text("member"),
        scopes=None if scopes is None else frozenset(scopes),
        expires_in_seconds=fields.number("expires_in_seconds"),
    )


def _subscription(fields: Fields) -> SubscriptionDocument:
    return SubscriptionDocument(
        id=fields.uuid("id"),
        customer=fields.text_or("customer", ""),
        product=fields.text_or("product", ""),
        status=fields.choice("status", SubscriptionStatus) or SubscriptionStatus.ACTIVE,
        started_at=fields.time("started_at"),
    )


def _endpoint(fields: Fields) -> EndpointDocument:
    url = fields.text_or("url", "")
    if not url.startswith(("http://", "https://")):
        fields.complain("url", f"is {shortened(url)}; it has to start with http:// or https://")
    return EndpointDocument(
        id=fields.uuid("id"),
        url=url,
        name=fields.text("name"),
        format=fields.choice("format", WebhookFormat) or WebhookFormat.RAW,
        events=fields.texts("events") or (),
        secret=fields.text("secret"),
        enabled=fields.flag("enabled", default=True),
    )


def _find_dangling(document: WorldDocument, problems: Problems) -> None:
    """References to customers, products, members and subscriptions that the document does not have."""

    def require(path: str, key: str | None, among: Mapping[str, object], *, needed: bool = False) -> None:
        if key in among or (key is None and not needed):
            return
        if problems.room:
            possible = some_of(among) or "none in this document"
            problems.add(path, f"is {shortened(key)}; it has to be one of: {possible}")
        else:
            problems.skip(1)

    for name, order in document.orders.items():
        require(f"orders.{cut(name)}.customer", order.customer, document.customers, needed=not document.customers)
        require(f"orders.{cut(name)}.product", order.product, document.products)
        require(f"orders.{cut(name)}.subscription", order.subscription, document.subscriptions)
    for name, subscription in document.subscriptions.items():
        require(f"subscriptions.{cut(name)}.customer", subscription.customer, document.customers, needed=True)
        require(f"subscriptions.{cut(name)}.product", subscription.product, document.products, needed=True)
    for name, token in document.tokens.items():
        needs_customer = token.kind is not CredentialKind.ACCESS_TOKEN
        require(f"tokens.{cut(name)}.customer", token.customer, document.customers, needed=needs_customer)
        if token.customer in document.customers:
            members = document.customers[token.customer or ""].members
            is_member = token.kind is CredentialKind.MEMBER_SESSION
            require(f"tokens.{cut(name)}.member", token.member, members, needed=is_member)
