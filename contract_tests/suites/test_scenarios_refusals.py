"""Scenarios for refused requests: unpaid orders, missing billing details, other customers, expired sessions. Mock server only."""

from __future__ import annotations

import pytest

from contract_tests.suites.scenario_dsl import WHEN_PENDING_IS_REFUSED, WHEN_VOID_IS_REFUSED, Scenario, address

_ON_AN_ORDER = [
    ("get", None),
    ("update", {"billing_name": "Eve"}),
    ("generate_invoice", None),
    ("invoice", None),
    ("get_payment_status", None),
]


class GivenAnOrderThatIsNotPaid:
    @pytest.mark.parametrize(
        "order",
        [pytest.param("unpaid", marks=WHEN_PENDING_IS_REFUSED), pytest.param("void", marks=WHEN_VOID_IS_REFUSED)],
    )
    def test_when_an_invoice_is_requested_then_it_is_refused_and_none_appears(
        self, scenario: Scenario, order: str
    ) -> None:
        scenario.request_invoice(order, status=422, error="NotPaidOrder")
        scenario.world.settle()
        scenario.expect_no_invoice(order)

    @WHEN_PENDING_IS_REFUSED
    def test_when_it_has_no_name_either_then_not_paid_is_said_first(self, scenario: Scenario) -> None:
        scenario.patch("unpaid", billing_name=None)
        scenario.request_invoice("unpaid", status=422, error="NotPaidOrder")


class GivenAPaidOrderWithoutBillingDetails:
    @pytest.mark.parametrize(
        ("order", "fix"),
        [
            ("no_name", {"billing_name": "Ada Fixed"}),
            ("no_address", {"billing_address": address()}),
            ("no_billing", {"billing_name": "Ada Fixed", "billing_address": address()}),
        ],
    )
    def test_when_they_are_patched_in_then_the_next_request_is_accepted(
        self, scenario: Scenario, order: str, fix: dict[str, object]
    ) -> None:
        scenario.request_invoice(order, status=422, error="MissingInvoiceBillingDetails")
        scenario.ask("update", order, status=200, body=fix, shows=fix)  # type: ignore[arg-type]  # parametrize knows no JsonValue
        scenario.request_invoice(order)
        scenario.world.settle()
        scenario.download_invoice(order)

    def test_when_only_one_of_two_is_patched_in_then_it_is_still_refused(self, scenario: Scenario) -> None:
        scenario.patch("no_billing", billing_name="Ada Fixed")
        scenario.request_invoice("no_billing", status=422, error="MissingInvoiceBillingDetails")


class GivenAnotherCustomersOrder:
    @pytest.mark.parametrize(("asks", "body"), _ON_AN_ORDER, ids=[name for name, _ in _ON_AN_ORDER])
    def test_when_it_is_asked_for_then_it_does_not_exist(
        self, scenario: Scenario, asks: str, body: dict[str, str] | None
    ) -> None:
        scenario.ask(asks, "paid", status=404, error="ResourceNotFound", who="other_customer", body=body)  # type: ignore[arg-type]  # parametrize knows no JsonValue

    def test_when_it_was_asked_for_then_nothing_has_changed(self, scenario: Scenario) -> None:
        before = scenario.ask("get", "paid", status=200)
        scenario.ask("update", "paid", status=404, who="other_customer", body={"billing_name": "Eve"})
        scenario.ask("generate_invoice", "paid", status=404, who="other_customer")
        scenario.world.settle()
        scenario.ask("get", "paid", status=200, shows=before.json())
        scenario.expect_no_invoice("paid")


class GivenASessionThatHasEnded:
    @pytest.mark.parametrize(("asks", "body"), _ON_AN_ORDER, ids=[name for name, _ in _ON_AN_ORDER])
    def test_when_it_is_used_then_the_token_is_invalid(
        self, scenario: Scenario, asks: str, body: dict[str, str] | None
    ) -> None:
        scenario.ask(asks, "paid", status=401, error="invalid_token", who="expired", body=body)  # type: ignore[arg-type]  # parametrize knows no JsonValue

    def test_when_time_passes_then_a_good_token_becomes_invalid(self, scenario: Scenario) -> None:
        scenario.ask("get", "paid", status=200, who="short_lived")
        scenario.world.advance(61)
        scenario.ask("get", "paid", status=401, error="invalid_token", who="short_lived")
