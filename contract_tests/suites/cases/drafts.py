"""Rows of the core table for draft orders: making one, finalizing one, and what an order that is a draft can't have.

The draft operations are documented since August 2026; what the organization needs for them is in the world `drafts`.
"""

from __future__ import annotations

from contract_tests.suites.cases.rows import INVALID, NOT_AN_ID, REFUSED, UNKNOWN_ID, Row
from polar_contract.json_types import JsonObject

_CREATE, _FINALIZE = "orders:create", "orders:finalize"
_WHO = "drafts_organization"
_NOBODYS = UNKNOWN_ID.removeprefix("raw:")
_GOOD: JsonObject = {"customer_id": "{customer:buyer}", "product_id": "{product:manual}"}
_BY_UNIT: JsonObject = {**_GOOD, "product_id": "{product:credits}"}


def draft_rows() -> list[Row]:
    """All rows about draft orders."""
    return [*_accepted(), *_malformed(), *_refused(), *_finalizing(), *_invoices()]


def _accepted() -> list[Row]:
    """A draft has the price of its product, if the request does not say another."""
    nothing: JsonObject = {"status": "draft", "paid": False, "invoice_number": None, "receipt_number": None}
    cases: list[tuple[str, JsonObject, JsonObject]] = [
        ("a customer and a product", _GOOD, {**nothing, "net_amount": 2500, "currency": "usd", "units": None}),
        ("an amount of its own", {**_GOOD, "amount": 70}, {**nothing, "net_amount": 70}),
        ("an amount of nothing", {**_GOOD, "amount": 0}, {**nothing, "net_amount": 0}),
        ("an amount in another currency", {**_GOOD, "amount": 70, "currency": "eur"}, {"currency": "eur"}),
        ("a text for its line", {**_GOOD, "description": "Help"}, {"description": "Help"}),
        ("metadata", {**_GOOD, "metadata": {"a": "x", "b": 1, "c": True}}, {"metadata": {"a": "x", "b": 1, "c": True}}),
        ("fields of the merchant", {**_GOOD, "custom_field_data": {"size": "L"}}, {"custom_field_data": {"size": "L"}}),
        ("null for all that is optional", {**_GOOD, "amount": None, "units": None}, nothing),
        ("units of a price by unit", {**_BY_UNIT, "units": 40}, {**nothing, "units": 40, "net_amount": 1000}),
    ]
    return [
        *(Row(_CREATE, says, 201, who=_WHO, body=body, shows=shows) for says, body, shows in cases),
        Row(_CREATE, "the writing scope is enough", 201, who="drafts_orders_writer", body=_GOOD),
        Row(
            _CREATE,
            "the reading scope is not",
            403,
            "insufficient_scope",
            who="drafts_orders_reader",
            body=_GOOD,
        ),
        Row(
            _CREATE,
            "an organization that may not charge",
            403,
            "OffSessionChargesNotEnabled",
            body={"customer_id": "{customer:main}", "product_id": "{product:guide}"},
        ),
    ]


def _malformed() -> list[Row]:
    cases: list[tuple[str, JsonObject]] = [
        ("an empty object", {}),
        ("no product", {"customer_id": "{customer:buyer}"}),
        ("no customer", {"product_id": "{product:manual}"}),
        ("a customer that is not an id", {**_GOOD, "customer_id": "nope"}),
        ("an amount below nothing", {**_GOOD, "amount": -1}),
        ("an amount that is not whole", {**_GOOD, "amount": 1.5}),
        ("no units at all", {**_BY_UNIT, "units": 0}),
        ("more units than a number holds", {**_BY_UNIT, "units": 2147483648}),
        ("a text that is too long", {**_GOOD, "description": "x" * 501}),
        ("metadata that is a list", {**_GOOD, "metadata": []}),
    ]
    return [Row(_CREATE, says, 422, INVALID, who=_WHO, body=body) for says, body in cases]


def _refused() -> list[Row]:
    """What does not go with stored data."""
    cases: list[tuple[str, JsonObject]] = [
        ("an unknown customer", {**_GOOD, "customer_id": _NOBODYS}),
        ("an unknown product", {**_GOOD, "product_id": _NOBODYS}),
        ("another organization's customer", {**_GOOD, "customer_id": "{customer:main}"}),
        ("units of a price that is not by unit", {**_GOOD, "units": 1}),
        ("a price by unit without units", _BY_UNIT),
        ("an amount beside units", {**_BY_UNIT, "units": 1, "amount": 5}),
        ("a currency that is no code", {**_GOOD, "currency": "euro", "amount": 1}),
        ("a currency that the price does not have", {**_GOOD, "currency": "eur"}),
        ("an organization beside an organization token", {**_GOOD, "organization_id": "{organization:drafts}"}),
    ]
    return [Row(_CREATE, says, 422, REFUSED, who=_WHO, body=body) for says, body in cases]


def _finalizing() -> list[Row]:
    paid: JsonObject = {"status": "paid", "paid": True}
    not_draft = "OrderNotDraft"
    return [
        Row(_FINALIZE, "a draft, with an empty object", 200, who=_WHO, on="order:to_finalize", body={}, shows=paid),
        Row(_FINALIZE, "a draft, without a body", 200, who=_WHO, on="order:to_finalize_bare", shows=paid),
        Row(
            _FINALIZE,
            "a draft by the writing scope",
            200,
            who="drafts_orders_writer",
            on="order:to_finalize_by_scope",
            body={"payment_method_id": None},
            shows=paid,
        ),
        Row(
            _FINALIZE,
            "the reading scope is not enough",
            403,
            "insufficient_scope",
            who="drafts_orders_reader",
            on="order:draft",
        ),
        Row(_FINALIZE, "a paid order", 412, not_draft, on="order:paid", body={}),
        Row(_FINALIZE, "an unpaid order", 412, not_draft, who=_WHO, on="order:pending_later", body={}),
        Row(_FINALIZE, "a void order, without a body", 412, not_draft, who=_WHO, on="order:void_later"),
        Row(_FINALIZE, "another organization's draft", 404, "ResourceNotFound", on="order:draft", body={}),
        Row(_FINALIZE, "an id that no object has, without a body", 404, "ResourceNotFound", who=_WHO, on=UNKNOWN_ID),
        Row(_FINALIZE, "a malformed id, without a body", 422, INVALID, who=_WHO, on=NOT_AN_ID),
        Row(
            _FINALIZE,
            "a payment method that is not an id",
            422,
            INVALID,
            who=_WHO,
            on="order:draft",
            body={"payment_method_id": "nope"},
        ),
    ]


def _invoices() -> list[Row]:
    """Which orders can have an invoice, where draft and void ones can't."""
    refused = "OrderNotEligibleForInvoice"
    sides = (("customer_portal:orders:", "drafts_customer", "customer"), ("orders:", _WHO, ""))
    return [
        row
        for prefix, later, _ in sides
        for row in (
            Row(
                f"{prefix}generate_invoice",
                "a draft",
                409,
                refused,
                who=later,
                on="order:draft",
                when={"invoice.refused_statuses": "draft"},
            ),
            Row(
                f"{prefix}generate_invoice",
                "void",
                409,
                refused,
                on="order:void",
                when={"invoice.refused_statuses": "void"},
            ),
            Row(
                f"{prefix}generate_invoice",
                "void comes before nameless",
                409,
                refused,
                who=later,
                on="order:void_later",
                when={"invoice.refused_statuses": "void"},
            ),
        )
    ]
