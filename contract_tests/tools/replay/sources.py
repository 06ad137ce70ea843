"""The common form of a file of recorded exchanges in any format, and the error for an unreadable file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from contract_tests.model.known import KnownOrder
from contract_tests.model.observed_state import ObservedState
from contract_tests.tools.replay.callers import Caller
from contract_tests.tools.replay.revisions import Chosen
from contract_tests.transport.exchanges import Exchange


class Unreadable(Exception):
    """A file without readable recorded exchanges; nothing in it can be checked."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"{path}: {reason}")


@dataclass(frozen=True, slots=True)
class Recorded:
    """One exchange, and its name in the file."""

    name: str
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order that was created between two exchanges."""

    order_id: str
    order: KnownOrder


@dataclass(frozen=True, slots=True)
class Source:
    """A file: the state known before its first exchange, and its events in order.

    `callers` counts the requests by what they show of their caller; `left_out` names the entries that can't be checked.
    `attached` are the files beside it that contain its bodies.
    Without `has_all_headers` only a few headers of the answers were kept. `chosen` is the contract that it was read by.
    """

    path: Path
    observed_state: ObservedState = field(default_factory=ObservedState)
    events: tuple[Recorded | NewOrder, ...] = ()
    callers: Counter[Caller] = field(default_factory=Counter)
    left_out: tuple[str, ...] = ()
    attached: frozenset[Path] = frozenset()
    has_all_headers: bool = True
    chosen: Chosen | None = None
