"""Checks the body of an order against the request and against what was shown before. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from contract_tests.checks.findings import Problem
from contract_tests.checks.rules import Rule
from contract_tests.model.addresses import stored_billing
from contract_tests.model.known import KnownOrder
from contract_tests.model.observe import shown_orders
from contract_tests.model.observed_state import ObservedState
from contract_tests.transport import request_reader
from contract_tests.transport.exchanges import Exchange
from polar_contract.json_types import JsonObject, as_object
from polar_contract.operations import Operation

# No operation of the contract changes these.
_LASTING = (
    *("id", "created_at", "currency", "billing_reason", "customer_id", "product_id", "discount_id", "subscription_id"),
    *(
        "checkout_id",
        "subtotal_amount",
        "discount_amount",
        "net_amount",
        "tax_amount",
        "total_amount",
    ),
    *("description", "applied_balance_amount", "metadata"),
)
_BILLING = ("billing_name", "billing_address")


def order_problems(exchange: Exchange, operation: Operation, observed_state: ObservedState) -> Iterator[Problem]:
    """Everything that is wrong with the orders in a successful answer."""
    is_update = operation.id.endswith(":update")
    token = observed_state.token(request_reader.bearer(exchange) or "")
    for body in shown_orders(exchange, operation):
        if operation.is_portal and token is not None and token.customer_id not in (None, body.get("customer_id")):
            rule = Rule.OWN_ORDERS
            yield rule, f"customer_id {token.customer_id}", f"{body.get('customer_id')}"
        known = observed_state.orders.get(str(body["id"]))
        if known is not None:
            yield from _contradictions(body, known, may_change_billing=is_update or observed_state.is_shared)
            if (
                observed_state.is_complete
                and not operation.id.endswith(":finalize")
                and known.is_paid is not None
                and known.seen.get("status") != body.get("status")
            ):
                yield Rule.ORDER_STABLE, f"status {known.seen.get('status')}", f"{body.get('status')}"
    if operation.is_about_order and operation.id.rpartition(":")[2] in ("get", "update", "finalize"):
        yield from _misses_request(exchange, operation)


def _contradictions(body: JsonObject, known: KnownOrder, *, may_change_billing: bool) -> Iterator[Problem]:
    """Values that differ from what was shown before, though they can't have changed."""
    fields = _LASTING if may_change_billing else (*_LASTING, *_BILLING)
    for name in fields:
        before, now = known.seen.get(name), body.get(name)
        if name in known.seen and name in body and before is not None and before != now:
            yield Rule.ORDER_STABLE, f"{name} is {before!r}, as before", f"{name} is {now!r}"
    number = known.seen.get("invoice_number")
    if number is not None and body.get("invoice_number") not in (None, number):
        yield (
            Rule.NUMBERED,
            f"invoice_number is {number!r}, as before",
            f"invoice_number is {body.get('invoice_number')!r}",
        )
    if known.is_paid and body.get("paid") is False:
        yield Rule.ORDER_STAYS_PAID, "paid is true, as before", "paid is false"
    if known.is_invoiced and body.get("is_invoice_generated") is False:
        yield Rule.STAYS, "is_invoice_generated is true", "is_invoice_generated is false"


def _misses_request(exchange: Exchange, operation: Operation) -> Iterator[Problem]:
    """A wrong order, or after an update billing details that are not the ones that were sent."""
    try:
        shown = as_object(exchange.json())
    except ValueError:
        return
    wanted = request_reader.canonical_id(exchange, operation)
    if wanted is not None and shown.get("id") != wanted:
        yield Rule.ORDER_ASKED_FOR, f"id is {wanted}", f"id is {shown.get('id')}"
    sent = request_reader.body(exchange).value
    if not operation.id.endswith(":update") or not isinstance(sent, dict):
        return
    for name, expected in stored_billing(sent).items():
        if shown.get(name) != expected:
            yield Rule.CHANGE_SHOWN, f"{name} is {expected!r}", f"{name} is {shown.get(name)!r}"
