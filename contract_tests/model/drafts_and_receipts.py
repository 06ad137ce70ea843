"""What the operations show and change whose effect depends on a revision's rules: invoices, receipts and draft orders. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from contract_tests.model.addresses import stored_address
from contract_tests.model.outcomes import REFUSED
from contract_tests.model.prediction import Prediction
from contract_tests.model.state import Order, State, order_name, shown_order
from contract_tests.model.steps import Ask
from polar_contract.behaviour import Behaviour, Refusal
from polar_contract.json_types import JsonObject, as_object

# The model's world makes an invoice or a receipt this long after the request.
RENDERING_SECONDS = 3.0
# Less than this is not charged, and counts as paid. Source: polar's order service, August 2026.
LEAST_CHARGED = 50
_ANY_NUMBER = "a number"
# What the world of the model says of its customers.
_BILLING_NAMES: Mapping[str, str] = {"customer:main": "Ada Example", "customer:other": "Bob Example"}
_BILLING_ADDRESSES: Mapping[str, JsonObject] = {
    "customer:main": stored_address(
        {"line1": "1 Main Street", "city": "New York", "state": "US-NY", "postal_code": "10001", "country": "US"}
    ),
    "customer:other": stored_address({"line1": "2 Rue Neuve", "city": "Lyon", "postal_code": "69001", "country": "FR"}),
}


def paid(order: Order, *, has_receipt: bool) -> Order:
    """The order after its payment; it gets the number of a receipt where orders have one."""
    number = order.receipt_number or (_ANY_NUMBER if has_receipt else None)
    return replace(order, status="paid", payment={"status": "succeeded", "error": None}, receipt_number=number)


def _request_invoice(ask: Ask, state: State, rules: Behaviour) -> Prediction:
    order = _order(ask, state)
    reissue = rules.invoice.reissue
    is_answered = order.is_issued or bool(order.invoices_due)
    if reissue == "render_if_billing_changed":
        is_answered = order.issued == order.billing
    if is_answered and reissue != "render":
        return Prediction(state, 202)
    due = (*order.invoices_due, state.now + RENDERING_SECONDS)
    return Prediction(state.with_order(replace(order, invoices_due=due)), 202)


def _read_receipt(ask: Ask, state: State, _: Behaviour) -> Prediction:
    """The first request starts its making; the oracle has refused orders without a receipt."""
    order = _order(ask, state)
    if order.is_receipt_ready:
        return Prediction(state, 200)
    if order.receipt_due is None:
        state = state.with_order(replace(order, receipt_due=state.now + RENDERING_SECONDS))
    return Prediction(state, 202)


def _make_draft(ask: Ask, state: State, _: Behaviour) -> Prediction:
    body = as_object(ask.body)
    customer, product = (str(body[name]).strip("{}") for name in ("customer_id", "product_id"))
    for name, exists in (("customer", customer in state.customers), ("product", product in state.products)):
        if not exists:
            item: JsonObject = {"loc": ["body", f"{name}_id"], "msg": f"{name.capitalize()} does not exist."}
            return Prediction(state, REFUSED.status, REFUSED.error, {"detail": [item]})
    amount = body.get("amount")
    draft = Order(
        name=ask.names,
        customer=customer,
        status="draft",
        amount=amount if isinstance(amount, int) else state.products[product].price,
        # Later than all orders of the control API, whose times are in the past.
        created_at=f"9999 {state.now:020.3f}",
        product=product,
        billing_name=_BILLING_NAMES[customer],
        billing_address=_BILLING_ADDRESSES[customer],
        made_at=state.now,
    )
    return Prediction(state.with_order(draft), 201, shows={**shown_order(draft), "invoice_number": None})


def _finalize(ask: Ask, state: State, rules: Behaviour) -> Prediction:
    """The charge decides; the oracle has refused every order that is no draft. A draft that is not paid stays one."""
    order, error = _order(ask, state), rules.error
    if state.charge == "fails" and order.amount >= LEAST_CHARGED:
        return _not_charged(order, state, error.payment_failed)
    if state.charge == "requires_action" and order.amount >= LEAST_CHARGED:
        return _not_charged(order, state, error.payment_action_required)
    after = paid(order, has_receipt=rules.order.are_receipts_numbered)
    return Prediction(state.with_order(after), 200, shows=shown_order(after))


def _not_charged(order: Order, state: State, refusal: Refusal) -> Prediction:
    detail = refusal.detail.format(order_id=f"{{{order.name}}}")
    return Prediction(state, refusal.status, refusal.error, {"detail": detail})


def _order(ask: Ask, state: State) -> Order:
    return state.orders[order_name(ask.on)]


Effect = Callable[[Ask, State, Behaviour], Prediction]
EFFECTS_BY_RULES: Mapping[str, Effect] = {
    "orders:generate_invoice": _request_invoice,
    "orders:receipt": _read_receipt,
    "orders:create": _make_draft,
    "orders:finalize": _finalize,
}
