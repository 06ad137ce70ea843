"""Validate the data of a webhook event by the webhooks of a revision's document."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from polar_contract.json_types import JsonObject, JsonValue, as_object

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator, ValidationError

_DOCUMENT = "urn:polar-contract:webhooks"
_TIME = "2026-05-01T10:00:00Z"
_TYPES = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
}
_FORMATS = {"date-time": f"a time such as {_TIME}", "uuid4": "a UUID of version 4", "email": "an e-mail address"}


class DataFault(NamedTuple):
    """`wanted`: what the schema allows in the place of the value; None: the value is missing."""

    path: tuple[str, ...]
    value: JsonValue
    wanted: str | None


class EventSchemas:
    """The schemas of each revision's webhooks, compiled when the first event of a type is sent."""

    def __init__(self, document_of: Callable[[str], JsonObject]) -> None:
        """`document_of`: the document of a revision, published and overlay."""
        self._document_of = document_of
        self._validator = lru_cache(maxsize=None)(self._compile)

    def faults(self, revision: str, event_type: str, data: JsonObject) -> list[DataFault]:
        """Every place in which the data is not as the revision's document says; none for a type that it does not describe."""
        validator = self._validator(revision, event_type)
        if validator is None:
            return []
        payload: JsonObject = {"type": event_type, "timestamp": _TIME, "api_version": revision, "data": data}
        try:
            errors = list(validator.iter_errors(payload))
        except ValueError as problem:
            # Texts that UTF-8 does not have, and the validator's own limit of depth.
            return [DataFault(("data",), data, f"JSON that a schema can be applied to: {problem}")]
        return [fault for error in errors for fault in _faults(error)]

    def _compile(self, revision: str, event_type: str) -> Draft202012Validator | None:
        # Imported late, as few servers send events on demand.
        import jsonschema_rs

        document = self._document_of(revision)
        if event_type not in as_object(document.get("webhooks")):
            return None
        pointer = f"#/webhooks/{event_type}/post/requestBody/content/application~1json/schema"
        registry = jsonschema_rs.Registry([(_DOCUMENT, document)], draft=jsonschema_rs.Draft202012)
        return jsonschema_rs.Draft202012Validator(
            {"$ref": _DOCUMENT + pointer}, registry=registry, validate_formats=True
        )


def _faults(error: ValidationError) -> Iterator[DataFault]:
    path = tuple(map(str, error.instance_path))
    kind: Any = error.kind
    if kind.name == "required":
        yield DataFault((*path, kind.property), None, None)
    elif kind.name == "anyOf" and (inner := _nearest(error, kind.context)) is not None:
        for one in inner:
            yield from _faults(one)
    else:
        yield DataFault(path, cast(JsonValue, error.instance), _wanted(error))


def _nearest(error: ValidationError, choices: list[list[ValidationError]]) -> list[ValidationError] | None:
    """The errors of the first choice that takes values of this type at all, as the others say nothing about it."""
    for errors in choices:
        if not any(one.kind.name == "type" and one.instance_path == error.instance_path for one in errors):
            return errors
    return None


def _wanted(error: ValidationError) -> str:
    kind: Any = error.kind
    match kind.name:
        case "type":
            return " or ".join(_TYPES.get(name, name) for name in kind.types)
        case "enum":
            return f"one of: {', '.join(map(str, kind.options))}"
        case "format":
            return _FORMATS.get(kind.value, f"of the format {kind.value}")
        case "anyOf":
            return " or ".join(dict.fromkeys(_wanted(one) for errors in kind.context for one in errors))
    return f"as the document says ({error.message[:200]})"
