"""Runs a story on one target, step by step, and compares each answer with the model's prediction."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from contract_tests.checks.findings import ContractBroken, Finding
from contract_tests.checks.rules import Rule
from contract_tests.model.prediction import Prediction
from contract_tests.model.state import Order, State
from contract_tests.model.steps import PORTAL_INVOICE, Ask, Download, MakeOrder, Step, is_change
from contract_tests.runner.context import RunContext
from contract_tests.suites.stateful.checking import Memory, check_answer
from contract_tests.suites.stateful.performing import Bindings, control_call, perform
from contract_tests.transport.exchanges import Exchange


@dataclass(frozen=True, slots=True)
class Taken:
    """One step that was taken. `command` is its curl command; follow-ups are the reads that the runner adds after a change."""

    step: Step
    prediction: Prediction
    exchange: Exchange | None
    command: str
    is_follow_up: bool


@dataclass(frozen=True, slots=True)
class Failure:
    """A story up to the step whose answer breaks a rule."""

    trace: tuple[Taken, ...]
    findings: tuple[Finding, ...]
    bindings: Bindings

    @property
    def kind(self) -> tuple[Rule, str | None]:
        """Two failures with the same kind are the same failure."""
        return self.findings[0].rule, self.findings[0].operation_id

    @property
    def story(self) -> list[Step]:
        """The steps without the follow-up reads that found nothing."""
        return [taken.step for taken in self.trace[:-1] if not taken.is_follow_up] + [self.trace[-1].step]

    @property
    def whole_story(self) -> list[Step]:
        """All steps, in case a follow-up read had an effect."""
        return [taken.step for taken in self.trace]


class StepRunner:
    """Runs one story. `state` is the state that the next step is drawn from."""

    def __init__(self, context: RunContext, bindings: Bindings, state: State, *, has_follow_ups: bool) -> None:
        self.state = state
        self.trace: list[Taken] = []
        self._context = context
        self._bindings = bindings
        self._has_follow_ups = has_follow_ups
        self._memory = Memory()

    def take(self, step: Step) -> None:
        """Perform the step and compare; after a change read the other objects too. Errors: ContractBroken; NoAnswer; CannotRun."""
        before = self.state
        prediction = self._do(step, is_follow_up=False)
        if self._has_follow_ups and is_change(step):
            for read in _follow_ups(step, before, prediction):
                self._do(read, is_follow_up=True)

    def failure(self, broken: ContractBroken) -> Failure:
        """The story so far, with the findings of its last step."""
        return Failure(tuple(self.trace), broken.findings, self._bindings)

    def _do(self, step: Step, *, is_follow_up: bool) -> Prediction:
        prediction = self._context.model.predict(step, self.state)
        exchange = perform(step, self._context.client, self._bindings)
        command = exchange.curl() if exchange is not None else control_curl(step, self._bindings)
        self.trace.append(Taken(step, prediction, exchange, command, is_follow_up))
        if exchange is not None:
            on = document_key(str(getattr(step, "on", "")), prediction.after)
            rules = self._context.rules
            check_answer(exchange, prediction, rules=rules, bindings=self._bindings, memory=self._memory, on=on)
        self.state = prediction.after
        return prediction


def document_key(on: str, state: State) -> str:
    """The name of the document of an order's invoice: that of the order, with a number from the second rendering on."""
    order = state.orders.get(on)
    return f"{on} {order.renderings}" if order is not None and order.renderings > 1 else on


# The mock server accepts no other content type: any web page could send a form or plain text.
JSON_HEADER = "-H 'Content-Type: application/json'"
_ALL_ORDERS = Ask("orders:list", who="organization", query={"limit": "100"})
_ALL_ENDPOINTS = Ask("webhooks:list_webhook_endpoints", who="organization", query={"limit": "100"})
_OWNERS = {"customer:main": "customer", "customer:other": "other_customer"}
Begin = Callable[[bool], AbstractContextManager[StepRunner]]


def replay(story: Sequence[Step], begin: Begin) -> Failure | None:
    """Run a story from its beginning, without follow-up reads. Returns the failure, or None. Errors: NoAnswer; CannotRun."""
    with begin(False) as runner:
        try:
            for step in story:
                runner.take(step)
        except ContractBroken as broken:
            return runner.failure(broken)
    return None


def _follow_ups(step: Step, before: State, prediction: Prediction) -> Iterator[Step]:
    """Reads after a change: the list of all objects of that kind, and the changed object itself."""
    is_accepted = prediction.status is not None and prediction.status < 300
    if isinstance(step, Ask) and step.operation.startswith("webhooks:"):
        yield _ALL_ENDPOINTS
        if is_accepted and step.on:
            yield Ask("webhooks:get_webhook_endpoint", who="organization", on=step.on)
    elif isinstance(step, Ask) and "orders:" in step.operation:
        yield _ALL_ORDERS
        if is_accepted:
            yield from _reads_of(prediction.after.orders[step.names or step.on.partition("|")[0]])
    elif not isinstance(step, Ask | MakeOrder) and before.orders != prediction.after.orders:
        yield _ALL_ORDERS
        for name, order in prediction.after.orders.items():
            if order.renderings > max(1, before.orders[name].renderings):
                yield Download(name, who=_OWNERS[order.customer])


def _reads_of(order: Order) -> Iterator[Step]:
    yield Ask("customer_portal:orders:get", who=_OWNERS[order.customer], on=order.name)
    if order.is_issued or order.invoices_due:
        yield Ask(PORTAL_INVOICE, who=_OWNERS[order.customer], on=order.name)
    if order.is_issued and order.invoices_due:
        # The document before a new one, which then has to differ.
        yield Download(order.name, who=_OWNERS[order.customer])


def control_curl(step: Step, bindings: Bindings) -> str:
    """A curl command that repeats a step of the control API, with the ids of its bindings."""
    assert bindings.world is not None
    method, path, body = control_call(step, bindings)
    url = f"{bindings.world.control.base_url}/_mock/worlds/{bindings.world.id}{path}"
    if body is None:
        return f"curl -X {method} {url}"
    return f"curl -X {method} {url} {JSON_HEADER} --data {shlex.quote(json.dumps(body, ensure_ascii=False))}"
