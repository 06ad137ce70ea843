"""Detects that one mock is much slower than the other. This is a difference, and it ends the comparison, which would take too long.

The two answers to the same request come from the same machine, one after the other; their times are compared as a pair. A busy
machine slows down both mocks, or sometimes one and sometimes the other. A slow mock is slow repeatedly.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Literal

from contract_tests.checks.latency import SLOW_SECONDS
from contract_tests.tools.compare.comparing import Comparison, Verdict
from contract_tests.tools.compare.places import Place
from contract_tests.transport.exchanges import Exchange

# Always slow: slower than the other in so many more of the last pairs.
_LOOKED_BACK, _MORE_OF_THEM = 5, 3
# Sometimes slow: slower at least `_OFTEN` times, plus `_FOR_EACH_OF_THE_OTHER` times for each time that the other was slower. When
# stalls hit both sides at random, about one in sixty runs with that many stalls reaches this limit.
_OFTEN, _FOR_EACH_OF_THE_OTHER = 8, 3

Slower = Literal["left", "right"] | None


class TooSlow(Exception):
    """One side is too slow; `comparison` is the one of the last pair of answers."""

    def __init__(self, side: str, left: Exchange, right: Exchange) -> None:
        super().__init__(
            f"the {side} mock takes more than {SLOW_SECONDS:g} seconds longer to answer than the other, repeatedly; "
            "compare again when it is faster."
        )
        times = (f"{one.elapsed_seconds:.1f}" for one in (left, right))
        self.comparison = Comparison(Verdict.VALUE, (Place("seconds until the answer", *times),))
        self.left = left
        self.right = right


@dataclass(slots=True)
class Pace:
    """Records which side was slower in each pair of answers."""

    _last: deque[Slower] = field(default_factory=lambda: deque(maxlen=_LOOKED_BACK))
    _in_all: Counter[Slower] = field(default_factory=Counter)

    def require_even(self, left: Exchange, right: Exchange) -> None:
        """Record one pair. Errors: TooSlow, with this pair, when one side has now been slower than the other too often."""
        slower = _slower(left, right)
        self._last.append(slower)
        self._in_all[slower] += 1
        if slower is not None and self._is_too_slow(slower):
            raise TooSlow(slower, left, right)

    def _is_too_slow(self, side: Slower) -> bool:
        other: Slower = "right" if side == "left" else "left"
        is_throughout = self._last.count(side) - self._last.count(other) >= _MORE_OF_THEM
        return is_throughout or self._in_all[side] >= _OFTEN + _FOR_EACH_OF_THE_OTHER * self._in_all[other]


def _slower(left: Exchange, right: Exchange) -> Slower:
    longer = left.elapsed_seconds - right.elapsed_seconds
    if abs(longer) <= SLOW_SECONDS:
        return None
    return "left" if longer > 0 else "right"
