"""All planted defects as data: reads the rows of `data/`, crosses operators with operations, and makes each row's layer."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from types import ModuleType

import yaml

from contract_tests.checks.rules import Rule
from mutants.crossing import Documented, crossed
from mutants.planting import (
    answers,
    callers,
    deliveries,
    documents,
    endpoints,
    invoices,
    later,
    objects,
    patches,
    requests,
    sessions,
    timing,
    worlds,
)
from mutants.planting.answers import ANSWER_CHANGES, answer_layer
from mutants.planting.objects import OBJECT_CHANGES, Json
from mutants.planting.selecting import SELECTION, Match, Place, When, matcher, place_of, when_of
from mutants.proxy import Layer
from polar_contract import default_revision, load_contract
from polar_contract.operations import Operations

_MODULES = (callers, deliveries, documents, endpoints, invoices, later, patches, requests, sessions, timing, worlds)
_ABOUT = frozenset({"name", "rule", "why", "check", "revision"})
# What operators take besides their own value.
_ARGUMENTS = frozenset(
    {
        *("after", "again", "asked_for", "both", "cut", "every_nth", "first_only", "hang_up", "key", "late_seconds"),
        *("needs", "of", "only_success", "own", "status_kept", "text", "type", "where", "without_body"),
    }
)
Operator = Callable[[Json, When, Mapping[str, Json]], Layer]


class BadRow(Exception):
    """A row of the data that can't be read; the message names it."""


@dataclass(frozen=True, slots=True)
class Defect:
    """One planted defect: the rules that have to catch it, how it is planted, and which checks can see it.

    `check` is a part of the names of the checks that are run against it; empty: it is applied to recorded answers.
    """

    name: str
    rules: tuple[Rule, ...]
    check: str
    row: str
    """The name of its row; crossed rows have a name with gaps."""
    modules: frozenset[str]
    """The files of its operators."""
    place: Place | None
    """The only operation and status whose answers it changes; None when it may change others, or keeps state."""
    plant: Callable[[], Layer] = field(repr=False)
    revision: str = field(default_factory=default_revision)
    """The revision that has its rule: the checks run with that one."""

    @property
    def family(self) -> str:
        """The name's beginning."""
        return self.name.partition(":")[0]

    @property
    def is_live(self) -> bool:
        """Whether checks are run against it."""
        return bool(self.check)


@cache
def defects(revision: str) -> dict[str, Defect]:
    """Every defect by its name, read once for each process. Errors: BadRow."""
    readers: dict[str, _Reader] = {}
    found = []
    for row in _rows():
        wanted = row.get("revision", revision)
        known = documented(wanted)
        reader = readers.setdefault(wanted, _reader(known.operations, wanted))
        found += [reader.defect(row["name"], one) for one in (crossed(row, known) if "each" in row else [row])]
    twice = [name for name, count in Counter(one.name for one in found).items() if count > 1]
    if twice:
        raise BadRow(f"two rows have the name {twice[0]!r}")
    return {one.name: one for one in found}


@cache
def documented(revision: str) -> Documented:
    """What a revision documents, read once for each process."""
    return Documented.of(load_contract(revision))


def read_defect(row: Mapping[str, Json], revision: str) -> Defect:
    """The defect of one row. Errors: BadRow."""
    return _reader(documented(revision).operations, revision).defect(row["name"], row)


def _reader(operations: Operations, revision: str) -> _Reader:
    return _Reader(matcher(operations), _operators(), {rule.id: rule for rule in Rule}, revision)


def _rows() -> Iterator[Mapping[str, Json]]:
    folder = resources.files("mutants").joinpath("data")
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        yield from read_rows(file.read_text("utf-8"))


def read_rows(text: str) -> list[dict[str, Json]]:
    """The rows of a file; by the C parser where there is one, because the Python parser takes seconds."""
    rows: list[dict[str, Json]] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) or []
    return rows


@dataclass(frozen=True, slots=True)
class _Reader:
    """Makes defects of rows, with the operators and rules that rows may name."""

    match: Match
    operators: Mapping[str, Operator]
    rules: Mapping[str, Rule]
    revision: str

    def defect(self, row_name: str, row: Mapping[str, Json]) -> Defect:
        """One defect. Errors: BadRow."""
        data = {name: value for name, value in row.items() if name not in _ABOUT}
        used = [self.operators[name] for name in data if name in self.operators]
        changes = [name for name in data if name in ANSWER_CHANGES or name in OBJECT_CHANGES]
        unknown = data.keys() - self.operators.keys() - set(changes) - SELECTION - _ARGUMENTS
        if unknown:
            raise BadRow(f"{row['name']}: nothing is called {' or '.join(sorted(unknown))}")
        if len(used) > 1 or not (used or changes):
            raise BadRow(f"{row['name']}: it has {len(used)} operators and {len(changes)} changes")

        def plant() -> Layer:
            when = when_of(data, self.match)
            return used[0](data[used[0].__name__], when, data) if used else answer_layer(data, when)

        place = None if used else place_of(data)
        modules = {_file_of(one) for one in used} | ({_file_of(answers), _file_of(objects)} if changes else set())
        return Defect(
            row["name"],
            self._rules(row),
            str(row.get("check", "")),
            row_name,
            frozenset(modules),
            place,
            plant,
            self.revision,
        )

    def _rules(self, row: Mapping[str, Json]) -> tuple[Rule, ...]:
        named = row.get("rule", [])
        texts = [named] if isinstance(named, str) else named
        if not texts or any(one not in self.rules for one in texts):
            raise BadRow(f"{row['name']}: `rule` names no rule: {', '.join(texts) or 'nothing'}")
        if len(texts) > 1 and "why" not in row:
            raise BadRow(f"{row['name']}: it names several rules and does not say why")
        return tuple(self.rules[one] for one in texts)


def _operators() -> dict[str, Operator]:
    """Every layer operator by its name: the functions that take a row's value, its selection and its data."""
    return {
        name: one
        for module in _MODULES
        for name, one in vars(module).items()
        if inspect.isfunction(one)
        and one.__module__ == module.__name__
        and [*inspect.signature(one).parameters][1:] == ["when", "data"]
    }


def _file_of(thing: Operator | ModuleType) -> str:
    name = thing.__name__ if isinstance(thing, ModuleType) else thing.__module__
    return f"{name.replace('.', '/')}.py"


def planted(name: str) -> Layer:
    """A new layer with one defect of the default revision. Errors: KeyError for an unknown name."""
    return defects(default_revision())[name].plant()
