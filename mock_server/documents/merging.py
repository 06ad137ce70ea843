"""Merge one document into another; the upper document's values win.

Sections, the named objects in them, and a world's policies merge key by key. Everything else is one value and replaced
as a whole: texts and numbers, lists, and objects whose parts belong together, such as an address, a payment or a rate limit.
Null in the place of a named object removes that object; in any other place it is the value null.
"""

from __future__ import annotations

from mock_server.documents.errors import Problems, cut
from mock_server.documents.names import one_of
from mock_server.documents.parsing import SECTION_KEYS
from polar_contract.json_types import JsonObject, JsonValue, as_object

_Path = tuple[str, ...]
_MERGED_POLICIES = ("organization", "invoices", "sessions", "webhooks")
_OWN_NAMES = ("members", "metadata")
"""Keys chosen by the document's author, such as those of a section: `customers.main.members.owner`, `orders.paid.metadata.campaign`."""


def merged(base: JsonObject, changes: JsonObject) -> JsonObject:
    """Neither argument is changed. Errors: DocumentInvalid for null in the place of a name that the lower document lacks."""
    problems = Problems()
    result = _merged(base, changes, (), problems)
    problems.raise_if_any()
    return result


def _merged(base: JsonObject, changes: JsonObject, path: _Path, problems: Problems) -> JsonObject:
    result = dict(base)
    for key, change in changes.items():
        here = (*path, key)
        if change is None and _holds_own_names(path):
            if result.pop(key, None) is None:
                known = one_of(base, "there is none")
                problems.add(".".join(map(cut, here)), f"is null, which removes it, but it is not there; {known}")
        else:
            result[key] = _value(base.get(key), change, here, problems)
    return result


def _value(base: JsonValue, change: JsonValue, path: _Path, problems: Problems) -> JsonValue:
    if isinstance(change, dict) and _is_merged(path):
        return _merged(as_object(base), change, path, problems)
    return change


def _is_merged(path: _Path) -> bool:
    match path:
        case (top,):
            return top in SECTION_KEYS or top in _MERGED_POLICIES
        case (section, _):
            return section in SECTION_KEYS
        case (section, _, within):
            return section in SECTION_KEYS and within in (*_OWN_NAMES, "custom_field_data")
        case (section, _, "members", _):
            return section in SECTION_KEYS
    return False


def _holds_own_names(path: _Path) -> bool:
    match path:
        case (section,):
            return section in SECTION_KEYS
        case (section, _, within):
            return section in SECTION_KEYS and within in _OWN_NAMES
    return False
