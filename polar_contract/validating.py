"""Convert the problems that openapi-spec-validator reports. Slow to import, so import it late.

Whether a document keeps the schema of OpenAPI 3.1 is decided by jsonschema-rs in a millisecond; only if it does not, jsonschema, which
takes half a second for the bundled contract, says where.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, cast

import jsonschema_rs
from jsonschema.exceptions import ValidationError  # type: ignore[import-untyped]  # jsonschema ships no types
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing.exceptions import Unresolvable

from polar_contract.json_types import JsonObject, JsonValue, pointer_to
from polar_contract.problems import Problem

# The exceptions that the validator raises if a reference leads to another kind of object than required.
_STUMBLES = (KeyError, TypeError, AttributeError, IndexError, ValueError, RecursionError, Unresolvable)
_LONGEST_MESSAGE = 300


def openapi_problems(document: JsonObject, file: str) -> list[Problem]:
    """Where the document isn't valid OpenAPI 3.1; all that a loader needs to know."""
    return schema_problems(document, file) or semantic_problems(document, file)


def schema_problems(document: JsonObject, file: str) -> list[Problem]:
    """Where the document violates the schema of OpenAPI 3.1. Call this first: the other checks rely on it."""
    if _schema().is_valid(document):
        return []
    return _problems(OpenAPIV31SpecValidator.schema_validator.iter_errors(document), document, file)


def semantic_problems(document: JsonObject, file: str) -> list[Problem]:
    """Problems that no schema can express, such as a default of the wrong type. References have to resolve."""
    validator = OpenAPIV31SpecValidator(cast(Mapping[Hashable, Any], document))
    try:
        return _problems(validator.root_validator(validator.schema_path), document, file)
    except _STUMBLES as stumble:
        why = f"{type(stumble).__name__}: {stumble}"
        reason = f"the validator can't process it ({why}); a reference may point to an object of the wrong kind"
        return [Problem(file, "", _shortened(reason))]


@cache
def _schema() -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(dict(OpenAPIV31SpecValidator.schema_validator.schema))


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
