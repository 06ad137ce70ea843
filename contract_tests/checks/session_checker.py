"""The session checker: checks each exchange against the observed state, and updates the state from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from contract_tests.checks.errors import error_problems
from contract_tests.checks.findings import Problem
from contract_tests.checks.invariants import value_problems
from contract_tests.checks.orders import order_problems
from contract_tests.checks.pagination import page_problems
from contract_tests.checks.routing import routing_problems
from contract_tests.checks.rules import Rule
from contract_tests.model.observe import observe
from contract_tests.model.observed_state import ObservedState
from contract_tests.model.outcomes import Outcome, outcomes
from contract_tests.model.sent_requests import request_of
from contract_tests.transport.exchanges import Exchange
from polar_contract.behaviour import Behaviour
from polar_contract.operations import Operation, Operations

_OF_LIMITS = frozenset({411, 413, 429})


@dataclass(frozen=True, slots=True)
class SessionChecker:
    """Checks each exchange against everything observed before it. It does not check the schemas of the contract."""

    operations: Operations
    behaviour: Behaviour
    observed_state: ObservedState = field(default_factory=ObservedState)

    def problems(self, exchange: Exchange) -> list[Problem]:
        """Everything that is wrong with this answer; a correct answer updates the observed state, unless requests are missing."""
        operation = self.operations.by_id.get(exchange.operation_id or "")
        if operation is None:
            return list(routing_problems(exchange, self.operations, self.observed_state, self.behaviour))
        found = list(self._of_operation(exchange, operation))
        if not found and not self.observed_state.is_partial:
            observe(exchange, operation, self.observed_state)
        return found

    def _of_operation(self, exchange: Exchange, operation: Operation) -> Iterator[Problem]:
        allowed = outcomes(request_of(exchange, operation), self.observed_state, self.behaviour)
        # Limits of body size and request rate answer before the operation's checks.
        if exchange.status not in _OF_LIMITS and not any(_is(exchange, one) for one in allowed):
            yield Rule.UNEXPECTED, " or ".join(dict.fromkeys(map(str, allowed))), exchange.excerpt()
        elif exchange.status >= 400:
            yield from error_problems(exchange, operation, self.behaviour)
        else:
            if operation.is_list:
                yield from page_problems(exchange, operation, self.observed_state, self.behaviour)
            yield from order_problems(exchange, operation, self.observed_state)
            yield from value_problems(exchange, operation, self.behaviour)


def _is(exchange: Exchange, expected: Outcome) -> bool:
    return exchange.status == expected.status and expected.error in (None, exchange.error_name())
