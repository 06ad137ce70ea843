"""Every wrong rule of a fault is refused with its path, the allowed values and the nearest names."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mock_server.web.conftest import Api, problems_of

OK = {"answer": {"status": 500}}
BEFORE = {"effect": "before"}


class GivenAWrongRule:
    @pytest.mark.parametrize(
        ("rule", "path", "said"),
        [
            ({}, "", "says nothing that happens; give one of: latency, answer, retry_after"),
            ({"opration": "x", **OK}, "opration", "did you mean operation?"),
            ({"operation": "orders:gett", **OK}, "operation", "did you mean orders:get"),
            ({"operation": "zzz", **OK}, "operation", "there are: customer_portal:"),
            ({"operation": 5, **OK}, "operation", "a text"),
            ({"operation": "orders:create", **OK}, "operation", "did you mean"),
            ({"order": "paied", **OK}, "order", "did you mean paid"),
            ({"token": "custumer", **OK}, "token", "did you mean customer"),
            ({"method": "HEAD", **OK}, "method", "one of: GET, POST"),
            ({"effect": "during", **OK}, "effect", "one of: before, after"),
            ({"from": 0, **OK}, "from", "from 1 to"),
            ({"every": 1.5, **OK}, "every", "a whole number"),
            ({"times": -1, **OK}, "times", "from 1 to"),
            ({"probability": 0, **OK}, "probability", "above 0 and at most 1"),
            ({"seed": "a", **OK}, "seed", "a whole number"),
            ({"latency": 300_001}, "latency", "from 0 to 300000"),
            ({"latency": {"min": 5}}, "latency.max", "is missing"),
            ({"latency": {"min": 5, "max": 4}}, "latency.min", "more than max"),
            ({"latency": {"max": 5, "most": 4}}, "latency.most", "unknown key"),
            ({"latency": 5, **BEFORE}, "effect", "needs something to send"),
            ({"connection": "cut", **BEFORE}, "effect", "needs something to send"),
            ({"connection": "hang"}, "connection", "one of: reset, cut, slow, endless"),
            ({"connection": "reset", **OK}, "connection", "leave answer out"),
            ({"connection": "cut", "body_ms": 5}, "body_ms", "slow"),
            ({"answer": "InvoiceDoesNotExis"}, "answer", "did you mean InvoiceDoesNotExist?"),
            ({"answer": "InvoiceDoesNotExist"}, "answer", "give the order"),
            ({"answer": "InvoiceDoesNotExist", "operation": "orders:list"}, "answer", "give the order"),
            ({"answer": 5}, "answer", "an object"),
            ({"answer": {}}, "answer.status", "is missing"),
            ({"answer": {"status": 199}}, "answer.status", "from 200 to 599"),
            ({"answer": {"status": 204, "body": "x"}}, "answer.body", "status 204"),
            ({"answer": {"status": 500, "body": "x" * (2**20 + 1)}}, "answer.body", "at most 1048576"),
            ({"answer": {"status": 500, "headers": {"a b": "c"}}}, "answer.headers.a b", "not the name"),
            ({"answer": {"status": 500, "headers": {"a": "b\r\nc: d"}}}, "answer.headers.a", "printable ASCII"),
            ({"answer": {"status": 500, "headers": {"Content-Length": 3}}}, "answer.headers.Content-Length", "server"),
            ({"answer": {"status": 500, "headers": {"a": None}}}, "answer.headers.a", "a text or a number"),
            ({"retry_after": -1}, "retry_after", "from 0 to"),
            ({"retry_after": 1, **OK}, "retry_after", "together with answer"),
            ({"session": "ends"}, "session", "one of: expires"),
            ({"webhooks": "gone"}, "webhooks", "one of: lost, doubled, reordered, late"),
            ({"webhooks": None}, "webhooks", "one of: lost"),
            ({"webhooks": "late"}, "seconds", "is missing"),
            ({"webhooks": "late", "seconds": 0}, "seconds", "above 0"),
            ({"webhooks": "lost", "seconds": 5}, "seconds", "means nothing"),
            ({"webhooks": "lost", "type": "order.payed"}, "type", "did you mean order.paid"),
            ({"webhooks": "lost", "operation": "orders:get"}, "operation", "unknown key; possible are: webhooks, type"),
            ({"invoices": "late"}, "invoices", "one of: lost"),
            ({"set": "flaky"}, "set", "one of: flaky-network, rate-limited"),
            ({"set": 5}, "set", "one of: flaky-network"),
            ({"set": "flaky-network", "times": 2}, "times", "possible are: set, operation, order, token, seed"),
            ({"seed": 3, **OK}, "seed", "means nothing without probability"),
            ({"set": "flaky-network", "operation": "nope"}, "operation", "there are"),
            ({"set": "webhooks-twice", "operation": "orders:get"}, "set", "has no rule for this operation"),
            ({"set": "invoice-fails", "operation": "orders:get"}, "set", "its rules are for: customer_portal:orders"),
        ],
    )
    def test_when_it_is_added_then_the_problem_has_its_path_and_what_is_allowed(
        self, api: Api, rule: dict[str, Any], path: str, said: str
    ) -> None:
        assert said in problems_of(api, "POST", "/faults", rule)[path]
        assert api.in_world("GET", "/faults") == {"items": []}

    def test_when_much_is_wrong_then_every_problem_is_reported(self, api: Api) -> None:
        rule = {"operation": "x", "order": "y", "token": "z", "from": 0, "latency": -1}

        assert set(problems_of(api, "POST", "/faults", rule)) == {"operation", "order", "token", "from", "latency"}
