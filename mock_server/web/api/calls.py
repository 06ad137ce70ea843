"""The arguments of an operation's function, and readers for common parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, cast

from mock_server.contract.requests import CheckedRequest
from mock_server.services.callers import Caller
from mock_server.services.context import Services
from mock_server.services.paging import PageRequest
from mock_server.store.state import World
from mock_server.store.tables import Tables
from mock_server.web.exchange import Answer


class Call(NamedTuple):
    """A request that passed every check, with its world and its caller."""

    services: Services
    world: World
    caller: Caller
    checked: CheckedRequest
    base_url: Callable[[], str]
    """The base of links in the response."""

    @property
    def tables(self) -> Tables:
        """The tables that this request reads, from its first read to its last."""
        return self.caller.tables

    @property
    def id(self) -> str:
        return self.checked.path["id"]


@dataclass(frozen=True, slots=True)
class ApiOperation:
    """An operation's function, and whether members need a billing role for it."""

    answer: Callable[[Call], Answer]
    needs_billing_role: bool = False


def page_request(call: Call) -> PageRequest:
    return PageRequest(cast(int, call.checked.query["page"]), cast(int, call.checked.query["limit"]))


def id_filter(call: Call, name: str) -> frozenset[str] | None:
    """A repeatable parameter as a set of texts; None when it was not sent."""
    values = cast("list[object] | None", call.checked.query.get(name))
    return None if values is None else frozenset(map(str, values))
