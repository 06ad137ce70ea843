"""A side that takes a request and gives no complete answer: an answer of its own kind, which differs from any other in status."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from contract_tests.compare.pace import Pace
from contract_tests.exchanges import Exchange
from contract_tests.requesting import Client
from contract_tests.transport import NoAnswer

# A side that hangs takes the whole of the patience each time.
_MOST_SILENCES = 3
# Without a token: refused by any target.
_ANSWERED_BY_ALL = "customer_portal:orders:list"
Ask = Callable[[], Exchange | None]


@dataclass(slots=True)
class Patience:
    """For both sides together: a few silences are differences while the side still answers others, more are the end."""

    pace: Pace | None
    """None where a live account is concerned, which is never blamed for the way to it."""
    silences: int = 0

    def ask_both(self, left: tuple[Client, Ask], right: tuple[Client, Ask]) -> list[Exchange | None]:
        """Both answers, the left one first; None where there is nothing to compare.

        Errors: NoAnswer when a side has stopped answering, or silence has come too often to go on; TooSlow.
        """
        one, other = (self._ask(client, ask) for client, ask in (left, right))
        if self.pace is not None and one is not None and other is not None:
            self.pace.require_even(one, other)
        return [one, other]

    def _ask(self, client: Client, ask: Ask) -> Exchange | None:
        try:
            return ask()
        except NoAnswer as problem:
            self.silences += 1
            if self.silences > _MOST_SILENCES or not _still_answers(client):
                raise
            return problem.asked


def _still_answers(client: Client) -> bool:
    try:
        client.send(_ANSWERED_BY_ALL)
    except NoAnswer:
        return False
    return True
