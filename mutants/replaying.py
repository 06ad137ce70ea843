"""Applies a planted defect to recorded answers in memory, and checks them from the first changed answer on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from contract_tests.checks.findings import ContractBroken, Finding
from contract_tests.checks.response import AnswerRules
from contract_tests.checks.rules import Rule
from contract_tests.checks.session_checker import SessionChecker
from contract_tests.model.observed_state import ObservedState
from contract_tests.transport.exchanges import Exchange
from mutants.defects import Defect
from mutants.planting.selecting import Place
from mutants.proxy import Answer, HangUp, Layer, Request
from mutants.recording import Recorded, Trace
from polar_contract.operations import Source


class NeedsTarget(Exception):
    """The defect sends requests of its own, or ends connections: only a target can answer it."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the rules found at the first broken answer; `changed` counts the changed answers up to it.

    `mistake` says why the defect can't be applied in memory.
    """

    findings: tuple[Finding, ...]
    changed: int
    check: str = ""
    mistake: str = ""


def replay(trace: Trace, chosen: Mapping[str, Defect]) -> dict[str, Replayed]:
    """The result of each defect, by its name."""
    run = _Replay(trace, chosen)
    for recorded in trace.answers:
        run.take(recorded)
    return run.results()


@dataclass(frozen=True)
class _BareRules(AnswerRules):
    """The same rules; their findings lack the transcript for readers, which takes longer than finding them."""

    def finding(
        self, exchange: Exchange, rule: Rule, expected: str, got: str | None = None, *, source: Source | None = None
    ) -> Finding:
        return Finding(rule, expected, got or "", exchange.operation_id, source or "contract", reproduce="")


class _Replay:
    """All defects at once: until a defect changes an answer, its observed state is the one of the good run."""

    def __init__(self, trace: Trace, chosen: Mapping[str, Defect]) -> None:
        self._good = _with_state(trace.case.rules, ObservedState())
        self._layers = {name: one.plant() for name, one in chosen.items()}
        self._by_place: dict[Place | None, list[str]] = {}
        for name, one in chosen.items():
            self._by_place.setdefault(one.place, []).append(name)
        self._own: dict[str, AnswerRules] = {}
        self._changed = dict.fromkeys(chosen, 0)
        self._done: dict[str, Replayed] = {}

    def take(self, recorded: Recorded) -> None:
        """Check one answer under every defect that was not found yet, then under none."""
        request, answer = _request(recorded.exchange), _answer(recorded.exchange)
        for name in self._concerned(recorded.exchange):
            try:
                changed = _through(self._layers[name], request, answer)
            except Exception as mistake:  # a defect that fails itself is reported as such
                self._end(
                    name, Replayed((), self._changed[name], recorded.check, f"{type(mistake).__name__}: {mistake}")
                )
                continue
            if changed != answer:
                self._changed[name] += 1
                self._check(name, recorded, changed)
            elif name in self._own:
                self._check(name, recorded, answer)
        self._good.findings(recorded.exchange)

    def _concerned(self, exchange: Exchange) -> list[str]:
        """The defects that may change this answer, and those that have changed one before, as far as they were not found."""
        place = (exchange.operation_id or "", exchange.status)
        names = {*self._by_place.get(place, ()), *self._by_place.get(None, ()), *self._own}
        return [name for name in names if name in self._layers]

    def results(self) -> dict[str, Replayed]:
        """The result of every defect."""
        missed = {name: Replayed((), self._changed[name]) for name in self._layers}
        return {**self._done, **missed}

    def _check(self, name: str, recorded: Recorded, answer: Answer) -> None:
        shown = replace(recorded.exchange, status=answer.status, headers=answer.headers, body=answer.body)
        rules = self._own.get(name) or _with_state(self._good, _copied(self._good.session_checker.observed_state))
        try:
            rules.check(shown, status=recorded.status, error=recorded.error, shows=recorded.shows)
        except ContractBroken as broken:
            self._end(name, Replayed(broken.findings, self._changed[name], recorded.check))
            return
        if min(answer.status, recorded.exchange.status) < 300:
            self._own[name] = rules

    def _end(self, name: str, replayed: Replayed) -> None:
        self._done[name] = replayed
        del self._layers[name]
        self._own.pop(name, None)


def _through(layer: Layer, request: Request, answer: Answer) -> Answer:
    def forward(asked: Request) -> Answer:
        if asked is not request:
            raise NeedsTarget("it sends a request of its own")
        return answer

    try:
        changed = layer(request, forward)
    except HangUp as end:
        raise NeedsTarget("it ends the connection") from end
    if changed.cut_bytes or changed.hangs_up:
        raise NeedsTarget("it ends the connection")
    return changed


def _with_state(rules: AnswerRules, state: ObservedState) -> AnswerRules:
    checker = SessionChecker(rules.operations, rules.session_checker.behaviour, state)
    return _BareRules(rules.operations, rules.schemas, str, checker, rules.versions)


def _copied(state: ObservedState) -> ObservedState:
    return replace(state, orders=dict(state.orders), tokens=dict(state.tokens))


def _request(exchange: Exchange) -> Request:
    parts = urlsplit(exchange.url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    headers = {name.lower(): value for name, value in exchange.request_headers.items()}
    return Request(exchange.method, path, headers, exchange.request_body)


def _answer(exchange: Exchange) -> Answer:
    return Answer(exchange.status, dict(exchange.headers), exchange.body)
