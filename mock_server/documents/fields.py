"""Read the typed fields of one mapping, and report a problem with its path for everything that does not fit."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeVar
from uuid import UUID

from mock_server.documents.errors import Problems, cut, shown
from mock_server.documents.moments import WANTED, read_moment
from polar_contract.json_types import JsonObject, JsonValue


class LeftOut:
    """The type of `LEFT_OUT`."""

    def __repr__(self) -> str:
        return "left out"


LEFT_OUT: Final = LeftOut()
"""A field that the document does not contain, where that differs from null."""

E = TypeVar("E", bound=StrEnum)
_UUID_VERSION = 4
MOST_UNITS = 2**31 - 1
"""The most units that an order can have. Source: Polar's document of 2026-10, the body that makes a draft."""
MOST_SECONDS = 1e10
"""The longest time span that a document can give, in seconds: about 300 years in either direction."""


class Fields:
    """The fields of one mapping. Readers return None (or the default) for what is left out, null or wrong."""

    def __init__(self, value: JsonValue, path: str, *, known: Iterable[str], problems: Problems) -> None:
        self.path = path
        self.problems = problems
        self._value: JsonObject = value if isinstance(value, dict) else {}
        if not isinstance(value, dict):
            self._complain("", value, "an object")
        self._refuse_unknown(tuple(known))

    def at(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def mentions(self, name: str) -> bool:
        return name in self._value

    def is_text(self, name: str) -> bool:
        return isinstance(self._value.get(name), str)

    def text(self, name: str) -> str | None:
        value = self._value.get(name)
        if value is None or isinstance(value, str):
            return value
        self._complain(name, value, "a text")
        return None

    def text_or(self, name: str, default: str) -> str:
        return default if (value := self.text(name)) is None else value

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self._value.get(name)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self._complain(name, value, "true or false")
        return default

    def integer(self, name: str) -> int | None:
        value = self._value.get(name)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53):
            return value
        self._complain(name, value, "a whole number")
        return None

    def units(self, name: str) -> int | None:
        """How many units were bought."""
        value = self.integer(name)
        if value is not None and not 1 <= value <= MOST_UNITS:
            self._complain(name, value, f"a whole number from 1 to {MOST_UNITS}")
        return value

    def number(self, name: str) -> float | None:
        value = self._value.get(name)
        if value is None or (
            isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= MOST_SECONDS
        ):
            return value
        self._complain(name, value, "a number")
        return None

    def choice(self, name: str, choices: type[E]) -> E | None:
        value = self._value.get(name)
        if value is None:
            return None
        if isinstance(value, str) and value in set(choices):
            return choices(value)
        self._complain(name, value, f"one of: {', '.join(choices)}")
        return None

    def time(self, name: str) -> datetime | None:
        value = self._value.get(name)
        if value is None:
            return None
        moment = read_moment(value)
        if moment is None:
            self._complain(name, value, WANTED)
        return moment

    def uuid(self, name: str) -> str | None:
        value = self._value.get(name)
        if value is None:
            return None
        try:
            parsed = UUID(value) if isinstance(value, str) else None
        except ValueError:
            parsed = None
        if parsed is None or parsed.version != _UUID_VERSION:
            self._complain(name, value, "a UUID of version 4")
            return None
        return str(parsed)

    def texts(self, name: str) -> tuple[str, ...] | None:
        value = self._value.get(name)
        if value is None:
            return None
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(str(item) for item in value)
        self._complain(name, value, "a list of texts")
        return None

    def list_of(self, name: str) -> list[JsonValue]:
        value = self._value.get(name)
        if value is None or isinstance(value, list):
            return value or []
        self._complain(name, value, "a list")
        return []

    def object(self, name: str, *, known: Iterable[str]) -> Fields | None:
        value = self._value.get(name)
        if value is None:
            return None
        fields = Fields(value, self.at(name), known=known, problems=self.problems)
        return fields if isinstance(value, dict) else None

    def objects(self, name: str, *, known: Iterable[str]) -> Iterator[tuple[str, Fields]]:
        """A section: named objects, in the document's order."""
        section = self._value.get(name)
        if section is None:
            return
        if not isinstance(section, dict):
            self._complain(name, section, "an object of named objects")
            return
        for key, value in section.items():
            if not key:
                self.complain(name, "a name in it is empty; give it one that the rest of the document can use")
            yield key, Fields(value, f"{self.at(name)}.{cut(key)}", known=known, problems=self.problems)

    def metadata(self, name: str) -> dict[str, str | int | float | bool]:
        value = self._value.get(name)
        if value is None:
            return {}
        if isinstance(value, dict):
            plain = {key: v for key, v in value.items() if isinstance(v, str | int | float | bool) and _is_finite(v)}
            if len(plain) == len(value):
                return plain
        self._complain(name, value, "an object of texts, finite numbers and booleans")
        return {}

    def plain_values(self, name: str) -> dict[str, str | int | bool | None]:
        value = self._value.get(name)
        if value is None:
            return {}
        if isinstance(value, dict):
            plain = {key: v for key, v in value.items() if v is None or isinstance(v, str | int)}
            if len(plain) == len(value):
                return plain
        self._complain(name, value, "an object of texts, whole numbers, booleans and nulls")
        return {}

    def raw(self, name: str) -> JsonValue:
        return self._value.get(name)

    def complain_missing(self, name: str, wanted: str) -> None:
        """Report a required field that is left out or null."""
        self.complain(name, f"is missing; {wanted}")

    def complain(self, name: str, message: str) -> None:
        self.problems.add(self.at(name) if name else self.path, message)

    def _complain(self, name: str, value: JsonValue, wanted: str) -> None:
        self.complain(name, f"is {shown(value)}; it has to be {wanted}")

    def _refuse_unknown(self, known: tuple[str, ...]) -> None:
        unknown = [key for key in self._value if key not in known]
        named = unknown[: self.problems.remaining]
        for key in map(cut, named):
            close = difflib.get_close_matches(key, known, 1)
            hint = f"did you mean {close[0]}?" if close else f"possible are: {', '.join(known)}"
            self.complain(key, f"unknown key; {hint}")
        self.problems.skip(len(unknown) - len(named))


def _is_finite(value: str | float) -> bool:
    """JSON has no infinity and no NaN, although JSON parsers accept both."""
    return not isinstance(value, float) or math.isfinite(value)
