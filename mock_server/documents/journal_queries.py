"""Read what somebody looks for in a journal: filters, and how often a request has to have arrived."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from mock_server.documents.errors import Problems, shown, some_of
from mock_server.documents.fields import Fields
from polar_contract.json_types import JsonObject

_FILTERS = ("operation", "method", "status", "since", "after")
DOWNLOAD = "download"
"""The journal's name for a request for a document, which is no operation of the contract."""
_STATUS = re.compile(r"[1-5](?:\d\d|xx)")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DEFAULT_LIMIT = 100
_MOST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request has to have; None where anything will do."""

    operation: str | None = None
    method: str | None = None
    status: str | None = None
    """A status, or a class of them: 404, 4xx."""
    order: str | None = None
    """The id of an order that the request names or changed."""
    token: str | None = None
    """The token itself."""
    since: datetime | None = None
    after: int = 0
    """Only entries with a higher number."""


class Times(NamedTuple):
    """How often a request has to have arrived. `most` None: without an upper limit."""

    least: int = 1
    most: int | None = None

    def __contains__(self, count: object) -> bool:
        return isinstance(count, int) and self.least <= count and (self.most is None or count <= self.most)

    def __str__(self) -> str:
        if self.most is None:
            return f"at least {counted(self.least)}"
        if self.least == self.most:
            return f"exactly {counted(self.least)}" if self.least else "never"
        return f"between {self.least} and {counted(self.most)}"


def counted(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


class JournalQueries:
    """Reads queries of one journal. `operations`: all that there are; `orders` and `tokens`: ids and tokens by their names."""

    def __init__(
        self, *, operations: Collection[str], orders: Mapping[str, str] | None, tokens: Mapping[str, str] | None
    ) -> None:
        """`orders` and `tokens` None: the journal of what belongs to no world."""
        self._operations = operations
        self._orders = orders
        self._tokens = tokens
        self._filters = _FILTERS if orders is None else (*_FILTERS, "order", "token")

    def filter(self, sent: JsonObject) -> Wanted:
        """Errors: DocumentInvalid with every problem and its path."""
        problems = Problems()
        wanted = self._wanted(Fields(sent, "", known=self._filters, problems=problems))
        problems.raise_if_any()
        return wanted

    def page(self, sent: JsonObject) -> tuple[Wanted, int]:
        """A filter, and how many entries are wanted at most. Errors: DocumentInvalid."""
        problems = Problems()
        fields = Fields(sent, "", known=(*self._filters, "limit"), problems=problems)
        wanted, limit = self._wanted(fields), _count(fields, "limit")
        problems.raise_if_any()
        return wanted, _DEFAULT_LIMIT if limit is None else limit

    def verification(self, sent: JsonObject) -> tuple[Wanted, Times]:
        """Errors: DocumentInvalid."""
        problems = Problems()
        fields = Fields(sent, "", known=(*self._filters, "times"), problems=problems)
        wanted, times = self._wanted(fields), _read_times(fields)
        problems.raise_if_any()
        return wanted, times

    def _wanted(self, fields: Fields) -> Wanted:
        return Wanted(
            operation=self._operation(fields),
            method=_method(fields),
            status=_status(fields),
            order=_named(fields, "order", self._orders),
            token=_named(fields, "token", self._tokens),
            since=fields.time("since"),
            after=_count(fields, "after") or 0,
        )

    def _operation(self, fields: Fields) -> str | None:
        name = fields.text("operation")
        if name is not None and name not in self._operations:
            close = difflib.get_close_matches(name[:100], self._operations, 3, 0.4) or sorted(self._operations)
            fields.complain("operation", f"is {shown(name)}; the nearest are: {', '.join(close)}")
        return name


def _method(fields: Fields) -> str | None:
    method = fields.text("method")
    return None if method is None else method.upper()


def _status(fields: Fields) -> str | None:
    """A number, or a text with a number or a class of them."""
    value = fields.raw("status")
    text = value if isinstance(value, str) else str(value)
    if value is None or (not isinstance(value, bool) and _STATUS.fullmatch(text)):
        return None if value is None else text
    fields.complain("status", f"is {shown(value)}; it has to be a status such as 202, or a class of them such as 4xx")
    return None


def _named(fields: Fields, kind: str, known: Mapping[str, str] | None) -> str | None:
    """The id, or the token, of a name; an id is its own name."""
    value = fields.text(kind)
    if value is None or known is None:
        return None
    if value not in known and value not in known.values() and not _UUID.fullmatch(value):
        fields.complain(kind, f"is {shown(value)}; this world has: {some_of(known) or 'none'}")
    return known.get(value, value)


def _count(fields: Fields, name: str) -> int | None:
    """A whole number that is not negative; a query has it as a text."""
    value = fields.raw(name)
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 10:
        return int(value)
    if isinstance(value, str) or (isinstance(value, int) and not 0 <= value <= _MOST):
        fields.complain(name, f"is {shown(value)}; it has to be a whole number, 0 or more")
        return None
    return fields.integer(name)


def _read_times(fields: Fields) -> Times:
    """A number, or an object with the least and the most; at least once if it is left out."""
    value = fields.raw("times")
    if value is None:
        return Times()
    if not isinstance(value, dict):
        count = _count(fields, "times")
        return Times() if count is None else Times(count, count)
    limits = fields.object("times", known=("at_least", "at_most"))
    if limits is None:
        return Times()
    least, most = _count(limits, "at_least") or 0, _count(limits, "at_most")
    if most is not None and most < least:
        limits.complain("at_most", f"is {most}, which is less than at_least, {least}")
    return Times(least, most)
