"""From a world document to what a world starts from: every default filled in, every name given its id or token."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from mock_server.documents.identities import Identities
from mock_server.documents.orders import found_order
from mock_server.documents.schema import (
    CustomerDocument,
    EndpointDocument,
    OrganizationDocument,
    ProductDocument,
    SubscriptionDocument,
    TokenDocument,
    WorldDocument,
)
from mock_server.domain.customers import Customer, Member
from mock_server.domain.ids import IdSource
from mock_server.domain.organizations import Organization
from mock_server.domain.products import Benefit, Price, Product, RecurringInterval
from mock_server.domain.sessions import (
    ORGANIZATION_SCOPES,
    SESSION_LIFETIME,
    SESSION_SCOPES,
    TOKEN_PREFIXES,
    WEBHOOK_SECRET_PREFIX,
    Credential,
    CredentialKind,
)
from mock_server.domain.subscriptions import Subscription
from mock_server.domain.webhooks import WebhookEndpoint
from mock_server.domain.worlds import Founding
from mock_server.store.tables import Entity, Tables

_PERIODS = {
    RecurringInterval.DAY: timedelta(days=1),
    RecurringInterval.WEEK: timedelta(weeks=1),
    RecurringInterval.MONTH: timedelta(days=30),
    RecurringInterval.YEAR: timedelta(days=365),
}


def found_world(
    document: WorldDocument, *, ids: IdSource, now: datetime, is_taken: Callable[[str], bool], revision: str
) -> Founding:
    """What the document's world starts from. `revision`: the server's own, for a document that names none.

    Errors: NameTaken for an id or a token that is in use; DocumentInvalid for a name that leads nowhere.
    """
    return _Foundry(document, Identities(ids, is_taken), now).found(revision)


class _Foundry:
    """Fills one world's tables in the order in which its parts need one another."""

    def __init__(self, document: WorldDocument, identities: Identities, now: datetime) -> None:
        self.document = document
        self.identities = identities
        self.now = now
        self.names: dict[str, str] = {}
        self.tokens: dict[str, str] = {}
        self.tables = Tables(self._organization(document.organization))

    def found(self, revision: str) -> Founding:
        document = self.document
        for key, product in document.products.items():
            self._keep(self._product(key, product))
        for key, customer in document.customers.items():
            self._keep(self._customer(key, customer))
        self._name_members()
        for key, subscription in document.subscriptions.items():
            self._keep(self._subscription(key, subscription))
        self._found_orders()
        for key, endpoint in document.webhook_endpoints.items():
            self._keep(self._endpoint(key, endpoint))
        for key, token in document.tokens.items():
            self._keep(self._credential(key, token))
        return self._founding(document.revision or revision)

    def _keep(self, entity: Entity) -> None:
        self.tables = self.tables.having(entity)

    def _founding(self, revision: str) -> Founding:
        tables = self.tables
        return Founding(
            revision=revision,
            founded_at=self.now,
            organization=tables.organization,
            products=tuple(tables.products.values()),
            customers=tuple(tables.customers.values()),
            subscriptions=tuple(tables.subscriptions.values()),
            orders=tuple(tables.orders.values()),
            credentials=tuple(tables.credentials.values()),
            endpoints=tuple(tables.endpoints.values()),
            invoice_policy=self.document.invoices,
            rate_limit=self.document.rate_limit,
            ids=self.names,
            tokens=self.tokens,
        )

    def _name(self, kind: str, key: str, wanted: str | None, path: str) -> str:
        self.names[f"{kind}:{key}"] = id_ = self.identities.id(wanted, path)
        return id_

    def _organization(self, organization: OrganizationDocument) -> Organization:
        return Organization(
            id=self._name("organization", organization.slug, organization.id, "organization.id"),
            created_at=organization.created_at or self.now,
            modified_at=None,
            slug=organization.slug,
            name=organization.name,
            invoice_prefix=organization.invoice_prefix or organization.slug.upper(),
            email=organization.email,
            website=organization.website,
            member_model=organization.member_model,
            member_sessions=organization.member_sessions,
        )

    def _product(self, key: str, product: ProductDocument) -> Product:
        path = f"products.{key}"
        created_at = product.created_at or self.now
        price_id = self._name("price", key, product.price_id, f"{path}.price_id")
        benefits = tuple(
            Benefit(self.identities.id(benefit.id, f"{path}.benefits.{i}.id"), created_at, benefit.description)
            for i, benefit in enumerate(product.benefits)
        )
        self.names.update({f"benefit:{key}": benefit.id for benefit in benefits[:1]})
        return Product(
            id=self._name("product", key, product.id, f"{path}.id"),
            created_at=created_at,
            modified_at=None,
            name=product.name,
            description=product.description,
            recurring_interval=product.recurring_interval,
            price=Price(price_id, created_at, product.price_amount, product.currency),
            benefits=benefits,
        )

    def _customer(self, key: str, customer: CustomerDocument) -> Customer:
        path = f"customers.{key}"
        customer_id = self._name("customer", key, customer.id, f"{path}.id")
        created_at = customer.created_at or self.now
        return Customer(
            id=customer_id,
            created_at=created_at,
            modified_at=None,
            type=customer.type,
            email=customer.email,
            name=customer.name,
            external_id=customer.external_id,
            billing_address=customer.billing_address,
            members=tuple(
                Member(
                    id=self.identities.id(member.id, f"{path}.members.{name}.id"),
                    created_at=created_at,
                    customer_id=customer_id,
                    email=member.email,
                    name=member.name,
                    external_id=member.external_id,
                    role=member.role,
                )
                for name, member in customer.members.items()
            ),
        )

    def _name_members(self) -> None:
        """`member:KEY`, or `member:CUSTOMER.KEY` where a key occurs twice."""
        keys = [key for customer in self.document.customers.values() for key in customer.members]
        for customer_key, customer in self.document.customers.items():
            members = self.tables.customers[self.names[f"customer:{customer_key}"]].members
            for key, member in zip(customer.members, members, strict=True):
                name = key if keys.count(key) == 1 else f"{customer_key}.{key}"
                self.names[f"member:{name}"] = member.id

    def _subscription(self, key: str, subscription: SubscriptionDocument) -> Subscription:
        product = self.tables.products[self.names[f"product:{subscription.product}"]]
        started_at = subscription.started_at or self.now
        interval = product.recurring_interval or RecurringInterval.MONTH
        return Subscription(
            id=self._name("subscription", key, subscription.id, f"subscriptions.{key}.id"),
            created_at=started_at,
            modified_at=None,
            customer_id=self.names[f"customer:{subscription.customer}"],
            product_id=product.id,
            price_id=product.price.id,
            status=subscription.status,
            amount_cents=product.price.amount_cents or 0,
            currency=product.price.currency,
            recurring_interval=interval,
            current_period_start=started_at,
            current_period_end=started_at + _PERIODS[interval],
            started_at=started_at,
        )

    def _found_orders(self) -> None:
        """Orders without a time of their own are minutes apart, the last one newest."""
        documents = self.document.orders
        for index, (key, document) in enumerate(documents.items()):
            path = f"orders.{key}"
            placed = replace(
                document,
                id=self._name("order", key, document.id, f"{path}.id"),
                item_id=self._name("item", key, document.item_id, f"{path}.item_id"),
                created_at=document.created_at or self.now - timedelta(minutes=len(documents) - index),
            )
            order = found_order(placed, key, tables=self.tables, names=self.names, ids=self.identities, now=self.now)
            self._keep(order)

    def _endpoint(self, key: str, endpoint: EndpointDocument) -> WebhookEndpoint:
        return WebhookEndpoint(
            id=self._name("endpoint", key, endpoint.id, f"webhook_endpoints.{key}.id"),
            created_at=self.now,
            modified_at=None,
            url=endpoint.url,
            name=endpoint.name,
            format=endpoint.format,
            secret=endpoint.secret or self.identities.new_token(WEBHOOK_SECRET_PREFIX),
            events=endpoint.events,
            enabled=endpoint.enabled,
        )

    def _credential(self, key: str, token: TokenDocument) -> Credential:
        customer = self.tables.customers[self.names[f"customer:{token.customer}"]] if token.customer else None
        member_id = None
        if customer is not None and token.kind is CredentialKind.MEMBER_SESSION:
            keys = list(self.document.customers[token.customer or ""].members)
            member_id = customer.members[keys.index(token.member or "")].id
        text = self.identities.token(token.token, TOKEN_PREFIXES[token.kind], f"tokens.{key}.token")
        self.tokens[key] = text
        return Credential(
            id=self.identities.new_id(),
            token=text,
            kind=token.kind,
            created_at=self.now,
            scopes=_scopes(token),
            expires_at=_expiry(token, self.now),
            customer_id=customer.id if customer and token.kind is not CredentialKind.ACCESS_TOKEN else None,
            member_id=member_id,
        )


def _scopes(token: TokenDocument) -> frozenset[str]:
    if token.scopes is not None:
        return token.scopes
    return ORGANIZATION_SCOPES if token.kind is CredentialKind.ACCESS_TOKEN else SESSION_SCOPES


def _expiry(token: TokenDocument, now: datetime) -> datetime | None:
    """Sessions last an hour when nothing is said; an organization's token does not expire."""
    if token.expires_in_seconds is not None:
        return now + timedelta(seconds=token.expires_in_seconds)
    return None if token.kind is CredentialKind.ACCESS_TOKEN else now + SESSION_LIFETIME
