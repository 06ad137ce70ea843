"""What a file of recorded exchanges comes down to, whatever its form, and what can be wrong with the file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from contract_tests.exchanges import Exchange
from contract_tests.offline.callers import Caller
from contract_tests.traces.observed_state import KnownOrder, ObservedState


class Unreadable(Exception):
    """A file that holds no recorded exchanges; nothing can be said about it."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"{path}: {reason}")


@dataclass(frozen=True, slots=True)
class Recorded:
    """One exchange with its name in the file."""

    name: str
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order that came to be between two exchanges."""

    order_id: str
    order: KnownOrder


@dataclass(frozen=True, slots=True)
class Source:
    """A file: what was known before its first exchange, and what happened, in order.

    `callers` counts what its requests show of theirs; `left_out` says what of it can't be judged. `attached` are the
    files beside it that belong to it.
    """

    path: Path
    observed_state: ObservedState = field(default_factory=ObservedState)
    events: tuple[Recorded | NewOrder, ...] = ()
    callers: Counter[Caller] = field(default_factory=Counter)
    left_out: tuple[str, ...] = ()
    attached: frozenset[Path] = frozenset()
