"""Whether a mock answers in time. A live target is never blamed: the way to it has its own pace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from contract_tests.exchanges import Exchange

# A good mock answers in milliseconds, and a machine that is busy may stall once or twice.
SLOW_SECONDS = 1.5
_FORGIVEN = 2


@dataclass(slots=True)
class Stopwatch:
    """Looks at each exchange once. Slow answers that overlap are one stall."""

    stalls: list[Exchange] = field(default_factory=list)
    _looked_at: int = 0

    def too_slow(self, exchanges: Sequence[Exchange]) -> Exchange | None:
        """The first slow answer of a run so far, when there were more than may happen."""
        new, self._looked_at = exchanges[self._looked_at :], len(exchanges)
        for exchange in new:
            last = self.stalls[-1] if self.stalls else None
            is_apart = last is None or exchange.started_at >= last.started_at + last.elapsed_seconds
            if exchange.elapsed_seconds > SLOW_SECONDS and is_apart:
                self.stalls.append(exchange)
        return self.stalls[0] if len(self.stalls) > _FORGIVEN else None
