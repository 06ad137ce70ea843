"""Scenarios for receipts: numbered when an order is paid, made when they are asked for, the same on both sides. Mock server only."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from contract_tests.checks.invoice_link import link_problems
from contract_tests.checks.invoice_pdf import readable_text
from contract_tests.checks.rules import Rule
from contract_tests.config.settings import is_same_server
from contract_tests.suites.scenario_dsl import RENDERING_SECONDS, Scenario
from contract_tests.transport.exchanges import Exchange
from polar_contract.json_types import as_object

pytestmark = pytest.mark.when({"order.are_receipts_numbered": True})
_NONE = "ReceiptNotAllocated"


class GivenAnUnpaidOrder:
    def test_when_it_is_paid_then_it_gets_a_number_and_its_receipt_is_made_when_it_is_asked_for(
        self, scenario: Scenario
    ) -> None:
        scenario.world.hold_clock()
        scenario.ask("get", "unpaid", status=200, shows={"receipt_number": None})
        scenario.ask("receipt", "unpaid", status=404, error=_NONE)
        number = _pay(scenario, "unpaid")
        for _ in ("first", "again"):
            scenario.ask("receipt", "unpaid", status=202)
        scenario.world.advance(RENDERING_SECONDS)
        _download(scenario, "unpaid", number)
        scenario.ask("get", "unpaid", status=200, shows={"receipt_number": number})

    def test_when_two_are_paid_then_each_has_a_number_of_its_own(self, scenario: Scenario) -> None:
        numbers = {_pay(scenario, order) for order in ("unpaid", "declined")}
        if len(numbers) != 2:
            shown = scenario.ask("get", "declined", status=200)
            scenario.fail(shown, Rule.RECEIPT_NUMBER, "two receipt numbers", ", ".join(numbers))

    def test_when_it_becomes_void_then_it_has_no_receipt(self, scenario: Scenario) -> None:
        scenario.move("unpaid", "void")
        scenario.ask("get", "unpaid", status=200, shows={"receipt_number": None})
        scenario.ask("receipt", "unpaid", status=404, error=_NONE)


class GivenAReceipt:
    def test_when_either_side_asks_then_it_is_the_same_document(self, scenario: Scenario) -> None:
        number = _made(scenario)
        first = _download(scenario, "unpaid", number)
        organization = scenario.context.client.send(
            "orders:receipt",
            token=scenario.fixtures.token("organization"),
            object_id=scenario.fixtures.ids["order:unpaid"],
        )
        answer = scenario.context.rules.check(organization, status=200)
        others = scenario.context.client.send_to("GET", _link(scenario, answer))
        if others.body != first or _download(scenario, "unpaid", number) != first:
            scenario.fail(answer, Rule.RECEIPT_SAME, "the bytes of the first download", "different bytes")

    def test_when_it_is_made_then_no_event_is_sent(self, scenario: Scenario) -> None:
        _pay(scenario, "unpaid")
        before = scenario.updated_events("unpaid")
        asked = scenario.ask("receipt", "unpaid", status=202)
        scenario.world.settle()
        new = scenario.updated_events("unpaid") - before
        if new:
            scenario.fail(asked, Rule.RECEIPT_SILENT, "no new order.updated", f"{len(new)} new order.updated")

    def test_when_its_link_is_changed_or_expired_then_it_is_refused(self, scenario: Scenario) -> None:
        scenario.world.hold_clock()
        _made(scenario)
        link = _link(scenario, scenario.ask("receipt", "unpaid", status=200))
        _expect_refused(scenario, link.replace("X-Amz-Signature=", "X-Amz-Signature=0"), "a link that was changed")
        _expect_refused(scenario, link.partition("?")[0], "a link without its signature")
        scenario.world.advance(scenario.link_seconds + 1)
        _expect_refused(scenario, link, "a link that has expired")

    def test_when_another_customer_asks_then_it_does_not_exist(self, scenario: Scenario) -> None:
        _made(scenario)
        scenario.ask("receipt", "unpaid", status=404, error="ResourceNotFound", who="other_customer")
        scenario.ask("receipt", "unpaid", status=401, error="invalid_token", who="expired")

    def test_when_its_order_is_refunded_then_it_keeps_its_number_and_its_receipt(self, scenario: Scenario) -> None:
        number = _made(scenario)
        scenario.move("unpaid", "refunded")
        scenario.ask("get", "unpaid", status=200, shows={"status": "refunded", "receipt_number": number})
        _download(scenario, "unpaid", number)


def _pay(scenario: Scenario, order: str) -> str:
    """Pay the order. Returns the number of its receipt."""
    scenario.move(order, "paid")
    shown = scenario.ask("get", order, status=200, shows={"status": "paid"})
    number = as_object(shown.json()).get("receipt_number")
    if not isinstance(number, str) or not number:
        scenario.fail(shown, Rule.RECEIPT_NUMBER, "a receipt_number of a paid order", f"{number!r}")
    return str(number)


def _made(scenario: Scenario) -> str:
    number = _pay(scenario, "unpaid")
    scenario.ask("receipt", "unpaid", status=202)
    scenario.world.settle()
    return number


def _link(scenario: Scenario, answer: Exchange) -> str:
    """The path and query of a receipt's link."""
    link = str(as_object(answer.json()).get("url"))
    for problem in link_problems(link, lifetime_seconds=scenario.link_seconds):
        scenario.fail(answer, *problem)
    if not is_same_server(link, scenario.context.target.base_url):
        scenario.fail(answer, Rule.LINK, f"a link to the mock server, {scenario.context.target.base_url}", link)
    return f"{urlsplit(link).path}?{urlsplit(link).query}"


def _download(scenario: Scenario, order: str, number: str) -> bytes:
    """The bytes of the receipt, which has to show its number."""
    download = scenario.context.client.send_to("GET", _link(scenario, scenario.ask("receipt", order, status=200)))
    kind, name = download.headers.get("content-type", ""), download.headers.get("content-disposition", "")
    if download.status != 200 or not download.body.startswith(b"%PDF-") or not kind.startswith("application/pdf"):
        scenario.fail(download, Rule.RECEIPT_PDF, "200 with a PDF document")
    if f"Receipt-{number}.pdf" not in name:
        scenario.fail(download, Rule.RECEIPT_PDF, f"a download named Receipt-{number}.pdf", name or "no name")
    text = readable_text(download.body)
    if number not in (text or ""):
        scenario.fail(download, Rule.RECEIPT_PDF, f"a document with the number {number}", (text or "no text")[:200])
    return download.body


def _expect_refused(scenario: Scenario, link: str, what: str) -> None:
    answer = scenario.context.client.send_to("GET", link)
    if answer.status != 403:
        scenario.fail(answer, Rule.LINK, f"403 for {what}")
