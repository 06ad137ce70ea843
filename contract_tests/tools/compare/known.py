"""Known differences between the mock and the service: loads known.yaml and finds the entry that explains a difference."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from urllib.parse import urlsplit

import yaml

from contract_tests.tools.compare.places import Place
from contract_tests.transport.exchanges import Exchange
from polar_contract.json_types import JsonObject, as_list, as_object

_ANYTHING = ".*"


@dataclass(frozen=True, slots=True)
class Sign:
    """How an entry shows in a comparison. The comment on top of known.yaml documents what each pattern is matched with."""

    operations: frozenset[str]
    request: re.Pattern[str]
    place: re.Pattern[str]
    mock: re.Pattern[str]
    service: re.Pattern[str]

    def fits(self, exchange: Exchange, place: str, *, mock: str, service: str) -> bool:
        """Whether the entry explains this place in the answers to this request."""
        return (
            (not self.operations or exchange.operation_id in self.operations)
            and self.place.fullmatch(place) is not None
            and self.mock.fullmatch(mock) is not None
            and self.service.fullmatch(service) is not None
            and self.request.search(_request_of(exchange)) is not None
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """One known difference: its name, its description for readers, and how it shows in a comparison, if it does."""

    name: str
    case: str
    service: str
    mock: str
    why: str
    as_served: str | None = None
    """The setting that makes a world behave as the service does."""
    shows: tuple[Sign, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Entries under one heading of docs/fidelity.md."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """The entries that a comparison uses. `mocks` names the sides that can be the mock of an entry."""

    entries: Sequence[Entry]
    mocks: frozenset[str] = frozenset({"left", "right"})

    def explain(self, exchange: Exchange, place: Place) -> str | None:
        """The name of the entry that explains the place; None when no entry does."""
        for mock, service in self._orientations(place):
            for entry in self.entries:
                if any(sign.fits(exchange, place.kind, mock=mock, service=service) for sign in entry.shows):
                    return entry.name
        return None

    def _orientations(self, place: Place) -> Iterator[tuple[str, str]]:
        if "left" in self.mocks:
            yield place.left, place.right
        if "right" in self.mocks:
            yield place.right, place.left


NOTHING_KNOWN = Known(())


@cache
def sections() -> tuple[Section, ...]:
    """All sections, in the order of the page."""
    text = resources.files(__package__).joinpath("known.yaml").read_text("utf-8")
    return tuple(_section(as_object(one)) for one in as_list(yaml.safe_load(text)))


def entries() -> tuple[Entry, ...]:
    """Every entry of every section."""
    return tuple(entry for section in sections() for entry in section.entries)


def _section(written: JsonObject) -> Section:
    return Section(str(written["title"]), tuple(_entry(as_object(one)) for one in as_list(written["entries"])))


def _entry(written: JsonObject) -> Entry:
    texts = {key: str(value) for key, value in written.items() if key != "shows"}
    return Entry(**texts, shows=tuple(_sign(as_object(one)) for one in as_list(written.get("shows", []))))


def _sign(written: JsonObject) -> Sign:
    patterns = {
        key: re.compile(str(written.get(key, _ANYTHING)), re.DOTALL) for key in ("request", "place", "mock", "service")
    }
    return Sign(operations=frozenset(map(str, as_list(written.get("operations", [])))), **patterns)


def _request_of(exchange: Exchange) -> str:
    """Method, path and query; an empty line; the body."""
    url = urlsplit(exchange.url)
    asked = f"{url.path}?{url.query}" if url.query else url.path
    return f"{exchange.method} {asked}\n\n{exchange.request_body.decode('utf-8', 'replace')}"
