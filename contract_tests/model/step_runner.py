"""A story told to one target, step by step, each answer compared with the model's. What a machine draws goes through here."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from contract_tests.exchanges import Exchange
from contract_tests.findings import ContractBroken, Finding
from contract_tests.model.checking import Memory, check_answer
from contract_tests.model.performing import Bindings, control_call, perform
from contract_tests.model.predictions import predict
from contract_tests.model.rules import Prediction
from contract_tests.model.state import Order, State
from contract_tests.model.steps import PORTAL_INVOICE, Ask, MakeOrder, Step, is_change
from contract_tests.rules import Rule
from contract_tests.run_context import RunContext


@dataclass(frozen=True, slots=True)
class Taken:
    """One step that was taken. `told` is its command line; looks are the judge's own reads after a change."""

    step: Step
    prediction: Prediction
    exchange: Exchange | None
    told: str
    is_look: bool


@dataclass(frozen=True, slots=True)
class Failure:
    """A story up to the step whose answer broke a rule."""

    trace: tuple[Taken, ...]
    findings: tuple[Finding, ...]
    bindings: Bindings

    @property
    def kind(self) -> tuple[Rule, str | None]:
        """What makes two failures the same."""
        return self.findings[0].rule, self.findings[0].operation_id

    @property
    def story(self) -> list[Step]:
        """The steps without those looks that found nothing."""
        return [taken.step for taken in self.trace[:-1] if not taken.is_look] + [self.trace[-1].step]

    @property
    def whole_story(self) -> list[Step]:
        """All steps, in case that a look has had an effect."""
        return [taken.step for taken in self.trace]


class Play:
    """One story under way. `state` is what the next step is drawn from."""

    def __init__(self, context: RunContext, bindings: Bindings, state: State, *, looks: bool) -> None:
        self.state = state
        self.trace: list[Taken] = []
        self._context = context
        self._scene = bindings
        self._looks = looks
        self._memory = Memory()

    def take(self, step: Step) -> None:
        """Do the step and compare; after a change look at everything else too. Errors: ContractBroken; NoAnswer; CannotJudge."""
        before = self.state
        prediction = self._do(step, is_look=False)
        if self._looks and is_change(step):
            for look in _looks_after(step, before, prediction):
                self._do(look, is_look=True)

    def failure(self, broken: ContractBroken) -> Failure:
        """The story so far, with what its last step found."""
        return Failure(tuple(self.trace), broken.findings, self._scene)

    def _do(self, step: Step, *, is_look: bool) -> Prediction:
        prediction = predict(step, self.state)
        exchange = perform(step, self._context.client, self._scene)
        told = exchange.curl() if exchange is not None else control_curl(step, self._scene)
        self.trace.append(Taken(step, prediction, exchange, told, is_look))
        if exchange is not None:
            on = str(getattr(step, "on", ""))
            rules = self._context.rules
            check_answer(exchange, prediction, rules=rules, bindings=self._scene, memory=self._memory, on=on)
        self.state = prediction.after
        return prediction


# A mock takes nothing else: a form or plain text may come from any page that a browser shows.
JSON_HEADER = "-H 'Content-Type: application/json'"
_ALL_ORDERS = Ask("orders:list", who="organization", query={"limit": "100"})
_ALL_ENDPOINTS = Ask("webhooks:list_webhook_endpoints", who="organization", query={"limit": "100"})
_OWNERS = {"customer:main": "customer", "customer:other": "other_customer"}
Begin = Callable[[bool], AbstractContextManager[Play]]


def replay(story: Sequence[Step], begin: Begin) -> Failure | None:
    """Tell a story from its beginning, without looks; how it fails, or None. Errors: NoAnswer; CannotJudge."""
    with begin(False) as play:
        try:
            for step in story:
                play.take(step)
        except ContractBroken as broken:
            return play.failure(broken)
    return None


def _looks_after(step: Step, before: State, prediction: Prediction) -> Iterator[Step]:
    """A list of everything of the kind that the step was about, and what it has changed, where it may have spoilt any."""
    is_accepted = prediction.status is not None and prediction.status < 300
    if isinstance(step, Ask) and step.operation.startswith("webhooks:"):
        yield _ALL_ENDPOINTS
        if is_accepted and step.on:
            yield Ask("webhooks:get_webhook_endpoint", who="organization", on=step.on)
    elif isinstance(step, Ask) and "orders:" in step.operation:
        yield _ALL_ORDERS
        if is_accepted:
            yield from _looks_at(prediction.after.orders[step.on.partition("|")[0]])
    elif not isinstance(step, Ask | MakeOrder) and before.orders != prediction.after.orders:
        yield _ALL_ORDERS


def _looks_at(order: Order) -> Iterator[Step]:
    yield Ask("customer_portal:orders:get", who=_OWNERS[order.customer], on=order.name)
    if order.is_issued or order.invoice_due is not None:
        yield Ask(PORTAL_INVOICE, who=_OWNERS[order.customer], on=order.name)


def control_curl(step: Step, bindings: Bindings) -> str:
    """A command that makes a step of the control API again, in the ids of its scene."""
    assert bindings.world is not None
    method, path, body = control_call(step, bindings)
    url = f"{bindings.world.control.base_url}/_mock/worlds/{bindings.world.id}{path}"
    if body is None:
        return f"curl -X {method} {url}"
    return f"curl -X {method} {url} {JSON_HEADER} --data {shlex.quote(json.dumps(body, ensure_ascii=False))}"
