"""Apply an OpenAPI Overlay 1.0 document to the published contract: one pure function."""

from __future__ import annotations

import copy
from dataclasses import dataclass

from polar_contract.errors import OverlayMismatch
from polar_contract.json_types import JsonObject, JsonValue, as_object, pointer_to
from polar_contract.operations import operation_nodes
from polar_contract.overlay_document import Action, kind_of, read_actions


def apply_overlay(published: JsonObject, overlay: JsonObject) -> JsonObject:
    """The effective document: a deep copy of the published contract, changed by the overlay's actions in their order.

    Beyond Overlay 1.0, an action that selects nothing is an error, as are `x-origin: overlay` on something that exists,
    and a response with a mark of the overlay (`x-origin`, `x-widened-by`) and no `x-source`. Neither argument is changed.
    Errors: OverlayMismatch with the place in the overlay.
    """
    actions = read_actions(overlay)
    effective = copy.deepcopy(published)
    for action in actions:
        for place in _selected(effective, action):
            if action.remove:
                _remove(place, action)
            else:
                _update(place, action)
    _require_sources(effective)
    return effective


@dataclass(frozen=True, slots=True)
class _Place:
    """An object or list that a target selects; its parent and its key there are None for the whole document."""

    pointer: str
    value: JsonObject | list[JsonValue]
    parent: object
    key: str | int | None


def _selected(document: JsonObject, action: Action) -> list[_Place]:
    # Imported late: it takes a tenth of a second, and checking a document without an overlay does not need it.
    from jsonpath import JSONPathError, finditer

    at = pointer_to(action.pointer, "target")
    try:
        # By its location: a target can select the same place twice.
        matches = {match.parts: match for match in finditer(action.target, document, strict=True)}
    except JSONPathError as problem:
        raise OverlayMismatch(at, f"{action.target!r} is not JSONPath (RFC 9535): {problem.args[0]}") from problem
    if not matches:
        raise OverlayMismatch(at, f"{action.target!r} selects nothing in the published contract")
    if action.selects not in (None, len(matches)):
        reason = f"{action.target!r} selects {len(matches)}, and `x-selects` says {action.selects}"
        raise OverlayMismatch(at, reason)
    found: list[_Place] = []
    for parts, match in matches.items():
        pointer = pointer_to("", *parts)
        if not isinstance(match.obj, dict | list):
            reason = f"{action.target!r} selects a single value, at {pointer}; select the object or list that has it"
            raise OverlayMismatch(at, reason)
        found.append(_Place(pointer, match.obj, match.parent and match.parent.obj, parts[-1] if parts else None))
    return found


def _remove(place: _Place, action: Action) -> None:
    if isinstance(place.parent, dict):
        place.parent.pop(place.key)
    elif isinstance(place.parent, list):
        place.parent[:] = [item for item in place.parent if item is not place.value]
    else:
        raise OverlayMismatch(pointer_to(action.pointer, "remove"), "the whole document can't be removed")


def _update(place: _Place, action: Action) -> None:
    at = pointer_to(action.pointer, "update")
    if isinstance(place.value, list):
        place.value.append(copy.deepcopy(action.update))
    elif isinstance(action.update, dict):
        _merge(place.value, action.update, at)
    else:
        reason = f"the target selects an object, so `update` has to be one; this is {kind_of(action.update)}"
        raise OverlayMismatch(at, reason)


def _merge(known: JsonObject, update: JsonObject, at: str) -> None:
    """Merge recursively: lists are joined, single values replaced. `at` is the place of the update in the overlay."""
    if update.get("x-origin") == "overlay":
        raise OverlayMismatch(at, "the published contract already has this; `x-origin: overlay` says that it is new")
    for name, value in update.items():
        here, present = pointer_to(at, name), known.get(name)
        if isinstance(present, dict) and isinstance(value, dict):
            _merge(present, value, here)
        elif isinstance(present, list) and isinstance(value, list):
            present.extend(copy.deepcopy(value))
        elif isinstance(present, dict | list) or (name in known and isinstance(value, dict | list)):
            reason = f"the published contract has {kind_of(present)} here, which can't become {kind_of(value)}"
            raise OverlayMismatch(here, reason)
        else:
            known[name] = copy.deepcopy(value)


def _require_sources(effective: JsonObject) -> None:
    for path, method, operation in operation_nodes(effective):
        for status, response in as_object(operation.get("responses")).items():
            marks = as_object(response)
            if {"x-origin", "x-widened-by"} & marks.keys() and not isinstance(marks.get("x-source"), str):
                where = f"the response {status} of {method.upper()} {path}"
                raise OverlayMismatch("/actions", f"{where} needs its `x-source` as text: where it was seen")
