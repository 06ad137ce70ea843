"""Convert the problems that openapi-spec-validator reports. Slow to import, so import it late."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any, cast

from jsonschema.exceptions import ValidationError  # type: ignore[import-untyped]  # jsonschema ships no types
from openapi_spec_validator import OpenAPIV31SpecValidator

from polar_contract.json_types import JsonObject, JsonValue, pointer_to
from polar_contract.problems import Problem
from polar_contract.resolving import STUMBLES

_LONGEST_MESSAGE = 300


def schema_problems(document: JsonObject, file: str) -> list[Problem]:
    """Where the document violates the schema of OpenAPI 3.1. Call this first: the other checks rely on it."""
    return _problems(OpenAPIV31SpecValidator.schema_validator.iter_errors(document), document, file)


def semantic_problems(document: JsonObject, file: str) -> list[Problem]:
    """Problems that no schema can express, such as a default of the wrong type. References have to resolve."""
    try:
        return _problems(OpenAPIV31SpecValidator(cast(Mapping[Hashable, Any], document)).iter_errors(), document, file)
    except STUMBLES as stumble:
        why = f"{type(stumble).__name__}: {stumble}"
        reason = f"the validator can't process it ({why}); a reference may point to an object of the wrong kind"
        return [Problem(file, "", _shortened(reason))]


def _problems(errors: Iterable[ValidationError], document: JsonObject, file: str) -> list[Problem]:
    found: list[Problem] = []
    for error in errors:
        pointer = pointer_to("", *error.absolute_path) or next(_places_of(error, document, ""), "")
        problem = Problem(file, pointer, _shortened(error.message))
        if problem not in found:
            found.append(problem)
    return found


def _places_of(error: ValidationError, node: JsonValue, pointer: str) -> Iterator[str]:
    """The validator does not report the place of a wrong default; its schema is found by its content."""
    if isinstance(node, dict):
        if "default" in node and node == error.schema and node["default"] == error.instance:
            yield pointer_to(pointer, "default")
        for key, value in node.items():
            yield from _places_of(error, value, pointer_to(pointer, key))
    elif isinstance(node, list):
        for index, item in enumerate(node):
            yield from _places_of(error, item, pointer_to(pointer, index))


def _shortened(message: str) -> str:
    """The validator quotes the whole value; the beginning of the message and its end are enough."""
    line = " ".join(message.split())
    half = _LONGEST_MESSAGE // 2
    return line if len(line) <= _LONGEST_MESSAGE else f"{line[:half]} ... {line[-half:]}"
