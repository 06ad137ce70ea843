"""Judges files of recorded exchanges; counts how many have each effect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from contract_tests.model.observe import observe
from contract_tests.reporting.redaction import Redactor
from contract_tests.tools.compat.judging import VERSION, Effect, Judge, Remark, side_of
from contract_tests.tools.replay.reading import Reader
from contract_tests.tools.replay.revisions import Asked, Chosen
from contract_tests.tools.replay.sources import NewOrder, Source
from contract_tests.transport.exchanges import Exchange
from polar_contract import Contract


@dataclass(slots=True)
class Found:
    """A remark with its first place and the number of exchanges that have it."""

    first: str
    count: int = 0


@dataclass(slots=True)
class Compatibility:
    """The result for all files. `judged` are the exchanges of operations, `broken` those of them with something that breaks."""

    old: str
    new: str
    files: int = 0
    judged: int = 0
    outside: int = 0
    broken: int = 0
    found: dict[Remark, Found] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    named: Counter[str] = field(default_factory=Counter)
    """How many answers name which other revision as their own."""

    @property
    def exit_code(self) -> int:
        """1 when something breaks."""
        return 1 if self.broken else 0


def judge_files(
    paths: Sequence[Path], old: Contract, new: Contract, redactor: Redactor, *, has_all_headers: bool = False
) -> Compatibility:
    """Judge every exchange in the files, each file independently of the others. Errors: Unreadable."""
    judge = Judge(side_of(old), side_of(new))
    result = Compatibility(old.revision, new.revision)
    for source in Reader(Asked(Chosen(old, judge.old.operations)), has_all_headers).sources(paths):
        _judge_source(source, judge, redactor, result)
    return result


def _judge_source(source: Source, judge: Judge, redactor: Redactor, result: Compatibility) -> None:
    result.files += 1
    result.left_out += [f"{source.path.name}: {one}" for one in source.left_out]
    state = source.observed_state
    for event in source.events:
        if isinstance(event, NewOrder):
            state.orders[event.order_id] = event.order
            continue
        exchange = event.exchange
        redactor.learn(exchange.credential, "<token>")
        operation = judge.old.operations.by_id.get(exchange.operation_id or "")
        if operation is None:
            result.outside += 1
            continue
        result.judged += 1
        result.named += _other_revision(exchange, judge)
        remarks = dict.fromkeys(judge.remarks(exchange, operation, state))
        result.broken += any(one.effect is Effect.BREAKS for one in remarks)
        for remark in remarks:
            found = result.found.setdefault(remark, Found(f"{source.path.name}: {event.name}"))
            found.count += 1
        if not state.is_partial:
            observe(exchange, operation, state)


def _other_revision(exchange: Exchange, judge: Judge) -> Counter[str]:
    """The revision that an answer names in its header, if it is not the one that it is taken for."""
    sides = (judge.old.contract, judge.new.contract)
    names = {side.behaviour.request.version_header for side in sides} - {None}
    found = {exchange.headers.get(str(name).lower(), "") for name in names} - {sides[0].revision}
    return Counter(name for name in found if VERSION.fullmatch(name))
