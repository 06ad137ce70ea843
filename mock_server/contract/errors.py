"""The problems of a request, worded as pydantic words them, and a document that the mock can't check requests by.

UnsupportedSchema        a schema of a request has a form without a check; the revision can't be served

RequestProblem
├── BodySyntaxInvalid    the content type is JSON, the body is not
├── BodyUnreadable       the body can't be read: not UTF-8, nested too deep, a number too long
└── RequestInvalid       path, query or body violate the contract; each violation is an item
"""

from __future__ import annotations

import json

from polar_contract.json_types import JsonObject

_LONGEST_SHOWN = 200


class UnsupportedSchema(Exception):
    """`schema` has a form for which `schemas.py` makes no check. `operation_id` is the operation that has it."""

    def __init__(self, schema: JsonObject, operation_id: str = "") -> None:
        shown = json.dumps(schema)
        short = shown if len(shown) <= _LONGEST_SHOWN else f"{shown[:_LONGEST_SHOWN]}..."
        super().__init__(
            f"{operation_id or 'a request'} has a schema that mock_server/contract/schemas.py can't check: {short}"
        )
        self.schema = schema
        self.operation_id = operation_id


class RequestProblem(Exception):
    """Base of the problems of a request."""


class BodySyntaxInvalid(RequestProblem):
    def __init__(self, item: JsonObject) -> None:
        super().__init__(str(item["msg"]))
        self.item = item


class BodyUnreadable(RequestProblem):
    """Reported without details, as the service does."""


class RequestInvalid(RequestProblem):
    """`items`: type, loc, msg, input and ctx of each violation; path first, then query, then body."""

    def __init__(self, items: list[JsonObject]) -> None:
        super().__init__(items)
        self.items = items

    def __str__(self) -> str:
        return "; ".join(f"{item['loc']}: {item['msg']}" for item in self.items)
