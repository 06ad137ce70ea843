"""The problems of a request, worded as pydantic words them.

RequestProblem
├── BodySyntaxInvalid    the content type is JSON, the body is not
├── BodyUnreadable       the body can't be read: not UTF-8, nested too deep, a number too long
└── RequestInvalid       path, query or body violate the contract; each violation is an item
"""

from __future__ import annotations

from polar_contract.json_types import JsonObject


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
        super().__init__("; ".join(f"{item['loc']}: {item['msg']}" for item in items))
        self.items = items
