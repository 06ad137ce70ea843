"""Where a body does not fit a schema of a document: places without values, so that nothing secret is shown."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from urllib.parse import quote

import jsonschema_rs

from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object, pointer_to

_DOCUMENT = "urn:polar-contract:compat"
EACH = "*"
_NULL: JsonValue = {"type": "null"}


class Bodies:
    """The schemas of a document, compiled when they are needed."""

    def __init__(self, document: JsonObject) -> None:
        self._document = document
        self._registry = jsonschema_rs.Registry([(_DOCUMENT, document)], draft=jsonschema_rs.Draft202012)
        self._validator = functools.cache(self._compile)

    def misfits(self, place: tuple[str, ...], body: JsonValue) -> frozenset[str]:
        """The places where the body does not fit; empty for a document without a schema there. List indexes become `*`."""
        if not _is_at(self._document, place):
            return frozenset()
        try:
            errors = self._validator(place).iter_errors(body)
            return frozenset(
                pointer_to("", *(EACH if isinstance(one, int) else one for one in error.instance_path))
                for error in errors
            )
        except ValueError:
            # Nested too deeply for the validator.
            return frozenset()

    def _compile(self, place: tuple[str, ...]) -> jsonschema_rs.Draft202012Validator:
        reference = f"{_DOCUMENT}#{quote(pointer_to('', *place), safe='/~')}"
        return jsonschema_rs.Draft202012Validator({"$ref": reference}, registry=self._registry)


def _is_at(document: JsonObject, place: tuple[str, ...]) -> bool:
    found: JsonValue = document
    for token in place:
        if token not in as_object(found):
            return False
        found = as_object(found)[token]
    return True


def lenient(node: JsonValue) -> JsonValue:
    """The document without required keys and formats: an old body that only lacks new fields fits it.

    Alternatives are then no longer exclusive, so that `oneOf` becomes `anyOf`. What may be null is written so that a
    misfit is reported at its own place and not at that of the choice.
    """
    if isinstance(node, list):
        return [lenient(one) for one in node]
    if not isinstance(node, dict):
        return node
    loose: JsonObject = {
        "anyOf" if name == "oneOf" and isinstance(value, list) else name: lenient(value)
        for name, value in node.items()
        if not (name == "required" and isinstance(value, list)) and not (name == "format" and isinstance(value, str))
    }
    choices = as_list(loose.get("anyOf"))
    if len(choices) == 2 and choices[1] == _NULL:
        del loose["anyOf"]
        loose |= {"if": _NULL, "else": choices[0]}
    return loose


def values_at(body: JsonValue, pointer: str) -> Iterator[JsonValue]:
    """The values at a pointer in which `*` stands for every item of a list and every key of an object."""
    tokens = [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]
    found: list[JsonValue] = [body]
    for token in tokens:
        found = [value for one in found for value in _below(one, token)]
    yield from found


def _below(value: JsonValue, token: str) -> Iterator[JsonValue]:
    if token == EACH:
        yield from as_list(value)
        yield from as_object(value).values()
    elif token.isdecimal() and isinstance(value, list) and int(token) < len(value):
        yield value[int(token)]
    elif token in as_object(value):
        yield as_object(value)[token]
