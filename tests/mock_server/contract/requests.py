"""Send a request directly to the checks of an operation, without a server; and any JSON that a client may send."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from mock_server.contract.bodies import Body, JsonBody, NoBody
from mock_server.contract.errors import RequestInvalid
from mock_server.contract.operations import Operation
from mock_server.contract.requests import CheckedRequest
from polar_contract.json_types import JsonObject

ORDER_ID = "1b6f1a0e-6f3c-4d7e-9a53-0d1f2b3c4d5e"
VERSION_7 = "01890a5d-ac96-774b-bcce-b302099a8057"
NOTHING = NoBody()
Operations = Mapping[str, Operation]

any_text = st.text(st.characters(exclude_categories=()))
"""Lone surrogates included: JSON can escape them. Plain `st.text()` spends seconds on its first draw in a fresh checkout."""
any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | any_text,
    lambda part: st.lists(part, max_size=4) | st.dictionaries(any_text, part, max_size=4),
    max_leaves=8,
)


def check(operation: Operation, *, id_: str = ORDER_ID, query: Any = (), body: Body = NOTHING) -> CheckedRequest:
    """A request with a correct path unless another is given."""
    return operation.check({"id": id_}, list(query), body)


def accepted_body(operation: Operation, sent: Any) -> JsonObject:
    return check(operation, body=JsonBody(sent)).body


def refused_body(operation: Operation, sent: Any) -> list[JsonObject]:
    return refused(operation, body=JsonBody(sent))


def refused(operation: Operation, **request: Any) -> list[JsonObject]:
    """The items of the refusal; fails if the request is accepted."""
    try:
        checked = check(operation, **request)
    except RequestInvalid as invalid:
        return invalid.items
    raise AssertionError(f"{operation.operation_id} accepted {request}: {checked}")


def assert_can_be_answered(items: list[JsonObject], *places: str) -> None:
    """Every item is complete, in the service's order of keys, and JSON can carry it."""
    assert items
    json.dumps(items, allow_nan=False)
    for item in items:
        assert list(item)[:4] == ["type", "loc", "msg", "input"]
        assert list(item)[4:] in ([], ["ctx"])
        assert isinstance(item["loc"], list)
        assert item["loc"][0] in places
