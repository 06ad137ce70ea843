"""A mock that is slow beside one that is not: a difference by itself, and the end, as a whole comparison would take too long."""

from __future__ import annotations

from dataclasses import dataclass, field

from contract_tests.exchanges import Exchange, Ledger
from contract_tests.parity.comparing import Comparison, Place, Verdict
from contract_tests.slowness import SLOW_SECONDS, Stopwatch


class TooSlow(Exception):
    """One side is; `comparison` is that of the two answers, the last of many or few."""

    def __init__(self, side: str, left: Exchange, right: Exchange) -> None:
        super().__init__(
            f"the {side} mock takes more than {SLOW_SECONDS:g} seconds to answer, and not only once; compare again when it is faster."
        )
        times = (f"{one.elapsed_seconds:.1f}" for one in (left, right))
        self.comparison = Comparison(Verdict.VALUE, (Place("seconds until the answer", *times),))
        self.left = left
        self.right = right


@dataclass(slots=True)
class Pace:
    """Watches the answers of both sides, each by its own ledger."""

    left: Ledger
    right: Ledger
    _watches: tuple[Stopwatch, Stopwatch] = field(default_factory=lambda: (Stopwatch(), Stopwatch()))

    def require_even(self, left: Exchange, right: Exchange) -> None:
        """Errors: TooSlow, of the two answers at hand, when one side has been too slow by now and the other not once."""
        here, there = self._watches
        is_left, is_right = (
            watch.too_slow(ledger.exchanges) is not None for watch, ledger in ((here, self.left), (there, self.right))
        )
        if is_left and not there.stalls:
            raise TooSlow("left", left, right)
        if is_right and not here.stalls:
            raise TooSlow("right", left, right)
