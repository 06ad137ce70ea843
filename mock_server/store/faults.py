"""The faults of a world as one immutable value: the rules, how often each matched and struck, and what is held back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from mock_server.domain.faults import CallFault, EventFault, Fault, InvoiceJobFault
from mock_server.domain.jobs import Job
from mock_server.store.errors import FaultUnknown
from polar_contract.json_types import JsonObject


class FaultRule(NamedTuple):
    """A rule with its name in the world. `given`: as it was sent. `set_name`: the named set that it is of."""

    id: str
    fault: Fault
    given: JsonObject
    set_name: str | None = None


class Counts(NamedTuple):
    matched: int = 0
    struck: int = 0


class Strike(NamedTuple):
    """A fault that strikes, at its n-th matching call."""

    rule: FaultRule
    number: int


CallRule = tuple[FaultRule, CallFault]


@dataclass(frozen=True, slots=True)
class FaultState:
    """Every change makes another value, so keeping one keeps the rules and their counters."""

    rules: tuple[FaultRule, ...] = ()
    counts: Mapping[str, Counts] = field(default_factory=dict)
    made: int = 0
    """How many rules the world has had: ids are never used again."""
    held: Mapping[str, Job] = field(default_factory=dict)
    """By endpoint, the delivery that waits for the endpoint's next event to overtake it."""
    calls: Mapping[str | None, tuple[CallRule, ...]] = field(default_factory=dict)
    """The rules of calls by operation, in their order; under None for operations that no rule names. Empty without any."""

    def with_rules(self, faults: Iterable[tuple[Fault, JsonObject]], *, set_name: str | None) -> FaultState:
        """This state with more rules, after those that it has."""
        new = tuple(
            FaultRule(f"fault-{number}", fault, given, set_name)
            for number, (fault, given) in enumerate(faults, self.made + 1)
        )
        counts = {**self.counts, **{rule.id: Counts() for rule in new}}
        return replace(self._with((*self.rules, *new)), counts=counts, made=self.made + len(new))

    def rule(self, fault_id: str) -> FaultRule:
        """Errors: FaultUnknown."""
        for rule in self.rules:
            if rule.id == fault_id:
                return rule
        raise FaultUnknown(fault_id, tuple(self.counts))

    def count_of(self, fault_id: str) -> Counts:
        """Zero for a rule that was removed in the meantime."""
        return self.counts.get(fault_id, Counts())

    def without(self, fault_id: str) -> FaultState:
        """Errors: FaultUnknown."""
        gone = self.rule(fault_id)
        counts = {id_: counts for id_, counts in self.counts.items() if id_ != fault_id}
        return replace(self._with(tuple(rule for rule in self.rules if rule is not gone)), counts=counts)

    def emptied(self) -> FaultState:
        return FaultState(made=self.made)

    def _with(self, rules: tuple[FaultRule, ...]) -> FaultState:
        of_calls = [(rule, rule.fault) for rule in rules if isinstance(rule.fault, CallFault)]
        named = {None, *(fault.operation for _, fault in of_calls)} if of_calls else ()
        calls = {name: tuple(it for it in of_calls if it[1].operation in (None, name)) for name in named}
        return replace(self, rules=rules, calls=calls)

    def of_operation(self, operation_id: str) -> tuple[CallRule, ...]:
        found = self.calls.get(operation_id)
        return self.calls.get(None, ()) if found is None else found

    def only_of(self, operation_id: str) -> tuple[CallRule, ...]:
        """The rules that name this operation, without those for all operations."""
        return tuple(it for it in self.calls.get(operation_id, ()) if it[1].operation == operation_id)

    def of_event(self, event_type: str, order_id: str | None) -> list[FaultRule]:
        return [r for r in self.rules if isinstance(r.fault, EventFault) and r.fault.matches(event_type, order_id)]

    def of_invoice(self, order_id: str) -> list[FaultRule]:
        return [r for r in self.rules if isinstance(r.fault, InvoiceJobFault) and r.fault.order_id in (None, order_id)]

    def counted(self, matching: Iterable[FaultRule]) -> tuple[FaultState, Strike | None]:
        """Count a call for the rules that match it, up to the first that strikes; later ones do not see the call."""
        counts, strike = dict(self.counts), None
        for rule in matching:
            # One that was removed in the meantime has no counts.
            if rule.id not in counts:
                continue
            matched, struck = counts[rule.id]
            is_hit = rule.fault.strikes.hit(matched + 1, struck)
            counts[rule.id] = Counts(matched + 1, struck + is_hit)
            if is_hit:
                strike = Strike(rule, matched + 1)
                break
        return replace(self, counts=counts), strike

    def holding(self, endpoint_id: str, job: Job) -> FaultState:
        return replace(self, held={**self.held, endpoint_id: job})

    def releasing(self, endpoint_id: str) -> FaultState:
        return replace(self, held={id_: job for id_, job in self.held.items() if id_ != endpoint_id})
