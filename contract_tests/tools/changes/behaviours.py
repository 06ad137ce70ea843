"""The rules in which two revisions differ, in words; the words are in behaviours.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import Any

import yaml

from contract_tests.tools.changes.wording import enum_in_words
from polar_contract import Contract
from polar_contract.behaviour import Refusal
from polar_contract.json_types import as_object

# The name of a revision is the value of these headers, so the rule is the same and its effect is not.
_VERSION_HEADERS = frozenset({"request.version_header", "webhook.version_header"})
NONE = "none"


@dataclass(frozen=True, slots=True)
class RuleWords:
    """What a rule means, what client code has to do when it changes, and the operations that it concerns."""

    means: str
    client: str
    where: str


_NO_WORDS = RuleWords("A rule of the mock.", "See its source in behaviour.yaml.", "not said")


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule with another value."""

    name: str
    before: str
    after: str
    words: RuleWords


def rules_in_words() -> Mapping[str, RuleWords]:
    """The words for every rule, in the order of the classes."""
    text = resources.files(__package__).joinpath("behaviours.yaml").read_text("utf-8")
    written = as_object(yaml.safe_load(text))
    return {
        name: RuleWords(**{key: str(value) for key, value in as_object(words).items()})
        for name, words in written.items()
    }


def rule_changes(old: Contract, new: Contract) -> tuple[RuleChange, ...]:
    """The rules whose values differ, in the order of the classes."""
    words = rules_in_words()
    before, after = dict(_values(old)), dict(_values(new))
    return tuple(
        RuleChange(name, *_both_in_words(value, after[name]), words.get(name, _NO_WORDS))
        for name, value in before.items()
        if value != after[name]
    )


def _values(contract: Contract) -> Iterator[tuple[str, Any]]:
    for group, rules in contract.behaviour._asdict().items():
        for field, value in rules._asdict().items():
            name = f"{group}.{field}"
            is_named = name in _VERSION_HEADERS and value is not None
            yield name, f"{value}: {contract.revision}" if is_named else value


def _both_in_words(before: Any, after: Any) -> tuple[str, str]:
    """Both values; of long lists of words the number, and those that the other one lacks."""
    sides = (before, after)
    if all(isinstance(one, tuple) and all(isinstance(word, str) for word in one) for one in sides):
        gone, came = ([word for word in one if word not in other] for one, other in (sides, sides[::-1]))
        return _words(before, gone), _words(after, came)
    return in_words(before), in_words(after)


def _words(words: tuple[str, ...], only_here: list[str]) -> str:
    """As in `draft, void`; none for an empty list."""
    return enum_in_words(words, only_here) or NONE


def in_words(value: Any) -> str:
    """A rule's value on one line."""
    if value is None or value in ((), ""):
        return NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Refusal):
        return f"{value.status} {value.error}: {value.detail}"
    if isinstance(value, tuple):
        return ", ".join(": ".join(one) if isinstance(one, tuple) else str(one) for one in value)
    return _single_in_words(value)


def _single_in_words(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
