"""Judging files of recorded exchanges: reading each in its form, and holding every answer against all rules."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from contract_tests.answers import AnswerRules
from contract_tests.findings import Finding
from contract_tests.offline.har import read_har
from contract_tests.offline.recordings import read_recording
from contract_tests.offline.sources import NewOrder, Source, Unreadable
from contract_tests.operations import Operations
from contract_tests.redaction import Redactor
from contract_tests.schemas import ResponseSchemas
from contract_tests.traces.onlooker import Onlooker
from contract_tests.visible import visible_line
from polar_contract import Contract
from polar_contract.json_types import JsonObject, as_object


@dataclass(frozen=True, slots=True)
class RecordedFinding:
    """A finding, and where it stands: the file and the exchange's name in it."""

    place: str
    finding: Finding

    def __str__(self) -> str:
        return f"{visible_line(self.place)}\n{self.finding}"


@dataclass(frozen=True, slots=True)
class OfflineVerdict:
    """`judged` answers belong to an operation of the contract, those `outside` to the router or to other paths."""

    findings: tuple[RecordedFinding, ...]
    judged: int
    outside: int


def judge_files(paths: Sequence[Path], contract: Contract) -> OfflineVerdict:
    """Every recorded answer in the files, each file for itself. Errors: Unreadable."""
    operations = Operations(contract.law, contract.effective)
    schemas, redactor = ResponseSchemas(contract.effective), Redactor()
    findings: list[RecordedFinding] = []
    belongs: Counter[bool] = Counter()
    for source in (read_source(path, operations) for path in paths):
        rules = AnswerRules(operations, schemas, redactor.redact, Onlooker(operations, source.knowledge))
        for event in source.events:
            if isinstance(event, NewOrder):
                source.knowledge.orders[event.order_id] = event.order
                continue
            redactor.learn(event.exchange.credential, "<token>")
            belongs[event.exchange.operation_id is not None] += 1
            place = f"{source.path.name}: {event.name}"
            findings += [RecordedFinding(place, one) for one in rules.findings(event.exchange)]
    return OfflineVerdict(tuple(findings), judged=belongs[True], outside=belongs[False])


def read_source(path: Path, operations: Operations) -> Source:
    """The source behind a file, told by its form. Errors: Unreadable."""
    document = _parsed(path)
    if "log" in document:
        return read_har(path, document, operations)
    if "steps" in document:
        return read_recording(path, document, operations)
    raise Unreadable(path, "this is neither a HAR document (`log`) nor a recording (`steps`)")


def _parsed(path: Path) -> JsonObject:
    try:
        return as_object(json.loads(path.read_bytes()))
    except OSError as problem:
        raise Unreadable(path, f"this can't be read: {problem.strerror}") from problem
    except (ValueError, RecursionError) as problem:
        raise Unreadable(path, f"this can't be read as JSON: {problem}") from problem
