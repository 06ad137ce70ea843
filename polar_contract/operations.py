"""The operations of the contract: their paths, documented statuses, and who may call them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object

Source = Literal["contract", "observed", "guarantee"]
"""Where a rule comes from: the document, what the service was seen to do, or a guarantee in the documentation's prose."""
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
# Members of any role may read their own identity. Source: observed on the service, April 2026.
OPEN_TO_EVERY_ROLE = frozenset(
    {
        "customer_portal:customers:get",
        "customer_portal:customer-session:introspect",
        "customer_portal:customer-session:get_authenticated_user",
    }
)


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path. `statuses` are those of the published contract and the overlay."""

    id: str
    method: str
    path: str
    statuses: tuple[int, ...]
    published_statuses: frozenset[int]
    schemes: frozenset[str]
    scopes: frozenset[str]
    """Any one of these scopes is enough."""
    has_body: bool
    pattern: re.Pattern[str]
    needs_body: bool = False
    """Whether a request without a body is refused."""
    query_names: tuple[str, ...] = ()
    """In the document's order."""
    sortings: frozenset[str] = frozenset()
    """The values that its parameter `sorting` accepts; empty when it has none."""

    @property
    def is_portal(self) -> bool:
        """Whether customers and members call it, rather than the organization."""
        return "customer_session" in self.schemes

    @property
    def is_read(self) -> bool:
        """Whether it never changes anything."""
        return self.method == "GET"

    @property
    def has_id(self) -> bool:
        """Whether its path names one object."""
        return "{id}" in self.path

    @property
    def is_list(self) -> bool:
        """Whether it returns pages of items."""
        return self.is_read and not self.has_id and self.id.rpartition(":")[2].startswith("list")

    @property
    def is_about_order(self) -> bool:
        """Whether the id in its path is an order's."""
        return "/orders/{id}" in self.path

    def source_of(self, status: int) -> Source:
        """Where this status is documented: `observed` for the overlay only, otherwise `contract`."""
        return "observed" if status in self.statuses and status not in self.published_statuses else "contract"

    def url_path(self, object_id: str = "") -> str:
        """The path with the id inserted, percent-encoded as clients do."""
        return self.path.replace("{id}", quote(object_id, safe=""))


class Operations:
    """All operations of one revision, by id and by request."""

    def __init__(self, published: JsonObject, effective: JsonObject) -> None:
        known = {one.id: one.statuses for one in _read(published, {})}
        self.by_id: dict[str, Operation] = {one.id: one for one in _read(effective, known)}

    def __iter__(self) -> Iterator[Operation]:
        return iter(self.by_id.values())

    def match(self, method: str, path: str) -> Operation | None:
        """The operation of a request, or None. A literal path wins over one with a parameter."""
        found = [one for one in self if one.method == method and one.pattern.fullmatch(path)]
        return min(found, key=lambda one: one.has_id, default=None)

    def first_route_method(self, path: str) -> str | None:
        """The method of the first route on a path: the only one that `Allow` names. None for a path of no operation.

        Source: observed on the service, April 2026.
        """
        return next((one.method for one in self if one.pattern.fullmatch(path)), None)


def operation_nodes(document: JsonObject) -> Iterator[tuple[str, str, JsonObject]]:
    """Path, method in lower case and content of each operation, in the document's order. Skips what is no object."""
    for path, item in as_object(document.get("paths")).items():
        for method, node in as_object(item).items():
            if method in METHODS and isinstance(node, dict):
                yield path, method, node


def _read(document: JsonObject, published_statuses: Mapping[str, tuple[int, ...]]) -> Iterator[Operation]:
    for path, method, node in operation_nodes(document):
        yield _operation(path, method, node, document, published_statuses)


def _operation(
    path: str, method: str, raw: JsonObject, document: JsonObject, published_statuses: Mapping[str, tuple[int, ...]]
) -> Operation:
    statuses = tuple(sorted(int(status) for status in _object(raw["responses"]) if status.isdigit()))
    operation_id = str(raw["operationId"])
    query = [one for one in map(_object, as_list(raw.get("parameters"))) if one.get("in") == "query"]
    return Operation(
        id=operation_id,
        method=method.upper(),
        path=path,
        statuses=statuses,
        published_statuses=frozenset(published_statuses.get(operation_id, statuses)),
        schemes=frozenset(_schemes(raw, document)),
        scopes=frozenset(_scopes(raw, document)),
        has_body="requestBody" in raw,
        pattern=re.compile("[^/]+".join(map(re.escape, re.split(r"\{[^}]+\}", path)))),
        needs_body=as_object(raw.get("requestBody")).get("required") is True,
        query_names=tuple(str(one["name"]) for one in query),
        sortings=frozenset(
            text for one in query if one["name"] == "sorting" for text in _choices(one["schema"], document)
        ),
    )


def _choices(schema: JsonValue, document: JsonObject) -> Iterator[str]:
    """The values of every `enum` in a schema, with references followed."""
    if isinstance(schema, list):
        for one in schema:
            yield from _choices(one, document)
    elif isinstance(schema, dict):
        yield from map(str, as_list(schema.get("enum")))
        for key, value in schema.items():
            if key == "$ref":
                yield from _choices(_referred(str(value), document), document)
            else:
                yield from _choices(value, document)


def _referred(reference: str, document: JsonObject) -> JsonValue:
    found: JsonValue = document
    for part in reference.removeprefix("#/").split("/"):
        found = _object(found)[part]
    return found


def _schemes(raw: JsonObject, document: JsonObject) -> Iterator[str]:
    for alternative in _security(raw, document):
        yield from alternative


def _scopes(raw: JsonObject, document: JsonObject) -> Iterator[str]:
    for alternative in _security(raw, document):
        for scopes in alternative.values():
            yield from map(str, as_list(scopes))


def _security(raw: JsonObject, document: JsonObject) -> list[JsonObject]:
    return [_object(one) for one in as_list(raw.get("security", document.get("security")))]


def _object(value: JsonValue) -> JsonObject:
    if not isinstance(value, dict):
        raise TypeError(f"expected an object in the contract, found {type(value).__name__}")
    return value
