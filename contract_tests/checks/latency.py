"""Detects a mock that answers too slowly. Live targets are not checked, because the network adds its own delay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from contract_tests.transport.exchanges import Exchange

# A good mock answers in milliseconds; a busy machine may stall once or twice.
SLOW_SECONDS = 1.5
_FORGIVEN = 2


@dataclass(slots=True)
class Stopwatch:
    """Examines each exchange once. Slow responses that overlap count as one stall."""

    stalls: list[Exchange] = field(default_factory=list)
    _looked_at: int = 0

    def too_slow(self, exchanges: Sequence[Exchange]) -> Exchange | None:
        """The first slow response of the run so far, when there were more stalls than tolerated; otherwise None."""
        new, self._looked_at = exchanges[self._looked_at :], len(exchanges)
        for exchange in new:
            last = self.stalls[-1] if self.stalls else None
            is_apart = last is None or exchange.started_at >= last.started_at + last.elapsed_seconds
            if exchange.elapsed_seconds > SLOW_SECONDS and is_apart:
                self.stalls.append(exchange)
        return self.stalls[0] if len(self.stalls) > _FORGIVEN else None
