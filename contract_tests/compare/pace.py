"""A mock that is slow beside one that is not: a difference by itself, and the end, as a whole comparison would take too long.

Two answers to the same request are looked at as a pair, taken on the same machine one after the other: how much longer the one
took than the other. A busy machine makes both slow, or now one and now the other; a slow mock is slow again and again.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Literal

from contract_tests.compare.comparing import Comparison, Verdict
from contract_tests.compare.places import Place
from contract_tests.exchanges import Exchange
from contract_tests.slowness import SLOW_SECONDS

# Slow throughout: in so many more of the last pairs than the other.
_LOOKED_BACK, _MORE_OF_THEM = 5, 3
# Slow now and then: so often, and so many times more for each time that the other was. Where chance alone stalls one side or the
# other, that comes about in about one of sixty runs that have as many stalls.
_OFTEN, _FOR_EACH_OF_THE_OTHER = 8, 3

Slower = Literal["left", "right"] | None


class TooSlow(Exception):
    """One side is; `comparison` is that of the two answers, the last of many or few."""

    def __init__(self, side: str, left: Exchange, right: Exchange) -> None:
        super().__init__(
            f"the {side} mock takes more than {SLOW_SECONDS:g} seconds longer to answer than the other, again and again; "
            "compare again when it is faster."
        )
        times = (f"{one.elapsed_seconds:.1f}" for one in (left, right))
        self.comparison = Comparison(Verdict.VALUE, (Place("seconds until the answer", *times),))
        self.left = left
        self.right = right


@dataclass(slots=True)
class Pace:
    """Remembers which side was slower in each pair of answers."""

    _last: deque[Slower] = field(default_factory=lambda: deque(maxlen=_LOOKED_BACK))
    _in_all: Counter[Slower] = field(default_factory=Counter)

    def require_even(self, left: Exchange, right: Exchange) -> None:
        """Errors: TooSlow, of the pair at hand, when one side is slower than the other too often by now."""
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
