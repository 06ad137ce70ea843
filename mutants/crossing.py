"""Crosses operators with operations: one row of data becomes a defect for each answer, error, field or header of the contract."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from contract_tests.core.table import core_rows
from contract_tests.operations import Operations
from contract_tests.schemas import ResponseSchemas
from mutants.planting.objects import Json

Variables = dict[str, str]


def crossed(row: Mapping[str, Json], operations: Operations, schemas: ResponseSchemas) -> Iterator[dict[str, Json]]:
    """The rows that one row stands for. `each` names what it is crossed with, `other` what becomes of which status or error.

    Texts like `{operation}` in the row are filled. `except` lists operations, or operations with a status, to leave out.
    """
    kept = {name: value for name, value in row.items() if name not in ("each", "other", "except", "rules")}
    for found in _EACH[row["each"]](operations, schemas):
        others = row.get("other", {})
        key: str | int = found.get("error") or found.get("status", "")
        key = int(key) if str(key).isdigit() else key
        other = others.get(key, others.get("any")) if others else ""
        place = f"{found['operation']} {found.get('status', '')}".strip()
        if other is None or any(place.startswith(one) for one in row.get("except", ())):
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


def _answers(operations: Operations, _: ResponseSchemas) -> Iterator[Variables]:
    """Every operation with every status that the core table expects of it."""
    expected = {(row.operation_id, row.status): None for row in core_rows(operations)}
    for operation, status in expected:
        yield {"operation": operation, "status": str(status)}


def _errors(operations: Operations, _: ResponseSchemas) -> Iterator[Variables]:
    expected = {(row.operation_id, row.status, row.error): None for row in core_rows(operations) if row.error}
    for operation, status, error in expected:
        yield {"operation": operation, "status": str(status), "error": str(error)}


def _bodies(operations: Operations, schemas: ResponseSchemas) -> Iterator[Variables]:
    """Every answer with a JSON body."""
    for found in _answers(operations, schemas):
        one = operations.by_id[found["operation"]]
        if "application/json" in schemas.media_types(one.path, one.method, int(found["status"])):
            yield found


def _fields(operations: Operations, schemas: ResponseSchemas) -> Iterator[Variables]:
    """Every successful answer that is an object, with each part that the contract requires of it."""
    for found in _bodies(operations, schemas):
        one = operations.by_id[found["operation"]]
        place = (one.path, one.method, int(found["status"]), "application/json")
        if int(found["status"]) < 300:
            yield from ({**found, "field": name} for name in required_parts(schemas, *place))


def _lists(operations: Operations, _: ResponseSchemas) -> Iterator[Variables]:
    yield from ({"operation": one.id} for one in operations if one.is_list)


def _headers(operations: Operations, schemas: ResponseSchemas) -> Iterator[Variables]:
    for found in _answers(operations, schemas):
        one = operations.by_id[found["operation"]]
        for header in schemas.headers(one.path, one.method, int(found["status"])):
            yield {**found, "header": header.lower()}


def _objects(operations: Operations, _: ResponseSchemas) -> Iterator[Variables]:
    yield from ({"operation": one.id} for one in operations if one.has_id)


def required_parts(schemas: ResponseSchemas, path: str, method: str, status: int, media_type: str) -> list[str]:
    """The parts without which an object breaks its schema."""
    return [
        violation.partition('"')[2].partition('"')[0]
        for violation in schemas.violations(path, method, status, media_type, {})
        if violation.endswith("is a required property")
    ]


_EACH: Mapping[str, Callable[[Operations, ResponseSchemas], Iterator[Variables]]] = {
    "answer": _answers,
    "error": _errors,
    "body": _bodies,
    "field": _fields,
    "header": _headers,
    "list": _lists,
    "object": _objects,
}
