"""The rules of versions: which one an answer has to name, and which ones a service serves and refuses. Pure.

Source: Polar's published versioning page and middleware, September 2026; observed on the service, August 2026.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from contract_tests.checks.findings import Problem
from contract_tests.checks.rules import Rule
from contract_tests.model.calendar import Calendar
from contract_tests.transport.exchanges import NO_STATUS, Exchange
from polar_contract.json_types import JsonObject

_ROUTE_UNKNOWN: JsonObject = {"detail": "Not Found"}
_PATHS = ("/v1/", "/api/v1/")
_CORS = "access-control-"


@dataclass(frozen=True, slots=True)
class VersionRules:
    """What holds at one service. `header` names versions, `current` is the version of requests that name none.

    `judged`: the version whose answers all other rules are about. `day`: the day of the answers; None for a world of the
    contract tests, which serves what was served when its current version became current, and nothing else.
    """

    header: str
    current: str
    judged: str
    calendar: Calendar
    day: date | None

    def has_to_serve(self, name: str) -> bool:
        """Whether a request may choose this version on every correct service."""
        if name == self.current:
            return True
        if self.day is None:
            return name in self.calendar.served_beside(self.current)
        return self.calendar.has_to_serve(name, self.current, self.day)

    def has_to_refuse(self, name: str) -> bool:
        """Whether no correct service serves this version."""
        if name == self.current:
            return False
        if self.day is None:
            return name not in self.calendar.served_beside(self.current)
        return self.calendar.has_to_refuse(name, self.current, self.day)

    def named(self, exchange: Exchange) -> str | None:
        """The version that a request names; None if it names none, or an empty one."""
        return self._sent(exchange) or None

    def is_judged(self, exchange: Exchange) -> bool:
        """Whether the other rules are about this answer, too."""
        return (self.named(exchange) or self.current) == self.judged

    def is_refused(self, exchange: Exchange) -> bool:
        """Whether an answer says that the version is not served: like that to an unknown path, without a version."""
        return is_route_unknown(exchange) and self.header.lower() not in exchange.headers

    def problems(self, exchange: Exchange) -> Iterator[Problem]:
        """Everything that is wrong with what an answer shows of versions."""
        if exchange.status == NO_STATUS or not exchange.path.startswith(_PATHS):
            return
        name = self.named(exchange)
        if name is None:
            yield from self._of_current(exchange)
        elif self.has_to_refuse(name):
            yield from self._of_refused(exchange, name)
        elif not self.is_refused(exchange):
            yield from self._of_served(exchange, name)
        elif self.has_to_serve(name):
            yield Rule.PINNED, f"an answer of version {name}, which the service has to serve", exchange.excerpt()
        else:
            yield from self._of_refused(exchange, name)

    def _of_current(self, exchange: Exchange) -> Iterator[Problem]:
        if self._sent(exchange) == "" and self.is_refused(exchange):
            yield Rule.PINNED, "the current version, because an empty one counts as none", exchange.excerpt()
            return
        shown = exchange.headers.get(self.header.lower())
        # While a run goes on, the next version may become the current one.
        has_rotated = self.day is not None and self.calendar.may_be_current(shown or "", self.current, self.day)
        if shown != self.current and not has_rotated:
            yield Rule.ECHOED, f"{self.header}: {self.current}", shown or "no such header"

    def _of_served(self, exchange: Exchange, name: str) -> Iterator[Problem]:
        shown = exchange.headers.get(self.header.lower())
        if shown == name:
            return
        # The name of another version says that the request's choice was ignored.
        rule = Rule.PINNED if shown in self.calendar.dated else Rule.ECHOED
        yield rule, f"{self.header}: {name}", shown or "no such header"

    def _of_refused(self, exchange: Exchange, name: str) -> Iterator[Problem]:
        if not is_route_unknown(exchange):
            yield Rule.UNKNOWN_REFUSED, f"404 {_ROUTE_UNKNOWN} to version {name}", exchange.excerpt()
        for header, value in exchange.headers.items():
            if header == self.header.lower() or header.startswith(_CORS):
                yield Rule.UNKNOWN_REFUSED, f"no {header} on the refusal of version {name}", f"{header}: {value}"

    def _sent(self, exchange: Exchange) -> str | None:
        wanted = self.header.lower()
        return next((value for name, value in exchange.request_headers.items() if name.lower() == wanted), None)


def is_route_unknown(exchange: Exchange) -> bool:
    """Whether an answer is the router's 404."""
    try:
        return exchange.status == 404 and exchange.json() == _ROUTE_UNKNOWN
    except ValueError:
        return False
