"""Predicts one step: the answer that the contract requires, and the state afterwards. Pure."""

from __future__ import annotations

from dataclasses import replace

from contract_tests.model.operations import RULES, malformed_places
from contract_tests.model.rules import Prediction, malformed, refusal_of, refused
from contract_tests.model.state import Order, State
from contract_tests.model.steps import (
    PORTAL_INVOICE,
    Ask,
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
from polar_contract.json_types import JsonObject


def predict(step: Step, state: State) -> Prediction:
    """The prediction for a step. Errors: KeyError for an unknown name."""
    match step:
        case MakeOrder():
            return Prediction(state.with_order(_made(step)))
        case MoveOrder():
            return Prediction(state.with_order(_moved(state.orders[step.on], step.status)))
        case PassTime():
            return Prediction(state.at(state.now + step.seconds))
        case Settle():
            return Prediction(replace(state.at(float("inf")), now=state.now))
        case Download():
            return predict(Ask(PORTAL_INVOICE, who=step.who, on=step.on), state)
        case Ask():
            return _answer(step, state)


def _answer(ask: Ask, state: State) -> Prediction:
    refusal = refusal_of(ask, state)
    if refusal is not None:
        return refused(state, *refusal)
    places = malformed_places(ask)
    if places:
        return malformed(state, places)
    rule = RULES[ask.operation.removeprefix("customer_portal:")]
    return rule(ask, state, state.callers[ask.who])


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


def _moved(order: Order, status: str) -> Order:
    if order.status == "pending" and status == "paid":
        return replace(order, status=status, payment={"status": "succeeded", "error": None})
    return replace(order, status=status)
