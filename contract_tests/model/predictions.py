"""Predicts one step: the answer that the rules require, and the state afterwards. Pure.

The oracle (`outcomes`) says which answer a request gets; `operations` says what an accepted one shows and changes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from contract_tests.config.credentials import NOBODY
from contract_tests.model.addresses import changed_parts, stored_address
from contract_tests.model.drafts_and_receipts import EFFECTS_BY_RULES, paid
from contract_tests.model.lists import shown_page
from contract_tests.model.operations import EFFECTS, malformed_places
from contract_tests.model.outcomes import INVALID, REFUSED, Outcome, Request, outcomes
from contract_tests.model.prediction import Prediction
from contract_tests.model.state import Order, State, order_name
from contract_tests.model.steps import (
    MALFORMED_ID,
    PORTAL_INVOICE,
    Ask,
    DecideCharges,
    Download,
    MakeOrder,
    MoveOrder,
    PassTime,
    Settle,
    Step,
    amount_of,
    creation_of,
    payment_of,
)
from polar_contract.behaviour import Behaviour
from polar_contract.json_types import JsonObject, JsonValue, as_object
from polar_contract.operations import Operations


@dataclass(frozen=True, slots=True)
class Model:
    """Predicts the steps of a story by the rules of one revision."""

    operations: Operations
    behaviour: Behaviour

    def predict(self, step: Step, state: State) -> Prediction:
        """The prediction for a step. Errors: KeyError for an unknown name."""
        match step:
            case MakeOrder():
                return Prediction(state.with_order(_made(step)))
            case MoveOrder():
                has_receipt = self.behaviour.order.are_receipts_numbered
                moved = _moved(state.orders[step.on], step.status, has_receipt=has_receipt)
                return Prediction(state.with_order(moved))
            case Download():
                return self.predict(Ask(PORTAL_INVOICE, who=step.who, on=step.on), state)
            case Ask():
                return self._answer(step, state)
            case _:
                return Prediction(_controlled(step, state))

    def _answer(self, ask: Ask, state: State) -> Prediction:
        places = malformed_places(ask, self.operations.by_id[ask.operation])
        # Of an operation with rules of its own, which the oracle does not know, success comes first.
        possible = outcomes(self._request(ask, is_valid=not places), state, self.behaviour)
        first = next((one for one in possible if one.status < 400), possible[0])
        if first.status >= 400:
            return Prediction(state, first.status, first.error, self._shown_by(first, ask, state, places))
        if self.operations.by_id[ask.operation].sortings:
            largest = self.behaviour.request.most_items_per_page
            page = shown_page(state, ask, state.callers[ask.who], largest_limit=largest)
            return Prediction(state, 200, shows=page)
        name = ask.operation.removeprefix("customer_portal:")
        if name in EFFECTS_BY_RULES:
            return EFFECTS_BY_RULES[name](ask, state, self.behaviour)
        return EFFECTS[name](ask, state, state.callers[ask.who])

    def _request(self, ask: Ask, *, is_valid: bool) -> Request:
        address = ask.body.get("billing_address") if isinstance(ask.body, dict) else None
        return Request(
            self.operations.by_id[ask.operation],
            token=None if ask.who == NOBODY else ask.who,
            object_id=order_name(ask.on) if ask.on and ask.on != MALFORMED_ID else None,
            is_valid=is_valid,
            address=address if isinstance(address, dict) else None,
        )

    def _shown_by(self, outcome: Outcome, ask: Ask, state: State, places: list[JsonValue]) -> JsonValue:
        """What the body of an error must contain."""
        if outcome == INVALID:
            # The validator reports all malformed places together. Source: observed on the service, April 2026.
            return {"detail": [{"loc": place} for place in places]}
        if outcome == REFUSED:
            return {"detail": self._changed_fixed_parts(ask, state)}
        error = self.behaviour.error
        for refusal in (
            *(error.invoice_refused, error.billing_details_missing, error.invoice_not_issued),
            *(error.receipt_not_issued, error.order_not_draft),
        ):
            if outcome.error == refusal.error:
                order = state.orders[order_name(ask.on)]
                return {"detail": refusal.detail.format(order_id=f"{{{order.name}}}", order_status=order.status)}
        return None

    def _changed_fixed_parts(self, ask: Ask, state: State) -> list[JsonValue]:
        old = state.orders[order_name(ask.on)].billing_address or {}
        new = stored_address(as_object(as_object(ask.body)["billing_address"]))
        return [
            {
                "type": "value_error",
                "loc": ["body", "billing_address", part],
                "msg": f"{part.capitalize()} cannot be changed",
                "input": new[part],
            }
            for part in changed_parts(old, new, self.behaviour.billing.fixed_address_fields)
        ]


def _controlled(step: PassTime | Settle | DecideCharges, state: State) -> State:
    match step:
        case PassTime():
            return state.at(state.now + step.seconds)
        case Settle():
            return replace(state.at(float("inf")), now=state.now)
        case DecideCharges():
            return replace(state, charge=step.outcome)


def _made(step: MakeOrder) -> Order:
    payment = payment_of(step.status, step.decline_message)
    answer: JsonObject = {"status": payment["status"] if payment else "no_payment", "error": step.decline_message}
    return Order(
        name=step.name,
        customer=step.customer,
        status=step.status,
        amount=amount_of(step.name),
        created_at=creation_of(step.name),
        product=step.product,
        billing_name=step.billing_name,
        billing_address=step.billing_address,
        payment=answer,
    )


def _moved(order: Order, status: str, *, has_receipt: bool) -> Order:
    if order.status == "pending" and status == "paid":
        return paid(order, has_receipt=has_receipt)
    return replace(order, status=status)
