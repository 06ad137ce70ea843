"""Read the actions of an OpenAPI Overlay 1.0 document, or say what is wrong with it; overlay.py applies them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from polar_contract.errors import OverlayMismatch
from polar_contract.json_types import JsonObject, JsonValue, pointer_to

_READ = re.compile(r"1\.0\.\d+")
_FIELDS = ("overlay", "info", "extends", "actions")
_FIELDS_OF_INFO = ("title", "version")
_FIELDS_OF_AN_ACTION = ("target", "description", "update", "remove")


@dataclass(frozen=True, slots=True)
class Action:
    """One action.

    pointer  its place in the overlay, a JSON Pointer
    target   JSONPath, as written
    remove   whether what the target selects is removed; `update` has no effect then
    update   what is merged into selected objects and appended to selected lists
    selects  how many places the target has to select; None: one or more
    """

    pointer: str
    target: str
    remove: bool
    update: JsonValue
    selects: int | None


def read_actions(overlay: JsonObject) -> tuple[Action, ...]:
    """The actions in the order of the document. Source: the OpenAPI Overlay Specification 1.0.0.

    Fields that it does not define are errors, except those that begin with `x-`. `x-selects` is ours.
    Errors: OverlayMismatch with the place in the overlay.
    """
    version = _field(overlay, "", "overlay", "text")
    if not _READ.fullmatch(str(version)):
        raise OverlayMismatch("/overlay", f"this is Overlay {version!r}; only 1.0 is supported, written as '1.0.0'")
    info = _field(overlay, "", "info", "an object")
    assert isinstance(info, dict)
    for name in _FIELDS_OF_INFO:
        _field(info, "/info", name, "text")
    _field(overlay, "", "extends", "text", required=False)
    actions = _field(overlay, "", "actions", "a list")
    assert isinstance(actions, list)
    if not actions:
        raise OverlayMismatch("/actions", "there are no actions; an overlay needs one or more")
    _refuse_unknown_fields(overlay, "", _FIELDS)
    _refuse_unknown_fields(info, "/info", _FIELDS_OF_INFO)
    repeated = [index for index, action in enumerate(actions) if action in actions[:index]]
    if repeated:
        raise OverlayMismatch(pointer_to("/actions", repeated[0]), "this action is the same as an earlier one")
    return tuple(_action(action, pointer_to("/actions", index)) for index, action in enumerate(actions))


def kind_of(value: JsonValue) -> str:
    """What a message calls the value."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    return "null" if value is None else "text"


def _action(action: JsonValue, pointer: str) -> Action:
    if not isinstance(action, dict):
        raise OverlayMismatch(pointer, f"an action has to be an object; this is {kind_of(action)}")
    target = _field(action, pointer, "target", "text")
    _field(action, pointer, "description", "text", required=False)
    remove = _field(action, pointer, "remove", "true or false", required=False)
    _refuse_unknown_fields(action, pointer, _FIELDS_OF_AN_ACTION)
    if not remove and "update" not in action:
        raise OverlayMismatch(pointer, "the action changes nothing; it needs `update` or `remove: true`")
    return Action(pointer, str(target), bool(remove), action.get("update"), _selects(action, pointer))


def _selects(action: JsonObject, pointer: str) -> int | None:
    if "x-selects" not in action:
        return None
    value = action["x-selects"]
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise OverlayMismatch(pointer_to(pointer, "x-selects"), "this has to be a number of places: 1 or more")
    return value


def _field(holder: JsonObject, pointer: str, name: str, kind: str, *, required: bool = True) -> JsonValue:
    if name not in holder:
        if required:
            raise OverlayMismatch(pointer, f"there is no `{name}`; it has to be {kind}")
        return None
    value = holder[name]
    if kind_of(value) != kind:
        raise OverlayMismatch(pointer_to(pointer, name), f"`{name}` has to be {kind}; this is {kind_of(value)}")
    return value


def _refuse_unknown_fields(holder: JsonObject, pointer: str, known: tuple[str, ...]) -> None:
    for name in holder:
        if name not in known and not name.startswith("x-"):
            fields = ", ".join(known)
            reason = f"Overlay 1.0 has no such field here; it has {fields}, and any that begins with x-"
            raise OverlayMismatch(pointer_to(pointer, name), reason)
