"""Add patterns to formats that JSON Schema does not define (`uuid4`).

One for values that the service sends, a wider one for values that it accepts. The overlay defines the patterns.
"""

from __future__ import annotations

from collections.abc import Iterator

from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object

_SCHEMAS = "#/components/schemas/"


def add_patterns(document: JsonObject, patterns: JsonObject) -> None:
    """Add to the document, in place, the pattern of each known format; a schema with its own pattern keeps it.

    Request parameters and bodies, and the component schemas they reach, get what the service `accepts`; everything else
    gets what it `sends`.
    """
    requests = list(_request_parts(document))
    schemas = as_object(as_object(document.get("components")).get("schemas"))
    accepted = _reachable(requests, schemas)
    for part in requests:
        _mark(part, patterns, "accepts")
    for name, schema in schemas.items():
        _mark(schema, patterns, "accepts" if name in accepted else "sends")
    # Marked schemas are left unchanged, so the rest of the document can be traversed as a whole.
    _mark(document, patterns, "sends")


def _request_parts(document: JsonObject) -> Iterator[JsonValue]:
    for item in as_object(document.get("paths")).values():
        yield as_object(item).get("parameters")
        for operation in as_object(item).values():
            yield as_object(operation).get("parameters")
            yield as_object(operation).get("requestBody")


def _reachable(parts: list[JsonValue], schemas: JsonObject) -> set[str]:
    found: set[str] = set()
    todo = list(parts)
    while todo:
        part = todo.pop()
        if isinstance(part, dict):
            reference = part.get("$ref")
            if (
                isinstance(reference, str)
                and reference.startswith(_SCHEMAS)
                and (name := reference[len(_SCHEMAS) :]) not in found
            ):
                found.add(name)
                todo.append(schemas.get(name))
            todo.extend(part.values())
        else:
            todo.extend(as_list(part))
    return found


def _mark(node: JsonValue, patterns: JsonObject, side: str) -> None:
    if isinstance(node, list):
        for item in node:
            _mark(item, patterns, side)
    elif isinstance(node, dict):
        pattern = as_object(patterns.get(str(node.get("format")))).get(side)
        if pattern is not None and node.get("type") == "string" and "pattern" not in node:
            node |= {"pattern": pattern, "x-pattern-origin": "overlay"}
        for value in node.values():
            _mark(value, patterns, side)
