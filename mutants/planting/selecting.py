"""Which answers a defect applies to: a row's `when`, `asked`, `says` and `token`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from functools import lru_cache

from mutants.planting.messages import error_name
from mutants.planting.objects import Json
from mutants.proxy import Answer, Request
from polar_contract.operations import Operations

When = Callable[[Request, Answer], bool]
Match = Callable[[str, str], str]
Place = tuple[str, int]
"""An operation's id and a status."""
SELECTION = frozenset({"when", "asked", "says", "token"})
_ORDERS = "*orders:get|*orders:update|*orders:list 200"


def matcher(operations: Operations) -> Match:
    """The id of a request's operation, or `router`; remembered, because every defect asks it of every request."""

    @lru_cache(maxsize=10_000)
    def match(method: str, path: str) -> str:
        operation = operations.match(method, path)
        return operation.id if operation is not None else "router"

    return match


def when_of(data: Mapping[str, Json], match: Match) -> When:
    """`when` is a pattern of operation ids, then a status and an error name, each optional; without it every answer fits.

    `asked` is an expression in path and query, `says` one in the answer's body, `token` one at the start of the token
    (empty: no token). A row about orders applies to every answer that shows orders, unless it says otherwise.
    """
    is_about_orders = str(data.get("of", "")).partition(".")[0] == "orders"
    pattern, status, error = [*str(data.get("when", _ORDERS if is_about_orders else "")).split(), "", "", ""][:3]
    asked, says = re.compile(str(data.get("asked", ""))), re.compile(str(data.get("says", "")).encode())
    token = data.get("token")

    def fits(request: Request, answer: Answer) -> bool:
        return (
            (not status or status == "*" or str(answer.status) == status)
            and (not pattern or _is_operation(match(request.method, request.path.partition("?")[0]), pattern))
            and (not error or error_name(answer) == error)
            and (not asked.pattern or asked.search(f"{request.method} {request.path}") is not None)
            and (not says.pattern or says.search(answer.body) is not None)
            and (token is None or _has_token(request, token))
        )

    return fits


def place_of(data: Mapping[str, Json]) -> Place | None:
    """The only operation and status that a row selects; None when it may select others."""
    pattern, status = [*str(data.get("when", "")).split(), "", ""][:2]
    is_exact = bool(pattern) and not set(pattern) & set("*|?[") and status.isdecimal()
    return (pattern, int(status)) if is_exact else None


def _is_operation(name: str, pattern: str) -> bool:
    return name == pattern or any(fnmatchcase(name, one) for one in pattern.split("|"))


def _has_token(request: Request, start: str) -> bool:
    return (request.token or "").startswith(start) if start else request.token is None
