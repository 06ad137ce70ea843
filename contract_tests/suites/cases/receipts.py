"""Rows of the core table for receipts, on the portal and the organization side, in the world `drafts`.

Source: observed on the service, August 2026: a paid order has the number of a receipt, and its document is made when it is
asked for the first time.
"""

from __future__ import annotations

from contract_tests.suites.cases.rows import NOBODY, Row

_PORTAL, _ORGANIZATION = "customer_portal:orders:receipt", "orders:receipt"
_NONE, _NOT_FOUND = "ReceiptNotAllocated", "ResourceNotFound"


def receipt_rows() -> list[Row]:
    """All rows about receipts; background work waits, so none is made meanwhile."""
    rows = []
    for operation, who in ((_PORTAL, "drafts_customer"), (_ORGANIZATION, "drafts_organization")):
        rows += [
            Row(operation, "made earlier", 200, who=who, on="order:with_receipt"),
            Row(operation, "asked for the first time", 202, who=who, on="order:numbered"),
            Row(operation, "asked for again while it is made", 202, who=who, on="order:numbered"),
            Row(operation, "refunded, with the number of a receipt", 202, who=who, on="order:numbered_refunded"),
            Row(operation, "an unpaid order", 404, _NONE, who=who, on="order:pending_later"),
            Row(operation, "a draft order", 404, _NONE, who=who, on="order:draft"),
            Row(operation, "a void order", 404, _NONE, who=who, on="order:void_later"),
            Row(operation, "paid before there were receipts", 404, _NONE, who=who, on="order:unnumbered"),
            Row(operation, "without a token", 401, "Unauthorized", who=NOBODY, on="order:with_receipt"),
            Row(operation, "the order of another organization", 404, _NOT_FOUND, who=who, on="order:paid"),
        ]
    return [
        *rows,
        Row(_PORTAL, "another customer's receipt", 404, _NOT_FOUND, who="drafts_other", on="order:with_receipt"),
        Row(_PORTAL, "a reading session is enough", 200, who="drafts_reader", on="order:with_receipt"),
        Row(_PORTAL, "the team's owner", 200, who="later_owner", on="order:team_receipt"),
        Row(_PORTAL, "the team's billing manager", 200, who="later_billing", on="order:team_receipt"),
        Row(_PORTAL, "a plain member of the team", 403, "NotPermitted", who="later_plain", on="order:team_receipt"),
        Row(_ORGANIZATION, "the reading scope is enough", 200, who="drafts_orders_reader", on="order:with_receipt"),
        Row(
            _ORGANIZATION,
            "the writing scope alone is not",
            403,
            "insufficient_scope",
            who="drafts_orders_writer",
            on="order:with_receipt",
        ),
    ]
