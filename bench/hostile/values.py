"""Random JSON values: those that a schema describes, and those that often break programs."""

from __future__ import annotations

from random import Random
from typing import cast

from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object

_DEEPEST = 6


def deep(levels: int) -> bytes:
    """An array in an array in an array ..., as text: no Python value could be that deep."""
    return b"[" * levels + b"]" * levels


def hostile_value(rng: Random) -> JsonValue:
    nested: JsonValue = "bottom"
    for _ in range(rng.choice((5, 60, 199, 205))):
        nested = [nested] if rng.random() < 0.5 else {"a": nested}
    simple: list[JsonValue] = [
        None,
        True,
        False,
        [],
        {},
        "",
        " ",
        0,
        -1,
        1,
        0.5,
        -0.0,
        1e308,
        2**31,
        2**53,
        2**63,
        -(2**63) - 1,
    ]
    numbers: list[JsonValue] = [2**64, 10**30, 10**400, float("inf"), float("-inf"), float("nan"), "1e400", "-0", "٣"]
    texts: list[JsonValue] = [
        "\x00", "a\x00b", "\ud800", "\udfff\ud800", "\ufeff", "\u202e", "🧾" * 50, "x" * 70_000, "%s%n{0}${a}{{7*7}}",
        "../../../etc/passwd", "file:///etc/passwd", "<script>", "'; DROP TABLE orders; --", "\r\nSet-Cookie: a=b",
    ]  # fmt: skip
    times: list[JsonValue] = [
        "9999-12-31T23:59:59.999999Z",
        "0001-01-01T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "9999-12-31T23:59:59-23:59",
        "24:00",
    ]
    ids: list[JsonValue] = [
        "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "{" + "0" * 32 + "}",
        "urn:uuid:x",
        "US",
        "US-NY",
        "xx",
        "USD",
    ]
    containers: list[JsonValue] = [
        nested,
        [1] * 2_000,
        {str(n): n for n in range(500)},
        {"": None},
        {"__proto__": {}},
        [[], [[]], {}],
    ]
    return rng.choice(rng.choice([simple, numbers, texts, times, ids, containers]))


def sample(schema: JsonValue, rng: Random, *, depth: int = 0) -> JsonValue:
    """A value close to what the schema describes; patterns and unusual formats are ignored."""
    node = as_object(schema)
    if depth > _DEEPEST:
        return None
    for one_of in ("anyOf", "oneOf"):
        if one_of in node:
            return sample(rng.choice(as_list(node[one_of])), rng, depth=depth + 1)
    for said in ("const", "default"):
        if said in node and rng.random() < 0.7:
            return node[said]
    if "enum" in node:
        return rng.choice(as_list(node["enum"]))
    return _of_type(node, rng, depth)


def _of_type(node: JsonObject, rng: Random, depth: int) -> JsonValue:
    kind = node.get("type")
    match rng.choice(kind) if isinstance(kind, list) else kind:
        case "object":
            return _object(node, rng, depth)
        case "array":
            return [sample(node.get("items"), rng, depth=depth + 1) for _ in range(rng.randrange(4))]
        case "integer" | "number":
            return rng.choice([0, 1, 2, 10, 100, 10_000])
        case "boolean":
            return rng.random() < 0.5
        case "string":
            return _text(node, rng)
        case _:
            return None


def _object(node: JsonObject, rng: Random, depth: int) -> JsonObject:
    required = as_list(node.get("required"))
    return {
        name: sample(schema, rng, depth=depth + 1)
        for name, schema in as_object(node.get("properties")).items()
        if name in required or rng.random() < 0.6
    }


def _text(node: JsonObject, rng: Random) -> str:
    by_format = {
        "uuid": f"{rng.getrandbits(128):032x}",
        "uuid4": f"{rng.getrandbits(128):032x}",
        # The reserved domain never resolves, in case a server calls it.
        "uri": "https://receiver.invalid/hooks",
        "date-time": "2026-04-01T12:00:00Z",
        "email": "jane@example.com",
    }
    return by_format.get(
        cast(str, node.get("format")), rng.choice(["Jane Doe", "123 Main St", "US", "FR", "US-NY", "10001"])
    )


def spoil_document(document: JsonValue, rng: Random) -> JsonValue:
    """The document with one place replaced by a hostile value, removed, or given an unknown key."""
    if isinstance(document, dict) and document and rng.random() < 0.85:
        key = rng.choice(list(document))
        action = rng.random()
        if action < 0.1:
            return {name: value for name, value in document.items() if name != key}
        if action < 0.2:
            return {
                **document,
                rng.choice(["", "unknown", "a\x00", "\ud800", "__class__", key.upper()]): hostile_value(rng),
            }
        return {**document, key: spoil_document(document[key], rng)}
    if isinstance(document, list) and document and rng.random() < 0.85:
        at = rng.randrange(len(document))
        return [*document[:at], spoil_document(document[at], rng), *document[at + 1 :]]
    return hostile_value(rng)
