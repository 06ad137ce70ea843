"""Judges what an application did against one revision by another: which requests and answers would not be the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from contract_tests.checks.versions import is_route_unknown
from contract_tests.model.observed_state import ObservedState
from contract_tests.model.outcomes import Outcome, outcomes
from contract_tests.model.sent_requests import request_of
from contract_tests.targets.identifying import NONSENSE_VERSION
from contract_tests.tools.changes.operations import Change, Hurts, changes_between
from contract_tests.tools.changes.wording import NOTHING
from contract_tests.tools.compat.bodies import Bodies, lenient, values_at
from contract_tests.transport import request_reader
from contract_tests.transport.exchanges import Exchange
from polar_contract import Contract, revisions
from polar_contract.json_types import JsonObject, JsonValue, as_object
from polar_contract.operations import Operation, Operations
from polar_contract.revisions import served_beside

# Limits answer before the operation, and failures are no part of a contract.
_OF_LIMITS = frozenset({411, 413, 429})
_BEFORE = frozenset({401, 403, 404})
_JSON = "application/json"
VERSION = re.compile(r"\d{4}-\d{2}", re.ASCII)
_SETS_SECRET = frozenset({"webhooks:create_webhook_endpoint", "webhooks:update_webhook_endpoint"})


class Effect(StrEnum):
    """What a remark says: something that worked no longer does, something may come that did not, something is added."""

    BREAKS = "breaks"
    MAY = "may change"
    ADDED = "added"
    NOT_JUDGED = "not judged"


@dataclass(frozen=True, slots=True)
class Remark:
    """One effect of the new revision on one exchange. The sentence contains no value of the recording."""

    effect: Effect
    operation_id: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Side:
    """One revision, prepared. `served`: the versions that a request can choose where this one is the current one."""

    contract: Contract
    served: tuple[str, ...]
    operations: Operations
    requests: Bodies
    answers: Bodies


def side_of(contract: Contract) -> Side:
    """Prepare a revision. The effective document, because recordings contain what the service sends beyond the published one."""
    return Side(
        contract,
        served_beside(contract.revision, revisions()),
        Operations(contract.published, contract.effective),
        Bodies(contract.effective),
        Bodies(as_object(lenient(contract.effective))),
    )


@dataclass(slots=True)
class Judge:
    """Judges exchanges in their order; `changes` are those of the documents by operation and part."""

    old: Side
    new: Side
    _changes: dict[tuple[str, str], list[Change]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        found = changes_between(self.old.contract.effective, self.new.contract.effective)
        for change in found.changes:
            self._changes.setdefault((change.place.operation, change.place.part), []).append(change)

    def remarks(self, exchange: Exchange, operation: Operation, state: ObservedState) -> Iterator[Remark]:
        """The effects on one exchange; `operation` is that of the old revision, `state` what was known before it."""
        now = self.new.operations.match(exchange.method, exchange.path)
        version = _unserved(exchange, self.new)
        if version is not None:
            # Who was answered the bare 404 relied on nothing; and no application sends the version of a run's own probe.
            is_relied_on = not is_route_unknown(exchange) and version != NONSENSE_VERSION
            if is_relied_on and _unserved(exchange, self.old) is None:
                yield Remark(Effect.BREAKS, operation.id, f"the version {version} is not served: a bare 404")
            return
        if now is None:
            yield Remark(Effect.BREAKS, operation.id, "the operation is gone; it is answered like an unknown route")
            return
        found = [*self._of_request(exchange, operation, now), *self._of_outcome(exchange, operation, now, state)]
        if not {effect for effect, _ in found} & {Effect.BREAKS, Effect.NOT_JUDGED}:
            found += self._of_answer(exchange, operation, now)
        for effect, sentence in found:
            yield Remark(effect, operation.id, sentence)

    def _of_request(self, exchange: Exchange, operation: Operation, now: Operation) -> Iterator[tuple[Effect, str]]:
        sent = request_reader.query(exchange)
        for part, changes in self._parts_of(operation, "query parameter "):
            name = part.removeprefix("query parameter ")
            for change in (one for one in changes if one.hurts is Hurts.WRITERS):
                if change.is_removed and name in sent:
                    yield Effect.BREAKS, f"the {part} is ignored"
                elif change.before == NOTHING and name not in sent:
                    yield Effect.BREAKS, f"the {part} is required"
                elif name in sent:
                    yield Effect.MAY, f"the {part} accepts less: {change.before} -> {change.after}"
        body = request_reader.body(exchange)
        if not isinstance(body.value, dict) or not operation.has_body:
            return
        yield from self._of_sent_body(body.value, operation, now)

    def _of_sent_body(self, body: JsonObject, operation: Operation, now: Operation) -> Iterator[tuple[Effect, str]]:
        fitted = self.old.requests.misfits(_request_schema(operation), body)
        misfits = self.new.requests.misfits(_request_schema(now), body) - fitted
        for place in sorted(misfits):
            yield Effect.BREAKS, f"the request is not valid any more: body {place or '(as a whole)'}"
        for change in self._changes.get((operation.id, "request body"), ()):
            if change.is_removed and any(True for _ in values_at(body, change.place.pointer)):
                yield Effect.BREAKS, f"the field {change.place.pointer} of the request is ignored"
            elif change.hurts is Hurts.WRITERS and not change.is_sure and not misfits:
                yield Effect.MAY, f"{change.subject} of the request: {change.before} -> {change.after}"
        rules = (self.old.contract.behaviour.webhook, self.new.contract.behaviour.webhook)
        is_dropped = rules[0].secret_can_be_sent and not rules[1].secret_can_be_sent
        if operation.id in _SETS_SECRET and body.get("secret") is not None and is_dropped:
            yield Effect.BREAKS, "the field /secret of the request is ignored, and a secret is generated"

    def _of_outcome(
        self, exchange: Exchange, operation: Operation, now: Operation, state: ObservedState
    ) -> Iterator[tuple[Effect, str]]:
        if exchange.status in _OF_LIMITS or exchange.status >= 500:
            return
        was = _possible(exchange, operation, state, self.old)
        possible = _possible(exchange, now, state, self.new)
        if not _is_among(exchange, was):
            yield Effect.NOT_JUDGED, f"{_answer(exchange)} is no answer of {self.old.contract.revision} either"
        elif not _is_among(exchange, possible):
            # A request that the operation itself answered had passed the checks before it.
            likely = possible if exchange.status in _BEFORE else [one for one in possible if one.status not in _BEFORE]
            yield Effect.BREAKS, f"was answered {_answer(exchange)}; now {' or '.join(map(str, likely or possible))}"
        else:
            for one in possible:
                if one not in was and one.status not in _OF_LIMITS:
                    yield Effect.MAY, f"may now be answered {one}"

    def _of_answer(self, exchange: Exchange, operation: Operation, now: Operation) -> Iterator[tuple[Effect, str]]:
        if exchange.status not in now.statuses or exchange.status not in operation.statuses:
            return
        try:
            body = exchange.json()
        except ValueError:
            return
        gone = self._gone_values(exchange, operation, now, body)
        changes = self._changes.get((operation.id, f"response {exchange.status}"), ())
        words = {change.place.pointer: f": {change.before} -> {change.after}" for change in changes}
        for place in sorted(gone):
            what = f"answer {exchange.status} {place}".rstrip()
            yield Effect.BREAKS, f"{what} had a value that is not possible any more{words.get(place, '')}"
        for change in changes:
            pointer = change.place.pointer
            is_there = any(True for _ in values_at(body, pointer))
            parents = [as_object(one) for one in values_at(body, pointer.rpartition("/")[0])]
            if change.is_removed and is_there:
                yield Effect.BREAKS, f"answer {exchange.status} {pointer}: the field is gone"
            elif change.before == NOTHING and not is_there and any(parents):
                yield Effect.ADDED, change.subject
            elif change.hurts is Hurts.READERS and is_there and pointer not in gone:
                yield Effect.MAY, f"{change.subject}: {change.before} -> {change.after}"

    def _gone_values(self, exchange: Exchange, operation: Operation, now: Operation, body: JsonValue) -> frozenset[str]:
        places = [_answer_schema(one, exchange.status) for one in (operation, now)]
        return self.new.answers.misfits(places[1], body) - self.old.answers.misfits(places[0], body)

    def _parts_of(self, operation: Operation, beginning: str) -> Iterator[tuple[str, list[Change]]]:
        for (operation_id, part), changes in self._changes.items():
            if operation_id == operation.id and part.startswith(beginning):
                yield part, changes


def _unserved(exchange: Exchange, side: Side) -> str | None:
    """The version that a request chooses and that is not served; what is no version at all is not shown."""
    name = (side.contract.behaviour.request.version_header or "").lower()
    chosen = {key.lower(): value for key, value in exchange.request_headers.items()}.get(name)
    if not name or not chosen or chosen in side.served:
        return None
    return chosen if VERSION.fullmatch(chosen) else "that the request names"


def _possible(exchange: Exchange, operation: Operation, state: ObservedState, side: Side) -> list[Outcome]:
    return list(dict.fromkeys(outcomes(request_of(exchange, operation), state, side.contract.behaviour)))


def _is_among(exchange: Exchange, possible: list[Outcome]) -> bool:
    return any(exchange.status == one.status and one.error in (None, exchange.error_name()) for one in possible)


def _answer(exchange: Exchange) -> str:
    """The status, and the error's name if it is one: other texts of an answer are not shown."""
    name = exchange.error_name() or ""
    return f"{exchange.status} {name}".rstrip() if name.replace("_", "").isalnum() else str(exchange.status)


def _request_schema(operation: Operation) -> tuple[str, ...]:
    return ("paths", operation.path, operation.method.lower(), "requestBody", "content", _JSON, "schema")


def _answer_schema(operation: Operation, status: int) -> tuple[str, ...]:
    return ("paths", operation.path, operation.method.lower(), "responses", str(status), "content", _JSON, "schema")
