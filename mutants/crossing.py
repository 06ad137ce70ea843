"""Crosses operators with operations: one row of data becomes a defect for each answer, error, field or header of the contract."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contract_tests.suites.cases.table import core_rows
from mutants.planting.objects import Json
from polar_contract import Contract
from polar_contract.behaviour import Behaviour
from polar_contract.operations import Operations
from polar_contract.schemas import ResponseSchemas

Variables = dict[str, str]


@dataclass(frozen=True, slots=True)
class Documented:
    """What a revision documents: its operations, the schemas of their answers, and its rules."""

    operations: Operations
    schemas: ResponseSchemas
    behaviour: Behaviour

    @classmethod
    def of(cls, contract: Contract) -> Documented:
        """What this contract documents."""
        operations = Operations(contract.published, contract.effective)
        return cls(operations, ResponseSchemas(contract.effective), contract.behaviour)


def crossed(row: Mapping[str, Json], known: Documented) -> Iterator[dict[str, Json]]:
    """The rows that one row stands for. `each` names what it is crossed with, `other` what becomes of which status or error.

    Texts like `{operation}` in the row are filled. `except` lists operations, or operations with a status, to leave out;
    `among` lists the only operations that are meant.
    """
    kept = {name: value for name, value in row.items() if name not in ("each", "other", "except", "among", "rules")}
    for found in _EACH[row["each"]](known):
        others = row.get("other", {})
        key: str | int = found.get("error") or found.get("status", "")
        key = int(key) if str(key).isdigit() else key
        other = others.get(key, others.get("any")) if others else ""
        place = f"{found['operation']} {found.get('status', '')}".strip()
        is_left_out = "among" in row and found["operation"] not in row["among"]
        if other is None or is_left_out or any(place.startswith(one) for one in row.get("except", ())):
            continue
        variables = {**found, "other": str(other)}
        filled = {name: _filled(value, variables) for name, value in kept.items()}
        special = row.get("rules", {}).get(key)
        yield {**filled, "rule": special} if special else filled


def _filled(value: Any, variables: Variables) -> Any:
    if isinstance(value, str):
        for name, text in variables.items():
            value = value.replace(f"{{{name}}}", text)
        return value
    if isinstance(value, list):
        return [_filled(one, variables) for one in value]
    if isinstance(value, dict):
        return {_filled(name, variables): _filled(one, variables) for name, one in value.items()}
    return value


def _answers(known: Documented) -> Iterator[Variables]:
    """Every operation with every status that the core table expects of it."""
    expected = {(row.operation_id, row.status): None for row in core_rows(known.operations, known.behaviour)}
    for operation, status in expected:
        yield {"operation": operation, "status": str(status)}


def _errors(known: Documented) -> Iterator[Variables]:
    expected = {
        (row.operation_id, row.status, row.error): None
        for row in core_rows(known.operations, known.behaviour)
        if row.error
    }
    for operation, status, error in expected:
        yield {"operation": operation, "status": str(status), "error": str(error)}


def _bodies(known: Documented) -> Iterator[Variables]:
    """Every answer with a JSON body."""
    for found in _answers(known):
        one = known.operations.by_id[found["operation"]]
        if "application/json" in known.schemas.media_types(one.path, one.method, int(found["status"])):
            yield found


def _fields(known: Documented) -> Iterator[Variables]:
    """Every successful answer that is an object, with each part that the contract requires of it."""
    for found in _bodies(known):
        one = known.operations.by_id[found["operation"]]
        place = (one.path, one.method, int(found["status"]), "application/json")
        if int(found["status"]) < 300:
            yield from ({**found, "field": name} for name in required_parts(known.schemas, *place))


def _lists(known: Documented) -> Iterator[Variables]:
    yield from ({"operation": one.id} for one in known.operations if one.is_list)


def _headers(known: Documented) -> Iterator[Variables]:
    for found in _answers(known):
        one = known.operations.by_id[found["operation"]]
        for header in known.schemas.headers(one.path, one.method, int(found["status"])):
            yield {**found, "header": header.lower()}


def _objects(known: Documented) -> Iterator[Variables]:
    yield from ({"operation": one.id} for one in known.operations if one.has_id)


def required_parts(schemas: ResponseSchemas, path: str, method: str, status: int, media_type: str) -> list[str]:
    """The parts without which an object breaks its schema."""
    return [
        violation.partition('"')[2].partition('"')[0]
        for violation in schemas.violations(path, method, status, media_type, {})
        if violation.endswith("is a required property")
    ]


_EACH: Mapping[str, Callable[[Documented], Iterator[Variables]]] = {
    "answer": _answers,
    "error": _errors,
    "body": _bodies,
    "field": _fields,
    "header": _headers,
    "list": _lists,
    "object": _objects,
}
