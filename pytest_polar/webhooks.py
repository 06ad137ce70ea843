"""A receiver of webhooks on loopback: checks each signature, and lets a test wait for an event."""

from __future__ import annotations

import difflib
import json
import re
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread
from typing import Any

from pytest_polar.signatures import Scheme, SignatureWrong, check

# A failed test's traceback ends in the test.
__tracebackhide__ = True

NAME = "pytest"
"""The receiver's name among the webhook endpoints of the world."""
# Every type that the mock knows; a test of its own compares the two.
EVENTS = (
    *("checkout.created", "checkout.updated", "checkout.expired"),
    *("customer.created", "customer.updated", "customer.deleted", "customer.state_changed"),
    *("customer_seat.assigned", "customer_seat.claimed", "customer_seat.revoked"),
    *("member.created", "member.updated", "member.deleted"),
    *("order.created", "order.updated", "order.paid", "order.refunded"),
    *("subscription.created", "subscription.updated", "subscription.active", "subscription.canceled"),
    *("subscription.uncanceled", "subscription.revoked", "subscription.past_due"),
    *("refund.created", "refund.updated", "product.created", "product.updated", "benefit.created", "benefit.updated"),
    *("benefit_grant.created", "benefit_grant.cycled", "benefit_grant.updated", "benefit_grant.revoked"),
    "organization.updated",
    *("discount.created", "discount.updated", "discount.deleted"),
    *("subscription.cycled", "subscription.paused", "subscription.resumed", "subscription.migrated"),
)
# The ids of all objects are UUIDs.
_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_LARGEST_BODY_BYTES = 16 * 1024 * 1024
_MOST_LISTED = 20
_MOST_NEAREST = 3
_REFUSED = 403
_LOWEST_STATUS, _HIGHEST_STATUS = 200, 599


@dataclass(frozen=True, slots=True)
class Webhook:
    """One request that was received, with a right signature."""

    id: str
    type: str
    data: Any
    """The object that the event is about, such as an order."""
    payload: Any
    headers: Mapping[str, str]
    """With names in lower case."""
    body: bytes
    scheme: Scheme
    status: int
    """What the receiver answered."""

    @property
    def order_id(self) -> str:
        """The id of the order that it is about; of another object its own id."""
        data = self.data if isinstance(self.data, dict) else {}
        return str(data.get("order_id") or data.get("id") or "")


@dataclass(slots=True)
class Webhooks:
    """The webhooks that this test's world sends to it."""

    url: str
    secret: str = field(default="", repr=False)
    ids: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The world's, for orders by name."""
    run_due: Callable[[], Any] = field(default=lambda: None, repr=False)
    """Sends what is due, for a world whose clock stands."""
    received: list[Webhook] = field(default_factory=list, repr=False)
    """All of them, in the order in which they arrived."""
    refused: list[str] = field(default_factory=list)
    """For each request with a wrong signature, what is wrong with it."""
    has_reported: bool = field(default=False, repr=False)
    """Whether the test has failed for a wrong signature."""
    _answers: deque[int] = field(default_factory=deque, repr=False)
    _waited_for: set[int] = field(default_factory=set, repr=False)
    _arrived: Condition = field(default_factory=Condition, repr=False)

    def answer_with(self, *statuses: int) -> None:
        """Answer the next webhooks with these statuses, and then with 200 again; 500 makes the mock try again. Errors: ValueError."""
        for status in statuses:
            if type(status) is not int or not _LOWEST_STATUS <= status <= _HIGHEST_STATUS:
                raise ValueError(
                    f"answer_with({status!r}): a status is a whole number from {_LOWEST_STATUS} to {_HIGHEST_STATUS}"
                )
        with self._arrived:
            self._answers.extend(statuses)

    def wait_for(self, type: str, order: str | None = None, timeout: float = 5.0) -> Webhook:
        """The next webhook of this type that no earlier call has returned, for the order with this name or id.

        Errors: AssertionError after `timeout` seconds, with what did arrive; also for a webhook with a wrong signature. ValueError at
        once for a type or an order that does not exist.
        """
        self._require_known(type, order)
        self.run_due()
        order_id = None if order is None else self.ids.get(f"order:{order}", order)
        deadline = time.monotonic() + timeout
        with self._arrived:
            while True:
                self.require_right_signatures()
                for number, one in enumerate(self.received):
                    if number not in self._waited_for and one.type == type and order_id in (None, one.order_id):
                        self._waited_for.add(number)
                        return one
                left = deadline - time.monotonic()
                if left <= 0 or not self._arrived.wait(left):
                    raise AssertionError(self._missing(type, order, timeout))

    def _require_known(self, type: str, order: str | None) -> None:
        """Errors: ValueError with the nearest names, or all."""
        if type not in EVENTS:
            raise ValueError(f"there is no event {type!r}; {_nearest(type, EVENTS)}")
        orders = [name.removeprefix("order:") for name in self.ids if name.startswith("order:")]
        if order is not None and order not in orders and not _ID.fullmatch(order):
            raise ValueError(f"the world has no order {order!r}; {_nearest(order, orders)}; an id is possible, too")

    def require_right_signatures(self) -> None:
        """Errors: AssertionError."""
        if self.refused:
            self.has_reported = True
            raise AssertionError(f"a webhook with a wrong signature arrived: {self.refused[0]}")

    def take(self, headers: Mapping[str, str], body: bytes) -> int:
        """Keep a request; returns the status to answer with."""
        with self._arrived:
            try:
                scheme = check(self.secret, headers, body, now=time.time())
                payload = json.loads(body)
                status = self._answers.popleft() if self._answers else 200
                self.received.append(
                    Webhook(
                        *(headers["webhook-id"], str(payload.get("type")), payload.get("data"), payload),
                        *(headers, body, scheme, status),
                    )
                )
            except (SignatureWrong, ValueError, AttributeError) as error:
                self.refused.append(str(error))
                status = _REFUSED
            self._arrived.notify_all()
            return status

    def _missing(self, type: str, order: str | None, timeout: float) -> str:
        about = "" if order is None else f" for the order {order}"
        arrived = [f"{one.type} {one.order_id}".rstrip() for one in self.received[-_MOST_LISTED:]]
        return (
            f"no {type}{about} arrived within {timeout:g} seconds; arrived: {', '.join(arrived) or 'nothing'}. "
            "polar_world.settle() runs what is scheduled for later, retries included"
        )


def _nearest(wanted: str, names: Sequence[str]) -> str:
    close = difflib.get_close_matches(wanted, names, _MOST_NEAREST)
    return f"did you mean {' or '.join(close)}?" if close else f"possible are: {', '.join(names) or 'none'}"


def with_endpoint(document: Mapping[str, Any], url: str) -> dict[str, Any]:
    """The document of a world that sends all of its events to this URL as well."""
    endpoint = {"url": url, "events": list(EVENTS)}
    return {**document, "webhook_endpoints": {**(document.get("webhook_endpoints") or {}), NAME: endpoint}}


@contextmanager
def receiver() -> Iterator[Webhooks]:
    """A receiver on a free port of loopback."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.webhooks = Webhooks(f"http://127.0.0.1:{server.server_port}/webhooks")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="webhooks", daemon=True)
    thread.start()
    try:
        yield server.webhooks
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    webhooks: Webhooks


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        length = min(int(self.headers.get("Content-Length") or 0), _LARGEST_BODY_BYTES)
        headers = {name.lower(): value for name, value in self.headers.items()}
        status = self.server.webhooks.take(headers, self.rfile.read(length))
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""
