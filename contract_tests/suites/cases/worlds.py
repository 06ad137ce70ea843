"""The worlds of the core table: each stands beside the others where the revision has the rules that it is about."""

from __future__ import annotations

from contract_tests.model.conditions import When, holds
from polar_contract.behaviour import Behaviour

_WORLDS: tuple[tuple[str, When], ...] = (
    ("core", {}),
    ("members", {}),
    ("limited", {}),
    ("drafts", {"order.statuses": "draft"}),
)


def core_worlds(behaviour: Behaviour) -> tuple[str, ...]:
    """The names of the world documents."""
    return tuple(name for name, when in _WORLDS if holds(when, behaviour))
