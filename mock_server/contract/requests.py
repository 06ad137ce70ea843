"""Check a whole request against its operation (path, query, body) and report every violation together."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from pydantic_core import SchemaValidator, Url, ValidationError

from mock_server.contract.bodies import Body, JsonBody, NoBody, RawBody, parse_body
from mock_server.contract.errors import RequestInvalid
from mock_server.contract.schemas import Fragment, body_schema, is_list, parameter_schema
from mock_server.contract.uuid_texts import reworded
from polar_contract.behaviour import Behaviour
from polar_contract.json_types import JsonObject

__all__ = ["Body", "CheckedRequest", "JsonBody", "NoBody", "RawBody", "RequestCheck", "parse_body"]

# Parameters that all lists share are checked before an operation's own. Source: observed on the service, April 2026.
_CHECKED_FIRST = ("page", "limit", "sorting")
_REMEMBERED_IDS = 256
_Outcome = tuple[Any, Sequence[JsonObject]]
"""The normalised value, and the violations instead of one."""
_BODY_MISSING: JsonObject = {"type": "missing", "loc": ["body"], "msg": "Field required", "input": None}


class CheckedRequest(NamedTuple):
    """Path and query by name, with defaults; of the body only the fields that were sent, normalised."""

    path: Mapping[str, str]
    query: Mapping[str, Any]
    body: JsonObject


class _Parameter:
    def __init__(self, node: Fragment) -> None:
        schema = node["schema"]
        self.name: str = node["name"]
        self.is_deep = node.get("style") == "deepObject"
        self.deep_form = re.compile(rf"{re.escape(self.name)}\[([^\]]+)\]")
        self.is_list = not self.is_deep and is_list(schema)
        self.default = schema.get("default")
        self.loc = (node["in"], self.name)
        self.check = None if self.is_deep else _value_check(schema, self.loc)


def _value_check(schema: Fragment, loc: tuple[str, str]) -> Callable[[Any], _Outcome]:
    """The check of a value. Paths have the same few ids again and again, so their outcomes are remembered."""
    validate = SchemaValidator(parameter_schema(schema)).validate_python

    def check(value: Any) -> _Outcome:
        try:
            return _plain(validate(value)), ()
        except ValidationError as error:
            return None, _items(error, loc)

    return lru_cache(_REMEMBERED_IDS)(check) if loc[0] == "path" else check


class RequestCheck:
    """The compiled checks of one operation; `body` None means that the operation takes no body."""

    def __init__(
        self,
        parameters: Sequence[Fragment],
        body: Fragment | None,
        behaviour: Behaviour,
        *,
        is_body_required: bool = True,
    ) -> None:
        compiled = [_Parameter(node) for node in parameters]
        self._path = [parameter for parameter in compiled if parameter.loc[0] == "path"]
        self._query = sorted((parameter for parameter in compiled if parameter.loc[0] == "query"), key=_rank)
        self._body = None if body is None else SchemaValidator(body_schema(body, behaviour.webhook)).validate_python
        self._needs_body = is_body_required
        self._most_items = behaviour.request.most_items_per_page
        self._texts = behaviour.request.validation_texts

    def run(self, path: Mapping[str, str], query: Sequence[tuple[str, str]], body: Body) -> CheckedRequest:
        items: list[JsonObject] = []
        checked_path = {p.name: _checked(p, path[p.name], items) for p in self._path}
        checked_query = self._checked_query(query, items) if self._query else {}
        checked_body = self._checked_body(body, items) if self._body else {}
        if items:
            raise RequestInvalid([reworded(item, self._texts) for item in items])
        return CheckedRequest(checked_path, checked_query, checked_body)

    def _checked_query(self, query: Sequence[tuple[str, str]], items: list[JsonObject]) -> dict[str, Any]:
        sent: dict[str, list[str]] = {}
        for name, value in query:
            sent.setdefault(name, []).append(value)
        checked = {parameter.name: _query_value(parameter, sent, items) for parameter in self._query}
        if isinstance(checked.get("limit"), int):
            checked["limit"] = min(checked["limit"], self._most_items)
        return checked

    def _checked_body(self, body: Body, items: list[JsonObject]) -> JsonObject:
        match body:
            case NoBody() | JsonBody(None) if not self._needs_body:
                return {}
            case NoBody() | JsonBody(None):
                items.append(_BODY_MISSING)
                return {}
            case JsonBody(value) | RawBody(value):
                return _validated_body(self._body, value, items)


def _rank(parameter: _Parameter) -> int:
    """Shared parameters in their fixed order, then the others in the document's order."""
    shared = parameter.name in _CHECKED_FIRST
    return _CHECKED_FIRST.index(parameter.name) if shared else len(_CHECKED_FIRST)


def _validated_body(validate: Any, value: Any, items: list[JsonObject]) -> JsonObject:
    try:
        plain: JsonObject = _plain(validate(value))
        return plain
    except ValidationError as error:
        items.extend(_items(error, ("body",)))
        return {}


def _query_value(parameter: _Parameter, sent: Mapping[str, list[str]], items: list[JsonObject]) -> Any:
    if parameter.is_deep:
        return _deep(parameter.deep_form, sent)
    values = sent.get(parameter.name)
    if values is None:
        return parameter.default
    # If a single-value parameter is repeated, the last value counts. Source: observed on the service.
    return _checked(parameter, values if parameter.is_list else values[-1], items)


def _deep(form: re.Pattern[str], sent: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """`metadata[key]=value`, repeatable, as a dictionary of lists; the key ends at the first bracket.

    A parameter without a key, or without a bracket after it, is an unknown parameter. Source: observed on the service, and
    polar's metadata queries, April 2026.
    """
    deep: dict[str, list[str]] = {}
    for parameter, values in sent.items():
        if found := form.match(parameter):
            deep.setdefault(found[1], []).extend(values)
    return deep


def _checked(parameter: _Parameter, value: Any, items: list[JsonObject]) -> Any:
    assert parameter.check is not None
    checked, violations = parameter.check(value)
    items += violations
    return checked


def _items(error: ValidationError, loc: tuple[str, ...]) -> list[JsonObject]:
    return [_item(found, loc) for found in error.errors(include_url=False)]


def _item(found: Any, loc: tuple[str, ...]) -> JsonObject:
    item: JsonObject = {
        "type": found["type"],
        "loc": [*loc, *found["loc"]],
        "msg": found["msg"],
        "input": _writable(found["input"]),
    }
    if "ctx" in found:
        # The service writes an exception in the context as an empty object. Source: observed on the service.
        item["ctx"] = {key: {} if isinstance(value, Exception) else value for key, value in found["ctx"].items()}
    return item


def _writable(value: Any) -> Any:
    """The sent value as JSON can carry it: numbers that JSON does not have become null."""
    if isinstance(value, str):
        return value
    try:
        json.dumps(value, allow_nan=False)
    except ValueError:
        return json.loads(json.dumps(value), parse_constant=lambda _: None)
    return value


def _plain(value: Any) -> Any:
    """Ids and URLs as text."""
    if isinstance(value, str):
        return value
    if isinstance(value, UUID | Url):
        return str(value)
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return value
