"""Scenarios for invoice documents: each shows its own order, and only its own link leads to it. Mock server only."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from contract_tests.checks.rules import Rule
from contract_tests.suites.scenario_dsl import RENDERING_SECONDS, WHEN_PENDING_IS_REFUSED, Scenario, address

_ORDERS = (
    *("early", "late", "reduced", "in_yen", "in_euro", "costly", "refunded", "balanced"),
    *("given", "without_street", "described"),
)


@pytest.fixture(scope="module")
def issued(document_scenario: Scenario) -> Scenario:
    """A world where every order has its invoice if it can have one; the clock is held."""
    document_scenario.world.hold_clock()
    for order in _ORDERS:
        document_scenario.request_invoice(order)
    document_scenario.request_invoice("other", who="other_customer")
    document_scenario.world.advance(RENDERING_SECONDS)
    return document_scenario


class GivenInvoicesOfManyOrders:
    @pytest.mark.parametrize("order", _ORDERS)
    def test_when_one_is_downloaded_then_it_shows_the_values_of_its_order(self, issued: Scenario, order: str) -> None:
        issued.download_invoice(order, is_new=True)

    def test_when_customers_take_turns_then_each_gets_their_own_document(self, issued: Scenario) -> None:
        for order, who in (("early", "customer"), ("other", "other_customer"), ("early", "customer")):
            issued.download_invoice(order, is_new=True, who=who)

    def test_when_the_link_of_one_is_altered_then_it_is_refused(self, issued: Scenario) -> None:
        link, others = issued.invoice_link("early"), issued.invoice_link("late")
        date = parse_qs(urlsplit(link).query)["X-Amz-Date"][0]
        altered = {
            "a link with the signature of another": _with_signature(link, _signature(others)),
            "a link with another last character in its signature": _with_signature(
                link, _with_other_end(_signature(link))
            ),
            "a link with a longer lifetime": link.replace(
                f"X-Amz-Expires={issued.link_seconds}", "X-Amz-Expires=86400"
            ),
            "a link with another file name": _with_file_name(link, "other.pdf"),
            "a link with another date": link.replace(date, f"{int(date[:4]) + 1}{date[4:]}"),
        }
        for what, changed in altered.items():
            answer = issued.context.client.send_to("GET", changed)
            if answer.status != 403:
                issued.fail(answer, Rule.LINK, f"403 for {what}")

    def test_when_time_passes_then_a_link_works_for_its_whole_lifetime(self, issued: Scenario) -> None:
        # Links that are requested in the same second are equal.
        issued.world.advance(1)
        link = issued.invoice_link("early", who="short_lived")
        issued.world.advance(issued.link_seconds - 5)
        _expect_document(issued, link, "after the session has expired")
        issued.invoice_link("early")
        _expect_document(issued, link, "after a newer link was issued")


class GivenAnInvoiceUnderWay:
    def test_when_billing_is_patched_then_it_has_the_billing_details_at_the_time_of_generation(
        self, documents: Scenario
    ) -> None:
        documents.world.hold_clock()
        documents.request_invoice("early")
        documents.expect_no_invoice("early")
        documents.patch("early", billing_name="Ada Intime", billing_address=address(line1="3 Quick Lane"))
        documents.world.advance(RENDERING_SECONDS)
        documents.download_invoice("early", is_new=True)

    def test_when_it_is_made_then_the_order_was_changed_and_not_before(self, documents: Scenario) -> None:
        documents.world.hold_clock()
        before = documents.field("early", "modified_at")
        documents.request_invoice("early")
        documents.world.advance(RENDERING_SECONDS - 1)
        documents.expect_no_invoice("early")
        documents.ask("get", "early", status=200, shows={"modified_at": before})
        documents.world.advance(1)
        if documents.field("early", "modified_at") == before:
            shown = documents.ask("get", "early", status=200)
            documents.fail(shown, Rule.ISSUE_TIMED, "another modified_at after the invoice is generated")


class GivenAnItemWithALabelOfItsOwn:
    def test_when_its_words_are_searched_then_the_label_is_not_found(self, documents: Scenario) -> None:
        answer = documents.context.client.send(
            "customer_portal:orders:list", token=documents.fixtures.token("customer"), query={"query": "braille"}
        )
        documents.context.rules.check(answer, status=200, shows={"pagination": {"total_count": 0}})


class GivenARefusedRequest:
    @WHEN_PENDING_IS_REFUSED
    def test_when_the_order_is_paid_later_then_nothing_was_remembered(self, documents: Scenario) -> None:
        documents.request_invoice("unpaid", status=422, error="NotPaidOrder")
        documents.move("unpaid", "paid")
        documents.ask("get", "unpaid", status=200, shows={"paid": True})
        documents.world.settle()
        documents.expect_no_invoice("unpaid")

    def test_when_billing_is_added_later_then_nothing_was_remembered(self, documents: Scenario) -> None:
        documents.request_invoice("no_billing", status=422, error="MissingInvoiceBillingDetails")
        documents.patch("no_billing", billing_name="Ada Late", billing_address=address())
        documents.world.settle()
        documents.expect_no_invoice("no_billing")


def _expect_document(scenario: Scenario, link: str, when: str) -> None:
    answer = scenario.context.client.send_to("GET", link)
    if answer.status != 200:
        scenario.fail(answer, Rule.LEADS_TO_PDF, f"200 for a link of {scenario.link_seconds - 5} seconds, {when}")


def _signature(link: str) -> str:
    return parse_qs(urlsplit(link).query)["X-Amz-Signature"][0]


def _with_signature(link: str, signature: str) -> str:
    return link.replace(_signature(link), signature)


def _with_file_name(link: str, name: str) -> str:
    parts = urlsplit(link)
    return parts._replace(path=f"{parts.path.rpartition('/')[0]}/{name}").geturl()


def _with_other_end(signature: str) -> str:
    return signature[:-1] + ("0" if signature[-1] != "0" else "1")
