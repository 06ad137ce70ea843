"""Conditions on a revision's rules: test cases that state one kind of behaviour apply only where a revision has it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from polar_contract.behaviour import Behaviour, Refusal

When = Mapping[str, str | int | bool | None]
"""Rules by name (`invoice.refused_statuses`) and the value that each must have, or, for a list, contain.

An error response has the value `STATUS ERROR`, as in `422 NotPaidOrder`.
"""


def holds(when: When, behaviour: Behaviour) -> bool:
    """Whether the revision has all these rules. Errors: AttributeError for the name of no rule."""
    return all(_has(behaviour, name, value) for name, value in when.items())


def _has(behaviour: Behaviour, name: str, value: object) -> bool:
    group, _, field = name.partition(".")
    actual = getattr(getattr(behaviour, group), field)
    if isinstance(actual, Refusal):
        return f"{actual.status} {actual.error}" == value
    return value in actual if isinstance(actual, tuple) else actual == value
