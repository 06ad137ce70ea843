"""The changes from one OpenAPI document to another, operation by operation, and whom each hurts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from contract_tests.tools.changes.containment import Sure
from contract_tests.tools.changes.documents import Document
from contract_tests.tools.changes.schemas import SchemaChange, SchemaComparison
from contract_tests.tools.changes.wording import NOTHING
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object
from polar_contract.operations import METHODS

_PARAMETER_IN_PATH = re.compile(r"\{[^{}]*\}")


class Hurts(StrEnum):
    """The client that a change hurts: one that reads answers and events, one that writes requests, or none."""

    READERS = "readers"
    WRITERS = "writers"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a change shows: an operation, its part such as `response 200`, and a pointer into that part."""

    operation: str
    part: str
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One change in one operation. `subject` names what changed wherever it is used; `is_sure` is False if it may hurt nobody."""

    place: Place
    subject: str
    before: str
    after: str
    hurts: Hurts
    is_sure: bool = True
    is_removed: bool = False


@dataclass(frozen=True, slots=True)
class OperationNode:
    """An operation of a document. `is_event`: the service sends it, so that its body is read by clients."""

    label: str
    node: JsonObject
    parameters: tuple[JsonObject, ...] = ()
    is_event: bool = False
    reads: bool = True


@dataclass(frozen=True, slots=True)
class Changes:
    """All changes, and the labels of operations that only the new document has."""

    changes: tuple[Change, ...]
    new_operations: tuple[str, ...]


def changes_between(old: JsonObject, new: JsonObject) -> Changes:
    """What the new document changes. Errors: BrokenReference; RecursionError for schemas that are nested too deeply."""
    before, after = Document(old), Document(new)
    had, has = dict(operations_of(before)), dict(operations_of(after))
    comparison = _Comparison(before, after, SchemaComparison(before, after))
    found = chain.from_iterable(comparison.changes(one, has.get(key)) for key, one in had.items())
    return Changes(tuple(found), tuple(one.label for key, one in has.items() if key not in had))


def operations_of(document: Document) -> Iterator[tuple[str, OperationNode]]:
    """The operations by method and path, whatever the names of path parameters, and the webhooks by event."""
    for path, item in as_object(document.root.get("paths")).items():
        shared = as_list(document.object_at(item).get("parameters"))
        for method, value in document.object_at(item).items():
            if method in METHODS and isinstance(value, dict):
                parameters = map(document.object_at, [*shared, *as_list(value.get("parameters"))])
                key = f"{method} {_PARAMETER_IN_PATH.sub('{}', path)}"
                label = str(value.get("operationId") or f"{method.upper()} {path}")
                yield key, OperationNode(label, value, tuple(parameters), reads=method == "get")
    for event, item in as_object(document.root.get("webhooks")).items():
        for value in document.object_at(item).values():
            if isinstance(value, dict) and "requestBody" in value:
                yield f"webhook {event}", OperationNode(f"webhook {event}", value, is_event=True)


@dataclass(frozen=True, slots=True)
class _Comparison:
    old: Document
    new: Document
    schemas: SchemaComparison

    def changes(self, old: OperationNode, new: OperationNode | None) -> Iterator[Change]:
        if new is None:
            hurts = Hurts.READERS if old.reads else Hurts.WRITERS
            yield Change(Place(old.label, ""), "the operation", "exists", "gone", hurts, is_removed=True)
            return
        yield from self._bodies(old, new)
        if not old.is_event:
            yield from self._security(old, new)
            yield from self._parameters(old, new)
            yield from self._responses(old, new)

    def _security(self, old: OperationNode, new: OperationNode) -> Iterator[Change]:
        before, after = (_access(*one) for one in ((self.old, old.node), (self.new, new.node)))
        lost, won = before - after, after - before
        if lost or won:
            hurts = (Hurts.READERS if old.reads else Hurts.WRITERS) if lost else Hurts.NOBODY
            yield Change(
                Place(old.label, "security"),
                *("security", " or ".join(sorted(lost)) or NOTHING, " or ".join(sorted(won)) or NOTHING, hurts),
            )

    def _parameters(self, old: OperationNode, new: OperationNode) -> Iterator[Change]:
        had, has = (_by_name(one.parameters) for one in (old, new))
        for name in dict.fromkeys((*had, *has)):
            place = Place(old.label, name)
            if name not in has:
                yield Change(place, name, "a parameter", NOTHING, Hurts.WRITERS, is_removed=True)
            elif name not in had:
                is_needed = has[name].get("required") is True
                hurts = Hurts.WRITERS if is_needed else Hurts.NOBODY
                yield Change(place, name, NOTHING, f"a parameter, {'required' if is_needed else 'optional'}", hurts)
            else:
                yield from self._required(place, had[name], has[name])
                found = self.schemas.changes(had[name].get("schema", True), has[name].get("schema", True))
                yield from (_of_request(place, change) for change in found)

    def _bodies(self, old: OperationNode, new: OperationNode) -> Iterator[Change]:
        had, has = (doc.object_at(one.node.get("requestBody")) for doc, one in ((self.old, old), (self.new, new)))
        place, read = Place(old.label, "payload" if old.is_event else "request body"), _of_request
        if old.is_event:
            read = _of_response
        elif bool(had) != bool(has):
            is_needed = has.get("required") is True
            hurts = Hurts.WRITERS if had or is_needed else Hurts.NOBODY
            yield Change(place, place.part, "a body" if had else NOTHING, "a body" if has else NOTHING, hurts)
            return
        else:
            yield from self._required(place, had, has)
        yield from self._contents(place, had, has, read)

    def _responses(self, old: OperationNode, new: OperationNode) -> Iterator[Change]:
        had, has = (as_object(one.node.get("responses")) for one in (old, new))
        for status in dict.fromkeys((*had, *has)):
            place = Place(old.label, f"response {status}")
            if status not in has or status not in had:
                words = (f"status {status}", NOTHING)
                is_removed = status not in has
                before, after = words if is_removed else words[::-1]
                yield Change(place, place.part, before, after, Hurts.READERS, is_removed=is_removed)
            else:
                contents = (self.old.object_at(had[status]), self.new.object_at(has[status]))
                yield from self._contents(place, *contents, _of_response)

    def _contents(
        self, place: Place, old: JsonObject, new: JsonObject, read: Callable[[Place, SchemaChange], Change]
    ) -> Iterator[Change]:
        had, has = as_object(old.get("content")), as_object(new.get("content"))
        for kind in dict.fromkeys((*had, *has)):
            if kind in had and kind in has:
                schemas = (as_object(side[kind]).get("schema", True) for side in (had, has))
                yield from (read(place, change) for change in self.schemas.changes(*schemas))
            else:
                # What is read may now have a type that the reader does not know; what is written may be refused.
                hurts = Hurts.READERS if read is _of_response else Hurts.WRITERS if kind in had else Hurts.NOBODY
                before, after = (kind if kind in side else NOTHING for side in (had, has))
                yield Change(place, f"{place.part}: media type", before, after, hurts)

    def _required(self, place: Place, old: JsonObject, new: JsonObject) -> Iterator[Change]:
        before, after = (one.get("required") is True for one in (old, new))
        if before != after:
            was, now = ("required" if one else "optional" for one in (before, after))
            yield Change(place, place.part, was, now, Hurts.WRITERS if after else Hurts.NOBODY)


def _of_response(place: Place, change: SchemaChange) -> Change:
    return _change(place, change, Hurts.READERS, change.accepts_more)


def _of_request(place: Place, change: SchemaChange) -> Change:
    sure = change.accepts_less
    if change.is_default and sure is Sure.NO:
        # Nothing is refused, but whoever leaves the value out gets another effect.
        sure = Sure.UNKNOWN
    return _change(place, change, Hurts.WRITERS, sure)


def _change(place: Place, change: SchemaChange, whom: Hurts, sure: Sure) -> Change:
    hurts = Hurts.NOBODY if sure is Sure.NO else whom
    subject = f"{change.owner or place.part} {change.inside}".rstrip()
    return Change(
        Place(place.operation, place.part, change.pointer),
        *(subject, change.before, change.after, hurts),
        is_sure=sure is not Sure.UNKNOWN,
        is_removed=change.is_removed,
    )


def _by_name(parameters: tuple[JsonObject, ...]) -> dict[str, JsonObject]:
    return {
        f"{one.get('in')} parameter {one.get('name')}" if one.get("in") != "path" else _path_name(at): one
        for at, one in enumerate(parameters)
    }


def _path_name(at: int) -> str:
    return f"path parameter {at + 1}"


def _access(document: Document, node: JsonObject) -> frozenset[str]:
    """The ways to be let in: each the kinds of credential with their scopes; two schemes of one kind are one."""
    schemes = as_object(as_object(document.root.get("components")).get("securitySchemes"))
    ways = map(as_object, as_list(node.get("security", document.root.get("security"))))
    return frozenset(" and ".join(sorted(_credential(schemes, *one) for one in way.items())) for way in ways)


def _credential(schemes: JsonObject, name: str, scopes: JsonValue) -> str:
    scheme = as_object(schemes.get(name))
    kind = str(scheme.get("scheme") or scheme.get("type") or name)
    allowed = ", ".join(sorted(map(str, as_list(scopes))))
    return f"{kind} with {allowed}" if allowed else kind
