"""Response schemas of published contract + overlay, compiled once per operation and status. Knows no requests or verdicts."""

from __future__ import annotations

import functools
from urllib.parse import quote

import jsonschema_rs

from polar_contract.json_types import JsonObject, JsonValue

_DOCUMENT = "urn:polar-contract:effective"


class ResponseSchemas:
    """Validates a body against the schema of an operation and status."""

    def __init__(self, effective: JsonObject) -> None:
        self._document = effective
        self._registry = jsonschema_rs.Registry([(_DOCUMENT, effective)], draft=jsonschema_rs.Draft202012)
        self._validator = functools.cache(self._compile)

    def media_types(self, path: str, method: str, status: int) -> tuple[str, ...]:
        """The documented content types; empty for a response without a body."""
        content = self._response(path, method, status)[1].get("content", {})
        return tuple(content) if isinstance(content, dict) else ()

    def headers(self, path: str, method: str, status: int) -> tuple[str, ...]:
        """Names of the headers that the contract requires on this response."""
        declared = self._response(path, method, status)[1].get("headers", {})
        required = declared.items() if isinstance(declared, dict) else ()
        return tuple(name for name, header in required if isinstance(header, dict) and header.get("required"))

    def violations(self, path: str, method: str, status: int, media_type: str, body: JsonValue) -> list[str]:
        """The schema violations of a body, one sentence each with its place; empty when it is valid."""
        try:
            errors = self._validator(path, method, status, media_type).iter_errors(body)
        except ValueError:
            # The validator's own limit, far beyond the depth of any schema here.
            return ["/: nested too deeply for any schema"]
        return [f"/{'/'.join(map(str, error.instance_path))}: {error.message}"[:300] for error in errors]

    def _compile(self, path: str, method: str, status: int, media_type: str) -> jsonschema_rs.Draft202012Validator:
        place, _ = self._response(path, method, status)
        pointer = [*place, "content", media_type, "schema"]
        reference = _DOCUMENT + "#/" + "/".join(quote(_escaped(part), safe="~") for part in pointer)
        return jsonschema_rs.Draft202012Validator({"$ref": reference}, registry=self._registry, validate_formats=True)

    def _response(self, path: str, method: str, status: int) -> tuple[list[str], JsonObject]:
        place = ["paths", path, method.lower(), "responses", str(status)]
        response = _at(self._document, place)
        reference = response.get("$ref")
        if isinstance(reference, str):
            place = reference.removeprefix("#/").split("/")
            response = _at(self._document, place)
        return place, response


def _escaped(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")


def _at(document: JsonObject, place: list[str]) -> JsonObject:
    found: JsonValue = document
    for part in place:
        if not isinstance(found, dict):
            raise TypeError(f"the contract has no object at {'/'.join(place)}")
        found = found[part]
    if not isinstance(found, dict):
        raise TypeError(f"the contract has no object at {'/'.join(place)}")
    return found
