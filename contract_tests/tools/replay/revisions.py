"""Decides which revision recorded answers are judged by: the one that was asked for, else the one that they name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlsplit

from contract_tests.model.calendar import Calendar
from contract_tests.reporting.verdicts import counted
from contract_tests.transport import request_reader
from contract_tests.transport.exchanges import Exchange
from polar_contract import Contract
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object
from polar_contract.operations import Operations

_API = "/v1/"
_NOT_FOUND = 404


class Chosen(NamedTuple):
    """The contract of one document."""

    contract: Contract
    operations: Operations


@dataclass(frozen=True, slots=True)
class Asked:
    """The user named the revision."""

    chosen: Chosen

    def of_document(self, _document: JsonObject) -> Chosen:
        return self.chosen

    def of_answer(self, _exchange: Exchange, of_document: Chosen) -> Chosen:
        return of_document

    def is_newer(self, _exchange: Exchange) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Named:
    """Answers of a dated revision name it in a header; those from before there were versions name none."""

    known: Mapping[str, Chosen]
    header: str
    calendar: Calendar

    def of_document(self, document: JsonObject) -> Chosen:
        """What most of its answers name. A version that is later than all known ones counts as the latest of them."""
        named = Counter(map(self._revision_of, _versions_in(document, self.header.lower())))
        revision = named.most_common(1)[0][0] if named else None
        return self.known[revision or self._from_before_versions]

    def of_answer(self, exchange: Exchange, of_document: Chosen) -> Chosen:
        """What the answer itself names: a request may choose another version than the others of its document."""
        revision = self._revision_of(exchange.headers.get(self.header.lower()))
        return of_document if revision is None else self.known[revision]

    def is_newer(self, exchange: Exchange) -> bool:
        """Whether an answer names a version that is later than all known ones."""
        return self.calendar.is_newer(exchange.headers.get(self.header.lower(), ""))

    @property
    def _from_before_versions(self) -> str:
        undated = [name for name in self.known if name not in self.calendar.dated]
        return undated[-1] if undated else min(self.known)

    def _revision_of(self, version: str | None) -> str | None:
        if version is not None and self.calendar.is_newer(version):
            return max(self.calendar.dated)
        return version if version in self.calendar.dated else None


Choice = Asked | Named


@dataclass(slots=True)
class JudgedBy:
    """Which revision judged what. `files`: names by revision; `others`: how many answers named another one than their file."""

    files: dict[str, list[str]] = field(default_factory=dict)
    others: Counter[str] = field(default_factory=Counter)
    newer: int = 0
    """How many answers name a version that is later than all known ones."""

    def sentence(self, dated: Container[str]) -> str:
        """One line, also for many files."""
        parts = [f"{one}, {_why(names, is_dated=one in dated)}" for one, names in self.files.items()]
        others = [
            f"{counted(count, 'answer')} by {name}, which {'it names' if count == 1 else 'they name'}"
            for name, count in self.others.items()
            if count
        ]
        if self.newer:
            others.append(
                f"{counted(self.newer, 'answer')} of a version that is not known yet, by the latest known one"
            )
        return f"revision: judged by {'; '.join([*parts, *others])} (--revision R judges all by R)"


def _why(names: list[str], *, is_dated: bool) -> str:
    if is_dated:
        return f"which most answers in {_listed(names)} name"
    return f"because most answers in {_listed(names)} name no version"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


def _versions_in(document: JsonObject, header: str) -> Iterator[str | None]:
    """What each answer of the API names. The bare 404 to an unknown path or version names nothing, and says nothing."""
    for url, answer in _answers_in(document):
        version = _headers(answer.get("headers")).get(header)
        is_api = request_reader.api_path(urlsplit(url).path).startswith(_API)
        if is_api and (version is not None or answer.get("status") != _NOT_FOUND):
            yield version


def _answers_in(document: JsonObject) -> Iterator[tuple[str, JsonObject]]:
    """URL and answer of every exchange of a HAR document, or of a recording."""
    entries = as_list(as_object(document.get("log")).get("entries")) or as_list(document.get("steps"))
    for entry in map(as_object, entries):
        request, answer = as_object(entry.get("request")), as_object(entry.get("response"))
        status = answer.get("status")
        if isinstance(status, int) and status:
            yield str(request.get("url", request.get("path"))), answer


def _headers(value: JsonValue) -> dict[str, str]:
    """The headers of a HAR document, which are a list, or those of a recording, by their names in lower case."""
    pairs = [(as_object(one).get("name"), as_object(one).get("value")) for one in as_list(value)]
    return {str(name).lower(): str(text) for name, text in [*pairs, *as_object(value).items()]}
