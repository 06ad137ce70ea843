"""Build a world seed from a world document: apply every default, and give every name its id or token."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from mock_server.documents.customers import build_customer
from mock_server.documents.discounts import Discounts
from mock_server.documents.endpoints import build_endpoint
from mock_server.documents.errors import DocumentInvalid, Problems, cut
from mock_server.documents.identities import Identities
from mock_server.documents.order_seeding import Surroundings, build_order, order_names
from mock_server.documents.products import build_product, product_names
from mock_server.documents.schema import OrganizationDocument, WorldDocument
from mock_server.documents.subscriptions import build_subscription
from mock_server.documents.tokens import build_token
from mock_server.domain.cancellation import Cancellation
from mock_server.domain.orders import Order
from mock_server.domain.organizations import Organization
from mock_server.domain.policies import VersionPolicy
from mock_server.domain.worlds import WorldSeed
from mock_server.store.tables import Entity, Tables
from polar_contract.behaviour import Behaviour


def build_world(
    document: WorldDocument,
    *,
    identities: Identities,
    now: datetime,
    revision: str,
    versions: VersionPolicy,
    behaviour: Behaviour,
    cancellation: Cancellation,
) -> WorldSeed:
    """The world seed of a document. `behaviour`: of the current one of these versions.

    Errors: NameTaken for an id or a token that is in use; DocumentInvalid for orders whose amounts don't fit;
            Cancelled, while orders are made.
    """
    return _WorldBuilder(document, identities, now, versions, behaviour, cancellation).found(revision)


class _WorldBuilder:
    """Fills one world's tables in order of dependency."""

    def __init__(
        self,
        document: WorldDocument,
        identities: Identities,
        now: datetime,
        versions: VersionPolicy,
        behaviour: Behaviour,
        cancellation: Cancellation,
    ) -> None:
        self.document = document
        self.identities = identities
        self.now = now
        self.versions = versions
        self.behaviour = behaviour
        self.cancellation = cancellation
        self.names: dict[str, str] = {}
        self.tokens: dict[str, str] = {}
        self.tables = Tables(self._organization(document.organization))
        self.orders: list[Order] = []
        """In no table: nothing else in the document refers to an order, and a table of them is sorted."""

    def found(self, revision: str) -> WorldSeed:
        self._build_products()
        self._build_customers()
        self._build_subscriptions()
        self._build_orders()
        self._build_endpoints()
        self._build_tokens()
        return self._world_seed(revision)

    def _keep(self, entities: Iterable[Entity]) -> None:
        """All of a kind at once: a table for each of them would take a step for each of those before it."""
        self.tables = self.tables.having(*entities)

    def _world_seed(self, revision: str) -> WorldSeed:
        tables = self.tables
        return WorldSeed(
            revision=revision,
            seeded_at=self.now,
            organization=tables.organization,
            products=tuple(tables.products.values()),
            customers=tuple(tables.customers.values()),
            subscriptions=tuple(tables.subscriptions.values()),
            orders=tuple(self.orders),
            credentials=tuple(tables.credentials.values()),
            endpoints=tuple(tables.endpoints.values()),
            policies=self.document.policies.completed(self.behaviour.invoice, self.versions),
            ids=self.names,
            tokens=self.tokens,
            identities=self.identities.by_path,
        )

    def _organization(self, organization: OrganizationDocument) -> Organization:
        id_ = self.identities.id(organization.id, "organization.id")
        self.names[f"organization:{organization.slug}"] = id_
        return Organization(
            id=id_,
            created_at=organization.created_at or self.now,
            modified_at=None,
            slug=organization.slug,
            name=organization.name,
            invoice_prefix=organization.invoice_prefix or organization.slug.upper(),
            email=organization.email,
            website=organization.website,
            member_model=organization.member_model,
            member_sessions=organization.member_sessions,
            off_session_charges=organization.off_session_charges,
            ready_for_payments=organization.ready_for_payments,
        )

    def _build_products(self) -> None:
        products: list[Entity] = []
        for key, document in self.document.products.items():
            product = build_product(
                document,
                path=f"products.{cut(key)}.",
                identities=self.identities,
                price_types=self.behaviour.product.price_types,
                now=self.now,
            )
            products.append(product)
            self.names |= product_names(key, product)
        self._keep(products)

    def _build_customers(self) -> None:
        customers: list[Entity] = []
        for key, document in self.document.customers.items():
            customer = build_customer(document, path=f"customers.{cut(key)}.", identities=self.identities, now=self.now)
            customers.append(customer)
            self.names[f"customer:{key}"] = customer.id
        self._keep(customers)
        self._name_members()

    def _name_members(self) -> None:
        """`member:KEY`, or `member:CUSTOMER.KEY` if the key occurs twice."""
        count = Counter(key for customer in self.document.customers.values() for key in customer.members)
        for customer_key, customer in self.document.customers.items():
            members = self.tables.customers[self.names[f"customer:{customer_key}"]].members
            for key, member in zip(customer.members, members, strict=True):
                name = key if count[key] == 1 else f"{customer_key}.{key}"
                self.names[f"member:{name}"] = member.id

    def _build_subscriptions(self) -> None:
        subscriptions: list[Entity] = []
        for key, document in self.document.subscriptions.items():
            subscription = build_subscription(
                document,
                path=f"subscriptions.{cut(key)}.",
                tables=self.tables,
                ids=self.names,
                identities=self.identities,
                now=self.now,
            )
            subscriptions.append(subscription)
            self.names[f"subscription:{key}"] = subscription.id
        self._keep(subscriptions)

    def _build_orders(self) -> None:
        """Orders without a time of their own get times one minute apart, the last one newest. Errors: DocumentInvalid with all problems."""
        documents = self.document.orders
        invoice_counts: Counter[str] = Counter()
        world = Surroundings(
            self.tables, invoice_counts, self.names, self.identities, Discounts(), self.behaviour.order, self.now
        )
        problems = Problems()
        for index, (key, document) in enumerate(documents.items()):
            self.cancellation.require_going_on()
            made_at = self.now - timedelta(minutes=len(documents) - index)
            try:
                order = build_order(document, key, world, path=f"orders.{cut(key)}.", made_at=made_at)
            except DocumentInvalid as error:
                problems.add_all(error)
                continue
            self.orders.append(order)
            invoice_counts[order.customer_id] += order.invoice_number is not None
            self.names |= order_names(key, order)
        problems.raise_if_any()

    def _build_endpoints(self) -> None:
        endpoints: list[Entity] = []
        for key, document in self.document.webhook_endpoints.items():
            path = f"webhook_endpoints.{cut(key)}."
            endpoint = build_endpoint(
                document,
                path=path,
                identities=self.identities,
                now=self.now,
                rules=self.behaviour.webhook,
                versions=self.versions,
            )
            endpoints.append(endpoint)
            self.names[f"endpoint:{key}"] = endpoint.id
        self._keep(endpoints)

    def _build_tokens(self) -> None:
        credentials: list[Entity] = []
        for key, document in self.document.tokens.items():
            credential = build_token(
                document,
                path=f"tokens.{cut(key)}.",
                tables=self.tables,
                ids=self.names,
                identities=self.identities,
                now=self.now,
                lifetime=self.document.policies.session_lifetime,
            )
            credentials.append(credential)
            self.tokens[key] = credential.token
        self._keep(credentials)
