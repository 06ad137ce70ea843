"""The promises that every SDK is checked for, by name, and when each holds. A client program that omits one has failed it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from polar_contract.json_types import as_object
from polar_contract.loading import RequestContract, load_requests
from sdk.releases import Target

PAGE_SAMPLE = "page: the contract's sample"
PROGRAM_END = "program: ended well"
REPORTED_BY_THE_RUNNER = (PAGE_SAMPLE, PROGRAM_END)

REQUIRED_CHECKS = (
    "list: every order",
    "list: filtered",
    "list: every page",
    "list: a void order",
    "get: an order and its product",
    "get: a renewal and its subscription",
    "get: a refunded order",
    "get: an order without product",
    "get: a free product",
    "get: a product by the unit",
    "get: the period of an item",
    "patch: what it names",
    "patch: null clears",
    "patch: nothing",
    "invoice: generated",
    "invoice: polled",
    "invoice: of an unpaid order",
    "invoice: downloaded",
    "receipt: asked for",
    "receipt: downloaded",
    "payment: status",
    "customer: own record",
    "session: introspected",
    "session: a member's",
    "session: a customer's, opened",
    "session: a member's, opened",
    "organization: lists",
    "organization: reads and patches",
    "organization: makes an invoice",
    "webhooks: an endpoint's life",
    "webhooks: deliveries listed",
    "webhooks: deliveries verified",
    "webhooks: forgeries refused",
    "webhooks: standardwebhooks",
    "webhooks: deliveries verified, newer secret",
    "webhooks: forgeries refused, newer secret",
    "webhooks: standardwebhooks, newer secret",
    "refused: unpaid",
    "refused: billing details missing",
    "refused: invoice of a draft",
    "refused: unpaid, for the organization",
    "refused: invoice of a stranger's order",
    "refused: unknown order",
    "refused: patch of a stranger's order",
    "refused: not generated yet",
    "refused: no id",
    "refused: another country",
    "refused: paying twice",
    "refused: receipt",
    "refused: wrong token",
    "refused: no token",
    "refused: expired session",
    "refused: wrong organization token",
    "refused: a plain member",
    "retired version: a list",
    "retired version: an order",
    "retired version: a session",
    "base URL: a slash at its end",
    PAGE_SAMPLE,
    PROGRAM_END,
)


@dataclass(frozen=True, slots=True)
class _On:
    """What decides whether a promise holds: the rules of the service, and what the SDK is."""

    requests: RequestContract
    target: Target


def _refuses_unpaid(on: _On) -> bool:
    return "pending" in on.requests.behaviour.invoice.refused_statuses


def _can_ask_for_a_version(on: _On) -> bool:
    return on.target.meeting.version is not None and on.requests.behaviour.request.version_header is not None


_HOLDS_WHERE: Mapping[str, Callable[[_On], bool]] = {
    "session: a member's, opened": lambda on: "/v1/member-sessions/" in as_object(on.requests.document["paths"]),
    PAGE_SAMPLE: lambda on: on.target.release.runs_page_sample,
    "get: a product by the unit": lambda on: "unit_based" in on.requests.behaviour.product.price_types,
    "get: the period of an item": lambda on: on.requests.behaviour.order.have_items_periods,
    "invoice: of an unpaid order": lambda on: not _refuses_unpaid(on),
    "receipt: asked for": lambda on: on.requests.behaviour.order.are_receipts_numbered,
    "receipt: downloaded": lambda on: on.requests.behaviour.order.are_receipts_numbered,
    "webhooks: deliveries verified, newer secret": lambda on: (
        on.requests.behaviour.webhook.standard_signing_since is not None
    ),
    "webhooks: forgeries refused, newer secret": lambda on: (
        on.requests.behaviour.webhook.standard_signing_since is not None
    ),
    "webhooks: standardwebhooks, newer secret": lambda on: (
        on.requests.behaviour.webhook.standard_signing_since is not None
    ),
    "refused: unpaid": _refuses_unpaid,
    "refused: invoice of a draft": lambda on: "draft" in on.requests.behaviour.order.statuses,
    "refused: unpaid, for the organization": _refuses_unpaid,
    "refused: receipt": lambda on: not on.requests.behaviour.order.are_receipts_numbered,
    "retired version: a list": lambda on: (
        on.target.meeting.version is not None and on.requests.behaviour.request.version_header is not None
    ),
    "retired version: an order": lambda on: (
        on.target.meeting.version is not None and on.requests.behaviour.request.version_header is not None
    ),
    "retired version: a session": lambda on: (
        on.target.meeting.version is not None and on.requests.behaviour.request.version_header is not None
    ),
}
"""A promise that is not here holds everywhere."""


def checks_for(target: Target) -> tuple[str, ...]:
    """The promises that hold for this target, in order."""
    on = _On(load_requests(target.meeting.revision), target)
    return tuple(name for name in REQUIRED_CHECKS if name not in _HOLDS_WHERE or _HOLDS_WHERE[name](on))
