"""Read the marker `polar`: which world a test gets, in what state, and what goes wrong there."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

LINE = (
    "polar(scenario=..., world=..., revision=..., clock=..., faults=...): the world of this test: a scenario of the mock, or "
    "a world document (a dictionary or a file), the moment at which its clock stands, and its faults"
)
_KEYS = ("scenario", "world", "revision", "clock", "faults")
_DEFAULT_SCENARIO = "demo"


class MarkWrong(Exception):
    """The message names the argument, what it is, and what is possible."""


class Wanted(NamedTuple):
    document: Mapping[str, Any]
    """What is sent to create the world."""
    clock: Mapping[str, Any] | None = None
    """What is sent to its clock."""
    faults: tuple[Mapping[str, Any], ...] = ()


def wanted(marks: Iterable[pytest.Mark], folder: Path) -> Wanted:
    """What a test's marks say, the closest first: each argument is that of the closest mark that has it. Errors: MarkWrong.

    `folder`: where the test is, for the path of a world document.
    """
    given: dict[str, Any] = {}
    for mark in marks:
        if mark.args:
            raise MarkWrong(f"has an argument without a name, {mark.args[0]!r}; possible are: {', '.join(_KEYS)}")
        for name, value in mark.kwargs.items():
            if name not in _KEYS:
                close = difflib.get_close_matches(name, _KEYS, 1)
                hint = f"did you mean {close[0]}?" if close else f"possible are: {', '.join(_KEYS)}"
                raise MarkWrong(f"has no argument {name!r}; {hint}")
            given.setdefault(name, value)
    return Wanted(_document(given, folder), _clock(given.get("clock")), tuple(_faults(given.get("faults"))))


def _document(given: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    world = given.get("world")
    document = dict(world) if isinstance(world, Mapping) else {} if world is None else _read(world, folder)
    for name in ("scenario", "revision"):
        value = given.get(name)
        if value is not None:
            if not isinstance(value, str):
                raise MarkWrong(f"has {name}={value!r}; it has to be a text")
            document[name] = value
    return document if world is not None else {"scenario": _DEFAULT_SCENARIO, **document}


def _read(path: Any, folder: Path) -> dict[str, Any]:
    """A world document from a file. Errors: MarkWrong."""
    if not isinstance(path, str | Path):
        raise MarkWrong(f"has world={path!r}; it has to be a dictionary or the path of a file")
    file = folder / path
    try:
        text = file.read_text("utf-8")
        document = _parsed(text, file)
    except OSError as error:
        raise MarkWrong(f"has world={str(path)!r}, and {file} can't be read: {error.strerror}") from None
    except ValueError as error:
        raise MarkWrong(f"has world={str(path)!r}, and {file} is no document: {error}") from None
    if not isinstance(document, dict):
        raise MarkWrong(f"has world={str(path)!r}, and {file} has no keys; it has to be a world document")
    return document


def _parsed(text: str, file: Path) -> Any:
    """Errors: ValueError."""
    if file.suffix == ".json":
        return json.loads(text)
    # The mock needs it too, so it is there. Imported late: most tests have no file.
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from None


def _clock(given: Any) -> Mapping[str, Any] | None:
    """The clock stands at this moment; `held`: when it is read, at the moment of its creation."""
    if given is None:
        return None
    if given == "held":
        return {"mode": "held"}
    if isinstance(given, datetime) and given.tzinfo is None:
        raise MarkWrong(f"has clock={given!r}, which has no time zone; add tzinfo=UTC")
    if not isinstance(given, str | datetime):
        raise MarkWrong(f"has clock={given!r}; it has to be a time such as '2026-05-01T10:00:00Z', or 'held'")
    return {"mode": "held", "set": given}


def _faults(given: Any) -> Iterable[Mapping[str, Any]]:
    """One or several, each a name or a rule."""
    for one in [] if given is None else given if isinstance(given, list | tuple) else [given]:
        if not isinstance(one, str | Mapping):
            raise MarkWrong(f"has the fault {one!r}; it has to be the name of a set, or a dictionary with a rule")
        yield {"set": one} if isinstance(one, str) else one
