"""The state of one world: dictionaries of frozen entities, and the transaction that changes them.

Readers take no lock: they see whole entities, and every commit replaces entities whole. Writers hold the world's lock
and stage their changes; nothing shows before the block ends well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import RLock

from mock_server.domain.clocks import WorldClock
from mock_server.domain.customers import Customer
from mock_server.domain.jobs import Job
from mock_server.domain.limits import RateLimit, Window
from mock_server.domain.orders import Order
from mock_server.domain.organizations import Organization
from mock_server.domain.policies import InvoicePolicy
from mock_server.domain.products import Product
from mock_server.domain.sessions import Credential
from mock_server.domain.subscriptions import Subscription
from mock_server.domain.webhooks import WebhookDelivery, WebhookEndpoint, WebhookEvent
from mock_server.domain.worlds import Founding

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
    | Job
)


@dataclass(slots=True)
class Tables:
    """Every entity of a world by its id, in the order of creation; credentials by their token."""

    organization: Organization
    products: dict[str, Product] = field(default_factory=dict)
    customers: dict[str, Customer] = field(default_factory=dict)
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    credentials: dict[str, Credential] = field(default_factory=dict)
    endpoints: dict[str, WebhookEndpoint] = field(default_factory=dict)
    events: dict[str, WebhookEvent] = field(default_factory=dict)
    deliveries: dict[str, WebhookDelivery] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)

    def put(self, entity: Entity) -> None:
        match entity:
            case Organization():
                self.organization = entity
            case Product():
                self.products[entity.id] = entity
            case Customer():
                self.customers[entity.id] = entity
            case Subscription():
                self.subscriptions[entity.id] = entity
            case Order():
                self.orders[entity.id] = entity
            case Credential():
                self.credentials[entity.token] = entity
            case WebhookEndpoint():
                self.endpoints[entity.id] = entity
            case WebhookEvent():
                self.events[entity.id] = entity
            case WebhookDelivery():
                self.deliveries[entity.id] = entity
            case Job():
                self.jobs[entity.id] = entity


class Transaction:
    """Changes that are staged while the world's lock is held; reads go to the committed tables."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.staged: list[Entity] = []
        self.finished_jobs: list[str] = []

    def put(self, *entities: Entity) -> None:
        self.staged.extend(entities)

    def finish(self, job: Job) -> None:
        self.finished_jobs.append(job.id)


class World:
    """One world: its tables, its clock, and the only door to changing it."""

    def __init__(
        self, world_id: str, founding: Founding, clock: WorldClock, *, on_jobs: Callable[[], None] = lambda: None
    ) -> None:
        self.id = world_id
        self._on_jobs = on_jobs
        self.founding = founding
        self.clock = clock
        self.policies = founding.policies
        self.ids: Mapping[str, str] = dict(founding.ids)
        """Names to ids; replaced whole when one is added, so that readers need no lock. `tokens` likewise."""
        self.tokens: Mapping[str, str] = dict(founding.tokens)
        self.tables = found_tables(founding)
        self.lock = RLock()
        self.windows: dict[str, Window] = {}
        """Requests counted against the rate limit, by subject; no part of the tables, for no answer shows them."""
        self._lanes: dict[str, RLock] = {}
        self.rendered: dict[tuple[str, str], tuple[tuple[object, ...], bytes]] = {}
        """Memo of the views floor: answers already written, each with the entities that it was written from."""

    @property
    def revision(self) -> str:
        return self.founding.revision

    @property
    def invoice_policy(self) -> InvoicePolicy:
        return self.policies.invoices

    @property
    def rate_limit(self) -> RateLimit | None:
        return self.policies.rate_limit

    def lane(self, name: str) -> RLock:
        """The lock of a lane of jobs: whoever runs one of them holds it, while the world itself stays open."""
        with self.lock:
            return self._lanes.setdefault(name, RLock())

    @contextmanager
    def changing(self) -> Iterator[Transaction]:
        """Change the world: all of it when the block ends well, nothing of it when it raises. Tells of new jobs afterwards."""
        with self.lock:
            transaction = Transaction(self.tables)
            yield transaction
            for entity in transaction.staged:
                self.tables.put(entity)
            for job_id in transaction.finished_jobs:
                self.tables.jobs.pop(job_id, None)
        # Whoever runs jobs sleeps until the next one that it knows of.
        if any(isinstance(entity, Job) for entity in transaction.staged):
            self._on_jobs()


def found_tables(founding: Founding) -> Tables:
    tables = Tables(founding.organization)
    groups: tuple[Iterable[Entity], ...] = (
        founding.products,
        founding.customers,
        founding.subscriptions,
        founding.orders,
        founding.credentials,
        founding.endpoints,
    )
    for group in groups:
        for entity in group:
            tables.put(entity)
    return tables
