"""Sends one request to both targets and treats a missing response as a difference in status, while the target still answers others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from contract_tests.tools.compare.pace import Pace
from contract_tests.transport.client import Client
from contract_tests.transport.exchanges import Exchange
from contract_tests.transport.session import NoAnswer

# A target that hangs takes the whole timeout each time.
_MOST_MISSING = 3
# Sent without a token: every target refuses it.
_ANSWERED_BY_ALL = "customer_portal:orders:list"
Ask = Callable[[], Exchange | None]


@dataclass(slots=True)
class Asker:
    """Sends requests to both targets and counts missing responses: up to three are differences, more end the comparison."""

    pace: Pace | None
    """None with a live account, whose times depend on the network."""
    missing: int = 0

    def ask_both(self, left: tuple[Client, Ask], right: tuple[Client, Ask]) -> list[Exchange | None]:
        """Both answers, the left one first; None where there is nothing to compare.

        Errors: NoAnswer when a target has stopped answering, or too many responses were missing; TooSlow.
        """
        one, other = (self._ask(client, ask) for client, ask in (left, right))
        if self.pace is not None and one is not None and other is not None:
            self.pace.require_even(one, other)
        return [one, other]

    def _ask(self, client: Client, ask: Ask) -> Exchange | None:
        try:
            return ask()
        except NoAnswer as problem:
            self.missing += 1
            if self.missing > _MOST_MISSING or not _still_answers(client):
                raise
            return problem.asked


def _still_answers(client: Client) -> bool:
    try:
        client.send(_ANSWERED_BY_ALL)
    except NoAnswer:
        return False
    return True
