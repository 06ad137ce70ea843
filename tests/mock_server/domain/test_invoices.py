"""Which orders can have an invoice, and what is frozen when one is issued."""

from __future__ import annotations

from typing import Any

import pytest

from mock_server.domain.errors import BillingDetailsMissing, InvoiceNotIssued, OrderIneligible
from mock_server.domain.invoices import issue_invoice, require_invoice, require_invoice_allowed
from mock_server.domain.orders import OrderStatus
from tests.mock_server.factories import NEW_YORK, NOW, an_order

REFUSED = (OrderStatus.PENDING, OrderStatus.VOID)


class GivenAnOrder:
    @pytest.mark.parametrize("status", OrderStatus)
    def test_when_its_status_is_refused_then_so_is_an_invoice_with_any_billing_details(
        self, status: OrderStatus
    ) -> None:
        with pytest.raises(OrderIneligible):
            require_invoice_allowed(an_order(status=status, billing_name=None), refused_statuses=(status,))

    @pytest.mark.parametrize(
        ("fields", "missing"),
        [
            ({"billing_name": None}, ("billing_name",)),
            ({"billing_address": None}, ("billing_address",)),
            ({"billing_name": None, "billing_address": None}, ("billing_name", "billing_address")),
        ],
    )
    def test_when_billing_details_are_missing_then_the_refusal_names_them(
        self, fields: dict[str, Any], missing: tuple[str, ...]
    ) -> None:
        with pytest.raises(BillingDetailsMissing) as caught:
            require_invoice_allowed(an_order(**fields), refused_statuses=())

        assert caught.value.missing == missing

    @pytest.mark.parametrize("status", [OrderStatus.PAID, OrderStatus.REFUNDED, OrderStatus.PARTIALLY_REFUNDED])
    def test_when_it_is_paid_and_complete_then_an_invoice_is_allowed_even_with_an_empty_name(
        self, status: OrderStatus
    ) -> None:
        order = an_order(status=status, billing_name="")

        require_invoice_allowed(order, refused_statuses=REFUSED)

        assert issue_invoice(order, now=NOW).billing_name == ""

    def test_when_an_invoice_is_issued_then_it_holds_the_facts_of_that_moment(self) -> None:
        invoice = issue_invoice(an_order(), now=NOW)

        assert (invoice.number, invoice.billing_name, invoice.billing_address) == (
            "ACME-TLBUKHOHBK-0001",
            "Jane Doe",
            NEW_YORK,
        )
        assert (invoice.subtotal_cents, invoice.tax_cents, invoice.total_cents) == (1000, 89, 1089)

    def test_when_billing_details_were_cleared_then_none_is_issued(self) -> None:
        with pytest.raises(BillingDetailsMissing):
            issue_invoice(an_order(billing_name=None), now=NOW)

    def test_when_no_invoice_was_issued_then_asking_for_it_is_refused(self) -> None:
        with pytest.raises(InvoiceNotIssued):
            require_invoice(an_order())
