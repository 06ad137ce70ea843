"""Scenarios for generating invoices: within seconds, exactly once, and never changed afterwards. Mock server only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from contract_tests.checks.rules import Rule
from contract_tests.suites.scenario_dsl import RENDERING_SECONDS, WHEN_INVOICES_ARE_KEPT, Scenario, address

_AT_ONCE = 100


class GivenAPaidOrderWithBillingDetails:
    def test_when_an_invoice_is_requested_then_it_is_not_ready_at_first_and_ready_soon(
        self, scenario: Scenario
    ) -> None:
        scenario.world.hold_clock()
        scenario.expect_no_invoice("paid")
        scenario.request_invoice("paid")
        scenario.expect_no_invoice("paid")
        scenario.world.advance(RENDERING_SECONDS)
        scenario.download_invoice("paid")

    def test_when_an_invoice_is_requested_then_one_event_is_sent_when_it_is_ready(self, scenario: Scenario) -> None:
        scenario.request_invoice("paid")
        before = scenario.updated_events("paid")
        scenario.world.settle()
        _expect_new_events(scenario, before, count=1)

    def test_when_a_hundred_requests_come_at_once_then_all_are_accepted_and_one_invoice_is_made(
        self, scenario: Scenario
    ) -> None:
        before = scenario.updated_events("paid")
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for answer in [pool.submit(scenario.request_invoice, "paid") for _ in range(_AT_ONCE)]:
                answer.result()
        scenario.world.settle()
        first = scenario.download_invoice("paid")
        _expect_new_events(scenario, before, count=1)
        _expect_same_document(scenario, first)

    def test_when_billing_is_cleared_before_it_is_made_then_none_is_made_and_a_new_request_is_needed(
        self, scenario: Scenario
    ) -> None:
        scenario.world.hold_clock()
        scenario.request_invoice("paid")
        scenario.patch("paid", billing_name=None)
        scenario.world.advance(RENDERING_SECONDS)
        scenario.expect_no_invoice("paid")
        scenario.request_invoice("paid", status=422, error="MissingInvoiceBillingDetails")
        scenario.patch("paid", billing_name="Ada Again")
        scenario.request_invoice("paid")
        scenario.world.advance(RENDERING_SECONDS)
        scenario.download_invoice("paid")


class GivenAnIssuedInvoice:
    def test_when_it_is_requested_again_then_nothing_changes_and_no_event_is_sent(self, scenario: Scenario) -> None:
        issued, number = _issue(scenario)
        before = scenario.updated_events("paid")
        scenario.request_invoice("paid")
        scenario.world.settle()
        _expect_same_document(scenario, issued)
        _expect_new_events(scenario, before, count=0)
        if scenario.field("paid", "invoice_number") != number:
            scenario.fail(scenario.ask("get", "paid", status=200), Rule.NUMBERED, str(number))

    def test_when_it_is_downloaded_then_it_names_number_and_bill_to(self, scenario: Scenario) -> None:
        scenario.request_invoice("paid")
        scenario.world.settle()
        scenario.download_invoice("paid", is_new=True)

    def test_when_its_link_is_expired_or_was_changed_then_it_is_refused(self, scenario: Scenario) -> None:
        scenario.world.hold_clock()
        scenario.request_invoice("paid")
        scenario.world.advance(RENDERING_SECONDS)
        link = scenario.invoice_link("paid")
        answer = scenario.context.client.send_to("GET", link)
        if answer.status != 200:
            scenario.fail(answer, Rule.LEADS_TO_PDF, "200 with a PDF document")
        _expect_refused(scenario, link.replace("X-Amz-Signature=", "X-Amz-Signature=0"), "a link that was changed")
        _expect_refused(scenario, link.partition("?")[0], "a link without its signature")
        scenario.world.advance(scenario.link_seconds + 1)
        _expect_refused(scenario, link, "a link that has expired")
        scenario.download_invoice("paid")

    def test_when_its_link_is_signed_for_another_then_it_is_refused(self, scenario: Scenario) -> None:
        for order in ("paid", "reduced"):
            scenario.request_invoice(order)
        scenario.world.settle()
        path, query = (
            scenario.invoice_link("paid").partition("?")[0],
            scenario.invoice_link("reduced").partition("?")[2],
        )
        _expect_refused(scenario, f"{path}?{query}", "a link with the signature of another invoice")

    @WHEN_INVOICES_ARE_KEPT
    def test_when_billing_is_patched_then_the_order_changes_and_the_invoice_does_not(self, scenario: Scenario) -> None:
        issued, _ = _issue(scenario)
        new = address(line1="10 Later Street")
        scenario.ask(
            "update",
            "paid",
            status=200,
            body={"billing_name": "Ada Later", "billing_address": new},
            shows={"billing_name": "Ada Later", "billing_address": new},
        )
        scenario.world.settle()
        _expect_same_document(scenario, issued)
        scenario.request_invoice("paid")
        scenario.world.settle()
        _expect_same_document(scenario, issued)

    def test_when_the_name_is_cleared_then_the_invoice_stays_and_a_new_request_is_refused(
        self, scenario: Scenario
    ) -> None:
        issued, _ = _issue(scenario)
        scenario.patch("paid", billing_name=None)
        _expect_same_document(scenario, issued)
        scenario.request_invoice("paid", status=422, error="MissingInvoiceBillingDetails")
        scenario.world.settle()
        _expect_same_document(scenario, issued)


def _issue(scenario: Scenario) -> tuple[bytes, object]:
    scenario.request_invoice("paid")
    scenario.world.settle()
    return scenario.download_invoice("paid"), scenario.field("paid", "invoice_number")


def _expect_refused(scenario: Scenario, link: str, what: str) -> None:
    answer = scenario.context.client.send_to("GET", link)
    if answer.status != 403:
        scenario.fail(answer, Rule.LINK, f"403 for {what}")


def _expect_same_document(scenario: Scenario, issued: bytes) -> None:
    if scenario.download_invoice("paid") != issued:
        exchange = scenario.ask("invoice", "paid", status=200)
        scenario.fail(exchange, Rule.PERMANENT, "the bytes of the first download", "different bytes")


def _expect_new_events(scenario: Scenario, before: set[str], *, count: int) -> None:
    new = scenario.updated_events("paid") - before
    if len(new) != count:
        exchange = scenario.ask("get", "paid", status=200)
        scenario.fail(exchange, Rule.ANNOUNCED_ONCE, f"{count} new order.updated", f"{len(new)} new order.updated")
