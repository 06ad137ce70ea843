"""Rules for lists and refusals: the service's real answers pass, and each kind of wrong answer breaks its rule."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from contract_tests.checks.errors import error_problems
from contract_tests.checks.pagination import page_problems
from contract_tests.checks.rules import Rule
from contract_tests.checks.session_checker import SessionChecker
from contract_tests.model.observed_state import ObservedState
from contract_tests.transport.exchanges import Exchange
from polar_contract import Contract
from polar_contract.operations import Operations

LISTS = {"customer_portal:orders:list": "/v1/customer-portal/orders/", "orders:list": "/v1/orders/"}
PORTAL, ORGANIZATION = LISTS
ENDPOINTS, DELIVERIES = "webhooks:list_webhook_endpoints", "webhooks:list_webhook_deliveries"
PATCH = "customer_portal:customers:update"
ONE_ORDER, PLACE = Rule.QUERY_ORDER, Rule.JSON_SYNTAX
NAME = "Expecting property name enclosed in double quotes"
RECURRING: dict[str, Any] = {"product": {"name": "Club", "is_recurring": True}}
ONCE: dict[str, Any] = {"product": {"name": "Guide", "is_recurring": False}}
BARE: dict[str, Any] = {"product": None}


@pytest.fixture(scope="module")
def checker(contract: Contract) -> SessionChecker:
    return SessionChecker(Operations(contract.published, contract.effective), contract.behaviour)


def exchange(operation: str, url: str, status: int, body: Any, sent: bytes = b"") -> Exchange:
    headers = {"content-type": "application/json"}
    path = url.partition("?")[0]
    return Exchange(
        "GET", f"http://x{url}", path, headers, sent, status, headers, json.dumps(body).encode(), 0, operation
    )


def rules_of_list(checker: SessionChecker, operation: str, query: str, items: Sequence[dict[str, Any]]) -> set[Rule]:
    """The rules that a list of these orders breaks."""
    numbered = [{"id": str(number), **item} for number, item in enumerate(items)]
    body = {"items": numbered, "pagination": {"total_count": len(items), "max_page": min(1, len(items))}}
    made = exchange(operation, f"{LISTS[operation]}?{query}", 200, body)
    return {
        rule
        for rule, *_ in page_problems(made, checker.operations.by_id[operation], ObservedState(), checker.behaviour)
    }


def statuses(*names: str) -> list[dict[str, Any]]:
    return [{"status": name} for name in names]


def metadata(value: Any) -> list[dict[str, Any]]:
    return [{"metadata": {"key": value}}]


class GivenAList:
    @pytest.mark.parametrize(
        ("operation", "query", "items"),
        [
            (ORGANIZATION, "sorting=status", statuses("pending", "paid", "refunded", "partially_refunded", "void")),
            (ORGANIZATION, "sorting=-status", statuses("void", "void", "partially_refunded", "refunded", "paid")),
            (ORGANIZATION, "sorting=customer", [{"customer": {"name": "Zoe", "email": "a@x"}}, {"customer": {}}]),
            (PORTAL, "sorting=product", [RECURRING, ONCE, BARE]),
            (PORTAL, "sorting=-product", [BARE, ONCE, RECURRING]),
            (PORTAL, "product_billing_type=one_time", [ONCE, BARE]),
            (ORGANIZATION, "product_billing_type=one_time&product_billing_type=recurring", [BARE, RECURRING]),
            (PORTAL, "query=", [ONCE]),
            (ORGANIZATION, "metadata[key]=true", metadata(True)),
            (ORGANIZATION, "metadata[key]=true", metadata("true")),
            (ORGANIZATION, "metadata[key]=12", metadata(12)),
            (ORGANIZATION, "metadata[key]=0.00001", metadata(1e-5)),
            (ORGANIZATION, "metadata[]=true", metadata(False)),
            (ORGANIZATION, "metadata=true", metadata(False)),
            (PORTAL, "metadata[key]=true", [ONCE]),
        ],
    )
    def test_when_it_is_the_services_then_no_rule_is_broken(
        self, checker: SessionChecker, operation: str, query: str, items: list[dict[str, Any]]
    ) -> None:
        assert rules_of_list(checker, operation, query, items) == set()

    @pytest.mark.parametrize(
        ("operation", "query", "items", "rule"),
        [
            (ORGANIZATION, "sorting=status", statuses("paid", "pending"), Rule.SORTED),
            (ORGANIZATION, "sorting=status", statuses("partially_refunded", "refunded"), Rule.SORTED),
            (ORGANIZATION, "sorting=status", statuses("void", "pending"), Rule.SORTED),
            (ORGANIZATION, "sorting=-status", statuses("paid", "void"), Rule.SORTED),
            (
                ORGANIZATION,
                "sorting=customer",
                [{"customer": {"email": "z@x"}}, {"customer": {"email": "a@x"}}],
                Rule.SORTED,
            ),
            (PORTAL, "sorting=product", [BARE, ONCE], Rule.SORTED),
            (PORTAL, "product_billing_type=recurring", [BARE], Rule.FILTERED),
            (PORTAL, "query=", [BARE], Rule.FILTERED),
            (PORTAL, "query=none", [BARE], Rule.FILTERED),
            (ORGANIZATION, "metadata[key]=True", metadata(True), Rule.FILTERED),
            (ORGANIZATION, "metadata[key]=12.0", metadata(12), Rule.FILTERED),
            (ORGANIZATION, "metadata[key]=None", [{"metadata": {}}], Rule.FILTERED),
            (ORGANIZATION, "metadata[key]=null", [{"metadata": {}}], Rule.FILTERED),
        ],
    )
    def test_when_it_is_wrong_then_its_rule_is_broken(
        self, checker: SessionChecker, operation: str, query: str, items: list[dict[str, Any]], rule: Rule
    ) -> None:
        assert rules_of_list(checker, operation, query, items) == {rule}


class GivenARefusedQuery:
    @pytest.mark.parametrize(
        ("operation", "reported", "rules"),
        [
            (PORTAL, "page limit sorting product_id product_id product_billing_type", set()),
            (PORTAL, "product_id page", {ONE_ORDER}),
            (PORTAL, "sorting limit", {ONE_ORDER}),
            (PORTAL, "product_billing_type product_id", {ONE_ORDER}),
            (ORGANIZATION, "limit organization_id customer_id subscription_id", set()),
            (ORGANIZATION, "customer_id organization_id", {ONE_ORDER}),
            (ENDPOINTS, "page organization_id", set()),
            (ENDPOINTS, "organization_id page", {ONE_ORDER}),
            (DELIVERIES, "page limit endpoint_id start_timestamp succeeded event_type", set()),
            (DELIVERIES, "event_type endpoint_id", {ONE_ORDER}),
            (DELIVERIES, "a_parameter_of_a_later_day page", set()),
        ],
    )
    def test_then_faults_come_in_one_order(
        self, checker: SessionChecker, operation: str, reported: str, rules: set[Rule]
    ) -> None:
        names = reported.split()
        items = [{"type": "x", "loc": ["query", name], "msg": "x", "input": "x"} for name in names]
        url = checker.operations.by_id[operation].path + "?" + "&".join(f"{name}=x" for name in names)
        made = exchange(operation, url, 422, {"error": "RequestValidationError", "detail": items})

        assert {
            rule for rule, *_ in error_problems(made, checker.operations.by_id[operation], checker.behaviour)
        } == rules


class GivenMalformedJson:
    @pytest.mark.parametrize(
        ("sent", "place", "words", "rules"),
        [
            (b'{"a": 1 , }', 8, "Illegal trailing comma before end of object", set()),
            (b"[1, ]", 2, "Illegal trailing comma before end of array", set()),
            (b"{", 1, NAME, set()),
            (b"[1 2]", 3, "Expecting ',' delimiter", set()),
            (b"", 8, "Illegal trailing comma before end of object", set()),
            (b'{"a": 1 , }', 10, NAME, {PLACE}),
            (b"[1, ]", 4, "Expecting value", {PLACE}),
            (b"{", 0, NAME, {PLACE}),
            (b"[1 2]", 3, "no", {PLACE}),
        ],
    )
    def test_then_place_and_words_are_cpythons(
        self, checker: SessionChecker, sent: bytes, place: int, words: str, rules: set[Rule]
    ) -> None:
        item = {"type": "json_invalid", "loc": ["body", place], "msg": "JSON decode error", "input": {}}
        body = {"error": "RequestValidationError", "detail": [{**item, "ctx": {"error": words}}]}
        made = exchange(PATCH, "/v1/customer-portal/customers/me", 422, body, sent)

        assert {rule for rule, *_ in error_problems(made, checker.operations.by_id[PATCH], checker.behaviour)} == rules
