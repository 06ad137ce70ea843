"""Scenarios for generating invoices: within seconds, exactly once, and never changed afterwards. Mock server only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from contract_tests.checks.rules import Rule
from contract_tests.suites.scenario_dsl import RENDERING_SECONDS, Story, address

_AT_ONCE = 100


class GivenAPaidOrderWithBillingDetails:
    def test_when_an_invoice_is_requested_then_it_is_not_ready_at_first_and_ready_soon(self, story: Story) -> None:
        story.world.hold_clock()
        story.expect_no_invoice("paid")
        story.request_invoice("paid")
        story.expect_no_invoice("paid")
        story.world.advance(RENDERING_SECONDS)
        story.download_invoice("paid")

    def test_when_an_invoice_is_requested_then_one_event_is_sent_when_it_is_ready(self, story: Story) -> None:
        story.request_invoice("paid")
        before = story.updated_events("paid")
        story.world.settle()
        _expect_new_events(story, before, count=1)

    def test_when_a_hundred_requests_come_at_once_then_all_are_accepted_and_one_invoice_is_made(
        self, story: Story
    ) -> None:
        before = story.updated_events("paid")
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for answer in [pool.submit(story.request_invoice, "paid") for _ in range(_AT_ONCE)]:
                answer.result()
        story.world.settle()
        first = story.download_invoice("paid")
        _expect_new_events(story, before, count=1)
        _expect_same_document(story, first)

    def test_when_billing_is_cleared_before_it_is_made_then_none_is_made_and_a_new_request_is_needed(
        self, story: Story
    ) -> None:
        story.world.hold_clock()
        story.request_invoice("paid")
        story.patch("paid", billing_name=None)
        story.world.advance(RENDERING_SECONDS)
        story.expect_no_invoice("paid")
        story.request_invoice("paid", status=422, error="MissingInvoiceBillingDetails")
        story.patch("paid", billing_name="Ada Again")
        story.request_invoice("paid")
        story.world.advance(RENDERING_SECONDS)
        story.download_invoice("paid")


class GivenAnIssuedInvoice:
    def test_when_it_is_requested_again_then_nothing_changes_and_no_event_is_sent(self, story: Story) -> None:
        issued, number = _issue(story)
        before = story.updated_events("paid")
        story.request_invoice("paid")
        story.world.settle()
        _expect_same_document(story, issued)
        _expect_new_events(story, before, count=0)
        if story.field("paid", "invoice_number") != number:
            story.fail(story.ask("get", "paid", status=200), Rule.NUMBERED, str(number))

    def test_when_it_is_downloaded_then_it_names_number_and_bill_to(self, story: Story) -> None:
        story.request_invoice("paid")
        story.world.settle()
        story.download_invoice("paid", is_new=True)

    def test_when_its_link_is_expired_or_was_changed_then_it_is_refused(self, story: Story) -> None:
        story.world.hold_clock()
        story.request_invoice("paid")
        story.world.advance(RENDERING_SECONDS)
        link = story.invoice_link("paid")
        answer = story.context.client.send_to("GET", link)
        if answer.status != 200:
            story.fail(answer, Rule.LEADS_TO_PDF, "200 with a PDF document")
        _expect_refused(story, link.replace("X-Amz-Signature=", "X-Amz-Signature=0"), "a link that was changed")
        _expect_refused(story, link.partition("?")[0], "a link without its signature")
        story.world.advance(story.link_seconds + 1)
        _expect_refused(story, link, "a link that has expired")
        story.download_invoice("paid")

    def test_when_its_link_is_signed_for_another_then_it_is_refused(self, story: Story) -> None:
        for order in ("paid", "reduced"):
            story.request_invoice(order)
        story.world.settle()
        path, query = story.invoice_link("paid").partition("?")[0], story.invoice_link("reduced").partition("?")[2]
        _expect_refused(story, f"{path}?{query}", "a link with the signature of another invoice")

    def test_when_billing_is_patched_then_the_order_changes_and_the_invoice_does_not(self, story: Story) -> None:
        issued, _ = _issue(story)
        new = address(line1="10 Later Street")
        story.ask(
            "update",
            "paid",
            status=200,
            body={"billing_name": "Ada Later", "billing_address": new},
            shows={"billing_name": "Ada Later", "billing_address": new},
        )
        story.world.settle()
        _expect_same_document(story, issued)
        story.request_invoice("paid")
        story.world.settle()
        _expect_same_document(story, issued)

    def test_when_the_name_is_cleared_then_the_invoice_stays_and_a_new_request_is_refused(self, story: Story) -> None:
        issued, _ = _issue(story)
        story.patch("paid", billing_name=None)
        _expect_same_document(story, issued)
        story.request_invoice("paid", status=422, error="MissingInvoiceBillingDetails")
        story.world.settle()
        _expect_same_document(story, issued)


def _issue(story: Story) -> tuple[bytes, object]:
    story.request_invoice("paid")
    story.world.settle()
    return story.download_invoice("paid"), story.field("paid", "invoice_number")


def _expect_refused(story: Story, link: str, what: str) -> None:
    answer = story.context.client.send_to("GET", link)
    if answer.status != 403:
        story.fail(answer, Rule.LINK, f"403 for {what}")


def _expect_same_document(story: Story, issued: bytes) -> None:
    if story.download_invoice("paid") != issued:
        exchange = story.ask("invoice", "paid", status=200)
        story.fail(exchange, Rule.PERMANENT, "the bytes of the first download", "different bytes")


def _expect_new_events(story: Story, before: set[str], *, count: int) -> None:
    new = story.updated_events("paid") - before
    if len(new) != count:
        exchange = story.ask("get", "paid", status=200)
        story.fail(exchange, Rule.ANNOUNCED_ONCE, f"{count} new order.updated", f"{len(new)} new order.updated")
