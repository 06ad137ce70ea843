"""A receipt's document: what it shows, with and without billing details, discounts and refunds."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from pypdf import PdfReader

from mock_server.domain.customers import Customer, CustomerType
from mock_server.domain.errors import ReceiptNotAllocated
from mock_server.domain.orders import Amounts
from mock_server.domain.receipts import Receipt, issue_receipt
from mock_server.rendering.receipts import render_receipt
from tests.mock_server.factories import NOW, an_order

CUSTOMER = Customer("c1", NOW, None, CustomerType.INDIVIDUAL, "jane@example.com", "Jane Roe", None, None, ())


def a_receipt(customer: Customer = CUSTOMER, **changes: Any) -> Receipt:
    order = an_order(**{"receipt_number": "RCPT-TLBUKHOHBK-0001", **changes})
    return issue_receipt(order, customer, now=NOW)


def text_of(receipt: Receipt) -> str:
    pages = PdfReader(io.BytesIO(render_receipt(receipt))).pages
    return "\n".join(page.extract_text() for page in pages)


class GivenAReceipt:
    def test_then_its_document_shows_number_date_buyer_lines_and_what_was_paid(self) -> None:
        text = text_of(a_receipt())

        for shown in (
            "Receipt number: RCPT-TLBUKHOHBK-0001",
            "Date: May 1, 2026",
            "Jane Doe",
            "123 Main St",
            "Pro Plan",
            "Amount paid",
            "$10.89",
            "Mock receipt: no payment was processed",
        ):
            assert shown in text
        assert "Refunded" not in text
        assert "Invoice" not in text

    def test_when_there_are_discount_balance_and_refund_then_they_are_shown(self) -> None:
        amounts = Amounts(1000, 200, 80, -100, refunded_cents=300, refunded_tax_cents=30)
        text = text_of(a_receipt(amounts=amounts))

        for shown in ("-$2.00", "$8.80", "Applied balance", "-$1.00", "$7.80", "Refunded", "-$3.30"):
            assert shown in text

    @pytest.mark.parametrize(
        ("billing_name", "name", "expected"),
        [
            ("Jane Doe", "Jane Roe", "Jane Doe"),
            (None, "Jane Roe", "Jane Roe"),
            ("", "Jane Roe", "Jane Roe"),
            (None, None, "jane@example.com"),
        ],
    )
    def test_then_the_name_falls_back_to_the_customers_and_to_the_e_mail(
        self, billing_name: str | None, name: str | None, expected: str
    ) -> None:
        receipt = a_receipt(replace(CUSTOMER, name=name), billing_name=billing_name, billing_address=None)

        assert receipt.billing_name == expected
        assert expected in text_of(receipt)

    def test_then_the_same_facts_give_the_same_bytes(self) -> None:
        assert render_receipt(a_receipt()) == render_receipt(a_receipt())


def test_when_an_order_has_no_number_then_it_has_no_receipt() -> None:
    with pytest.raises(ReceiptNotAllocated) as refused:
        issue_receipt(an_order(), CUSTOMER, now=NOW)

    assert str(refused.value).endswith("has no receipt; it gets one when it is paid")
