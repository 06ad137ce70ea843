"""Scenarios for invoices by the rules since June 2026. Mock server only.

Unpaid orders may have one, draft and void ones may not, and a request after a change of the billing details makes a new document.
"""

from __future__ import annotations

import pytest

from contract_tests.checks.rules import Rule
from contract_tests.suites.scenario_dsl import Scenario, address
from polar_contract.json_types import as_object

_REFUSED = {"error.invoice_refused": "409 OrderNotEligibleForInvoice"}
WHEN_REISSUED = pytest.mark.when({"invoice.reissue": "render_if_billing_changed"})


@pytest.mark.when({"invoice.refused_statuses": "void", **_REFUSED})
class GivenAVoidOrder:
    def test_when_an_invoice_is_requested_then_it_is_not_eligible_and_none_appears(self, scenario: Scenario) -> None:
        scenario.request_invoice("void", status=409, error="OrderNotEligibleForInvoice")
        scenario.world.settle()
        scenario.expect_no_invoice("void")

    def test_when_it_had_its_invoice_before_then_that_stays(self, scenario: Scenario) -> None:
        scenario.request_invoice("unpaid")
        scenario.world.settle()
        issued = scenario.download_invoice("unpaid")
        scenario.move("unpaid", "void")
        scenario.ask("get", "unpaid", status=200, shows={"status": "void"})
        scenario.request_invoice("unpaid", status=409, error="OrderNotEligibleForInvoice")
        _expect_document(scenario, "unpaid", issued, is_same=True)


@pytest.mark.when(_REFUSED)
class GivenAnUnpaidOrder:
    def test_when_an_invoice_is_requested_then_it_gets_one_and_keeps_it_when_it_is_paid(
        self, scenario: Scenario
    ) -> None:
        number = scenario.field("unpaid", "invoice_number")
        scenario.request_invoice("unpaid")
        scenario.world.settle()
        issued = scenario.download_invoice("unpaid", is_new=True)
        scenario.move("unpaid", "paid")
        scenario.ask("get", "unpaid", status=200, shows={"status": "paid", "invoice_number": number})
        scenario.request_invoice("unpaid")
        scenario.world.settle()
        _expect_document(scenario, "unpaid", issued, is_same=True)

    def test_when_it_lacks_a_name_then_that_is_what_is_refused(self, scenario: Scenario) -> None:
        scenario.patch("unpaid", billing_name=None)
        scenario.request_invoice("unpaid", status=422, error="MissingInvoiceBillingDetails")


@WHEN_REISSUED
class GivenAnIssuedInvoice:
    def test_when_billing_is_patched_then_a_new_document_is_made_only_when_it_is_requested(
        self, scenario: Scenario
    ) -> None:
        issued = _issue(scenario)
        before = scenario.ask("get", "paid", status=200)
        new = address(line1="10 Later Street")
        scenario.patch("paid", billing_name="Ada Later", billing_address=new)
        scenario.world.settle()
        _expect_document(scenario, "paid", issued, is_same=True)
        events = scenario.updated_events("paid")
        scenario.request_invoice("paid")
        scenario.world.settle()
        _expect_document(scenario, "paid", issued, is_same=False)
        scenario.download_invoice("paid", is_new=True)
        _expect_events(scenario, events, count=1)
        number = as_object(before.json()).get("invoice_number")
        if scenario.field("paid", "invoice_number") != number:
            scenario.fail(scenario.ask("get", "paid", status=200), Rule.NUMBERED, str(number))

    def test_when_it_is_requested_twice_after_a_change_then_one_document_and_one_event_come_of_it(
        self, scenario: Scenario
    ) -> None:
        _issue(scenario)
        scenario.patch("paid", billing_name="Ada Later")
        events = scenario.updated_events("paid")
        for _ in range(2):
            scenario.request_invoice("paid")
        scenario.world.settle()
        made = scenario.download_invoice("paid", is_new=True)
        _expect_events(scenario, events, count=1)
        scenario.request_invoice("paid")
        scenario.world.settle()
        _expect_document(scenario, "paid", made, is_same=True)
        _expect_events(scenario, events, count=1)

    def test_when_billing_is_changed_and_changed_back_then_nothing_is_made(self, scenario: Scenario) -> None:
        issued = _issue(scenario)
        for name in ("Ada Later", "Ada Example"):
            scenario.patch("paid", billing_name=name)
        events = scenario.updated_events("paid")
        scenario.request_invoice("paid")
        scenario.world.settle()
        _expect_document(scenario, "paid", issued, is_same=True)
        _expect_events(scenario, events, count=0)

    def test_when_its_order_is_refunded_then_a_request_makes_nothing(self, scenario: Scenario) -> None:
        issued = _issue(scenario)
        scenario.move("paid", "refunded")
        scenario.ask("get", "paid", status=200, shows={"status": "refunded"})
        events = scenario.updated_events("paid")
        scenario.request_invoice("paid")
        scenario.world.settle()
        _expect_document(scenario, "paid", issued, is_same=True)
        _expect_events(scenario, events, count=0)


def _issue(scenario: Scenario) -> bytes:
    scenario.request_invoice("paid")
    scenario.world.settle()
    return scenario.download_invoice("paid")


def _expect_document(scenario: Scenario, order: str, issued: bytes, *, is_same: bool) -> None:
    if (scenario.download_invoice(order) == issued) is not is_same:
        rule = Rule.PERMANENT if is_same else Rule.REISSUED
        wanted, got = ("the bytes of", "different bytes") if is_same else ("other bytes than in", "the same bytes")
        scenario.fail(scenario.ask("invoice", order, status=200), rule, f"{wanted} the first download", got)


def _expect_events(scenario: Scenario, before: set[str], *, count: int) -> None:
    new = len(scenario.updated_events("paid") - before)
    if new != count:
        exchange = scenario.ask("get", "paid", status=200)
        scenario.fail(exchange, Rule.REISSUED, f"{count} new order.updated", f"{new} new order.updated")
