"""What is wrong with a request, in pydantic's words.

RequestProblem
├── BodySyntaxInvalid    the body is not JSON although it says so
├── BodyUnreadable       the body can't be read at all: not UTF-8, nested too deep, a number too long
└── RequestInvalid       path, query or body do not fit the contract; every misfit is an item
"""

from __future__ import annotations

from polar_contract.json_types import JsonObject


class RequestProblem(Exception):
    """Base of what can be wrong with a request."""


class BodySyntaxInvalid(RequestProblem):
    def __init__(self, item: JsonObject) -> None:
        super().__init__(str(item["msg"]))
        self.item = item


class BodyUnreadable(RequestProblem):
    """Told without details, as the service does."""


class RequestInvalid(RequestProblem):
    """`items`: type, loc, msg, input and ctx of each misfit; path first, then query, then body."""

    def __init__(self, items: list[JsonObject]) -> None:
        super().__init__("; ".join(f"{item['loc']}: {item['msg']}" for item in items))
        self.items = items
