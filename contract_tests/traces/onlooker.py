"""The onlooker: judges exchanges one after the other by what is known so far, and learns from each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_tests.answers import AnswerRules
from contract_tests.exchanges import Exchange
from contract_tests.findings import Finding
from contract_tests.operations import Operation, Operations
from contract_tests.traces.expectations import Expected, expected_answers
from contract_tests.traces.knowledge import Knowledge
from contract_tests.traces.learning import learn
from contract_tests.traces.orders import Problem, order_problems
from contract_tests.traces.pages import page_problems
from contract_tests.traces.routing import routing_problems
from contract_tests.traces.words import word_problems


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Holds each exchange against the contract, and against everything seen before it."""

    operations: Operations
    rules: AnswerRules
    knowledge: Knowledge

    def judge(self, exchange: Exchange) -> list[Finding]:
        """Everything that this answer gets wrong; what it tells is known from now on."""
        operation = self.operations.by_id.get(exchange.operation_id or "")
        found = self.rules.findings(exchange)
        if operation is None:
            return found + self._told(exchange, routing_problems(exchange, self.operations, self.knowledge))
        if not found:
            found = self._told(exchange, self._problems(exchange, operation))
        learn(exchange, operation, self.knowledge)
        return found

    def _problems(self, exchange: Exchange, operation: Operation) -> Iterator[Problem]:
        allowed = expected_answers(exchange, operation, self.knowledge)
        if allowed and not any(_is(exchange, one) for one in allowed):
            rule = "The answer is the one that the request calls for"
            yield rule, " or ".join(dict.fromkeys(map(str, allowed))), exchange.excerpt()
        elif exchange.status >= 400:
            yield from word_problems(exchange, operation)
        elif operation.is_list:
            yield from page_problems(exchange, operation, self.knowledge)
            yield from order_problems(exchange, operation, self.knowledge)
        else:
            yield from order_problems(exchange, operation, self.knowledge)

    def _told(self, exchange: Exchange, problems: Iterator[Problem]) -> list[Finding]:
        return [
            self.rules.finding(exchange, rule, expected, got, source="observed") for rule, expected, got in problems
        ]


def _is(exchange: Exchange, expected: Expected) -> bool:
    return exchange.status == expected.status and (expected.error is None or expected.error == exchange.error_name())
