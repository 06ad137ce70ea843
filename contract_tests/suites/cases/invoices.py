"""Rows of the core table for requesting and reading invoices, on the portal and the organization side."""

from __future__ import annotations

from contract_tests.suites.cases.rows import NOBODY, Row

_PORTAL, _ORGANIZATION = "customer_portal:orders:", "orders:"
_NOT_FOUND = "ResourceNotFound"
_PENDING, _VOID = ({"invoice.refused_statuses": status} for status in ("pending", "void"))


def invoice_rows() -> list[Row]:
    """All rows about invoices."""
    return [*_invoice_requests(), *_invoices()]


def _invoice_requests() -> list[Row]:
    rows = []
    for prefix, fresh in ((_PORTAL, "order:for_portal_invoice"), (_ORGANIZATION, "order:for_organization_invoice")):
        operation = prefix + "generate_invoice"
        rows += [
            Row(operation, "paid, with name and address", 202, on=fresh),
            Row(operation, "refunded counts as paid", 202, on="order:refunded"),
            Row(operation, "partially refunded counts as paid", 202, on="order:partially_refunded"),
            Row(operation, "already invoiced", 202, on="order:invoiced"),
            Row(operation, "a free order counts as paid", 202, on="order:free"),
            Row(operation, "a subscription's first order", 202, on="order:subscribed"),
            Row(operation, "a blank name is a name", 202, on="order:blank_name"),
            Row(operation, "a country alone is an address", 202, on="order:country_only"),
            Row(operation, "a body is ignored, even a broken one", 202, on=fresh, body=b"{"),
            *_refused_requests(operation),
        ]
    return [
        *rows,
        Row(_PORTAL + "generate_invoice", "another customer's order", 404, _NOT_FOUND, on="order:other"),
        Row(
            _PORTAL + "generate_invoice",
            "a reading session is enough",
            202,
            who="reading_customer",
            on="order:for_reader_invoice",
        ),
        Row(
            _PORTAL + "generate_invoice",
            "the team's billing manager",
            202,
            who="member_billing",
            on="order:for_member_invoice",
        ),
        Row(_PORTAL + "generate_invoice", "the team's owner", 202, who="member_owner", on="order:for_member_invoice"),
        Row(
            _ORGANIZATION + "generate_invoice",
            "the reading scope is enough",
            202,
            who="orders_reader",
            on="order:for_reader_invoice",
        ),
        Row(
            _ORGANIZATION + "generate_invoice",
            "the writing scope alone is not",
            403,
            "insufficient_scope",
            who="orders_writer",
            on="order:paid",
        ),
        Row(_ORGANIZATION + "generate_invoice", "another organization's order", 404, _NOT_FOUND, on="order:team_paid"),
    ]


def _refused_requests(operation: str) -> list[Row]:
    """Requests for orders that can't have an invoice; the rules of the revision say whether unpaid ones are among them."""
    not_paid, no_billing = "NotPaidOrder", "MissingInvoiceBillingDetails"
    nameless = "order:unpaid_nameless"
    return [
        Row(operation, "unpaid", 422, not_paid, on="order:unpaid", when=_PENDING),
        Row(operation, "unpaid comes before nameless", 422, not_paid, on=nameless, when=_PENDING),
        Row(operation, "unpaid, to be tried again", 422, not_paid, on="order:tried_often", when=_PENDING),
        Row(operation, "unpaid, where that is no reason to refuse", 202, on="order:declined", unless=_PENDING),
        Row(operation, "unpaid and nameless", 422, no_billing, on=nameless, unless=_PENDING),
        Row(operation, "void", 422, not_paid, on="order:void", when=_VOID),
        Row(operation, "no name", 422, no_billing, on="order:no_name"),
        Row(operation, "no address", 422, no_billing, on="order:no_address"),
        Row(operation, "neither name nor address", 422, no_billing, on="order:no_billing"),
    ]


def _invoices() -> list[Row]:
    rows = []
    for prefix in (_PORTAL, _ORGANIZATION):
        operation = prefix + "invoice"
        rows += [
            Row(operation, "issued", 200, on="order:invoiced"),
            Row(operation, "issued, without a token", 401, "Unauthorized", who=NOBODY, on="order:invoiced"),
            Row(operation, "none yet", 404, "InvoiceDoesNotExist", on="order:not_invoiced"),
            Row(
                operation,
                "none, and unpaid",
                404,
                "InvoiceDoesNotExist",
                on="order:unpaid",
                on_account="order:unpaid_without_invoice",
            ),
        ]
    return [
        *rows,
        Row(_PORTAL + "invoice", "another customer's order", 404, _NOT_FOUND, on="order:other"),
        Row(_PORTAL + "invoice", "another customer's invoice", 404, _NOT_FOUND, on="order:other_invoiced"),
        Row(
            _ORGANIZATION + "invoice",
            "another organization's invoice",
            404,
            _NOT_FOUND,
            on="order:team_invoiced",
            on_account="order:foreign",
        ),
    ]
