"""The named sets of faults that ship with the mock, and what a control call or a file asks for: a rule, or a set."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from mock_server.documents.errors import DocumentInvalid, FaultSetUnknown, Problem, Problems, shown
from mock_server.documents.fault_names import FaultNames
from mock_server.documents.faults import keys_of, read_fault
from mock_server.documents.fields import Fields
from mock_server.domain.faults import MOST_RULES, Fault
from polar_contract.json_types import JsonObject, as_object
from polar_contract.loading import parsed_once

_FILE = Path(__file__).with_name("fault_sets.yaml")
_NARROWED = ("operation", "order", "token")
_SEED = "seed"
"""What a request for a set can say to make its rules strike fewer calls."""


class FaultSet(NamedTuple):
    name: str
    sentence: str
    rules: tuple[JsonObject, ...]


class ReadFaults(NamedTuple):
    """Faults, each with the rule that it was read from."""

    faults: tuple[tuple[Fault, JsonObject], ...]
    set_name: str | None = None


def list_fault_sets() -> tuple[FaultSet, ...]:
    return tuple(_read_set(name) for name in fault_set_names())


def fault_set_names() -> tuple[str, ...]:
    return tuple(_sets())


def fault_set(name: str) -> FaultSet:
    """Errors: FaultSetUnknown."""
    if name not in fault_set_names():
        raise FaultSetUnknown(name, fault_set_names())
    return _read_set(name)


def _sets() -> JsonObject:
    return parsed_once(_FILE, "fault-sets")


def _read_set(name: str) -> FaultSet:
    content = as_object(_sets()[name])
    rules = content["rules"]
    assert isinstance(rules, list)
    return FaultSet(name, str(content["sentence"]), tuple(map(as_object, rules)))


def read_faults(given: JsonObject, names: FaultNames, *, present: int) -> ReadFaults:
    """One rule, or those of the set that is named. `present`: how many rules the world has.

    Errors: DocumentInvalid with every problem and its path.
    """
    rules, set_name = _rules_of_set(given) if "set" in given else ((given,), None)
    if present + len(rules) > MOST_RULES:
        said = f"a world has at most {MOST_RULES} rules, and this one has {present}; DELETE removes some"
        raise DocumentInvalid((Problem("", said),))
    problems = Problems()
    faults = tuple(
        (read_fault(Fields(rule, "", known=keys_of(rule), problems=problems), names), rule) for rule in rules
    )
    problems.raise_if_any()
    return ReadFaults(faults, set_name)


def _rules_of_set(given: JsonObject) -> tuple[tuple[JsonObject, ...], str]:
    """The rules of a set for the operation, order or token that the request names. Errors: DocumentInvalid."""
    problems = Problems()
    fields = Fields(given, "", known=("set", *_NARROWED, _SEED), problems=problems)
    seed = fields.integer(_SEED)
    name = given["set"]
    known = ", ".join(fault_set_names())
    if not isinstance(name, str) or name not in fault_set_names():
        fields.complain("set", f"is {shown(name)}; it has to be one of: {known}")
    problems.raise_if_any()
    narrowed = {key: given[key] for key in _NARROWED if given.get(key) is not None}
    rules = fault_set(str(name)).rules
    kept = tuple({**_reseeded(rule, seed), **narrowed} for rule in rules if _can_be(rule, narrowed))
    if not kept:
        said = ", ".join(sorted({str(rule["operation"]) for rule in rules if "operation" in rule}))
        hint = f"its rules are for: {said}" if said else "none of its rules is for calls; only order can be given"
        problems.add("set", f"is {shown(name)}, which has no rule for this {' and '.join(narrowed)}; {hint}")
    problems.raise_if_any()
    return kept, str(name)


def _reseeded(rule: JsonObject, seed: int | None) -> JsonObject:
    """The rule with another seed, which differs from those of the set's other rules as its own does."""
    own = rule.get(_SEED)
    return rule if seed is None or not isinstance(own, int) else {**rule, _SEED: own + seed}


def _can_be(rule: JsonObject, narrowed: JsonObject) -> bool:
    possible = keys_of(rule)
    return all(key in possible and rule.get(key, value) == value for key, value in narrowed.items())
