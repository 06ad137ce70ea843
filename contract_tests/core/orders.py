"""The core table for orders and payment status, portal and organization side, without invoices."""

from __future__ import annotations

from contract_tests.core.rows import BEYOND_NUMBERS, INVALID, NOBODY, REFUSED, UNKNOWN_ID, Row
from polar_contract.json_types import JsonObject

_ADDRESS: JsonObject = {
    "line1": "5 New Street",
    "city": "New York",
    "state": "US-NY",
    "postal_code": "10002",
    "country": "US",
}
_PORTAL, _ORGANIZATION = "customer_portal:orders:", "orders:"
_NOT_FOUND = "ResourceNotFound"
_NOBODYS = UNKNOWN_ID.removeprefix("raw:")


def order_rows() -> list[Row]:
    """All rows about orders."""
    return [*_lists(), *_single_orders(), *_payment_status(), *_patches(), *_plain_members()]


def _plain_members() -> list[Row]:
    """Members without a billing role see nothing of their own team's orders either."""
    asked: dict[str, JsonObject | None] = {
        "get": None,
        "update": {"billing_name": "Pat"},
        "generate_invoice": None,
        "invoice": None,
        "get_payment_status": None,
    }
    return [
        Row(
            _PORTAL + name,
            "the team's order by a plain member",
            403,
            "NotPermitted",
            who="member_plain",
            on=on,
            body=body,
        )
        for name, body in asked.items()
        for on in (["order:team_paid", "order:team_invoiced"] if name == "invoice" else ["order:team_paid"])
    ]


def _lists() -> list[Row]:
    rows = []
    for prefix in (_PORTAL, _ORGANIZATION):
        operation = prefix + "list"
        rows += [
            Row(operation, "as it comes", 200),
            Row(operation, "a page far past the end is empty", 200, query={"page": "900"}, shows={"items": []}),
            Row(operation, "a limit over 100 is clamped, not refused", 200, query={"limit": "1000"}),
            Row(operation, "sorted by amount, downwards", 200, query={"sorting": "-amount"}),
            Row(operation, "one product", 200, query={"product_id": "{product:atlas}"}),
            Row(operation, "an unknown parameter is ignored", 200, query={"colour": "blue"}),
            Row(operation, "page 0", 422, INVALID, query={"page": "0"}),
            Row(operation, "a page beyond all numbers", 422, INVALID, query={"page": BEYOND_NUMBERS}),
            Row(operation, "a limit below 1", 422, INVALID, query={"limit": "0"}),
            Row(operation, "a limit that is no number", 422, INVALID, query={"limit": "abc"}),
            Row(operation, "an unknown sorting", 422, INVALID, query={"sorting": "colour"}),
            Row(operation, "a malformed product id", 422, INVALID, query={"product_id": "nope"}),
        ]
    rows += _filtered()
    rows += [
        Row(_PORTAL + "list", f"by {who.replace('_', ' ')}", 200, who=who)
        for who in ("reading_customer", "member_owner", "member_billing")
    ]
    return rows


def _filtered() -> list[Row]:
    """How many orders of the judge's world each filter leaves, on both sides."""
    products = ("{product:guide}", "{product:atlas}", "{product:club}")
    both = ("one_time", "recurring")
    # the portal's operation, the organization's; what it says, the query, how many
    cases: list[tuple[str, dict[str, str | tuple[str, ...]], int | None, int | None]] = [
        ("one of three products", {"product_id": products[1]}, 3, 3),
        ("two of three products", {"product_id": products[:2]}, 19, 21),
        ("recurring products", {"product_id": products, "product_billing_type": "recurring"}, 2, 2),
        ("both kinds of products", {"product_id": products, "product_billing_type": both}, 21, 23),
        ("one subscription", {"subscription_id": "{subscription:monthly}"}, 2, 2),
        ("another customer", {"customer_id": "{customer:other}"}, None, 2),
        ("a customer by its own id", {"product_id": products, "external_customer_id": "judge-main"}, None, 21),
        ("a discount that nobody had", {"discount_id": _NOBODYS}, None, 0),
        ("a checkout that nobody had", {"checkout_id": _NOBODYS}, None, 0),
        ("an organization that is not the token's", {"organization_id": _NOBODYS}, None, 0),
        ("one value of metadata", {"product_id": products, "metadata[channel]": "web"}, None, 1),
    ]
    return [
        Row(operation, f"only {says}", 200, query=query, shows={"pagination": {"total_count": count}})
        for says, query, *counts in cases
        for operation, count in zip((_PORTAL + "list", _ORGANIZATION + "list"), counts, strict=True)
        if count is not None
    ]


def _single_orders() -> list[Row]:
    states: dict[str, JsonObject] = {
        "paid": {"status": "paid", "paid": True},
        "unpaid": {"status": "pending", "paid": False},
        "void": {"status": "void", "paid": False},
        "refunded": {"status": "refunded", "paid": True},
        "partially_refunded": {"status": "partially_refunded", "paid": True},
        "no_billing": {"billing_name": None, "billing_address": None},
        "invoiced": {"is_invoice_generated": True},
        "not_invoiced": {"is_invoice_generated": False},
    }
    rows = []
    for prefix in (_PORTAL, _ORGANIZATION):
        for state, shown in states.items():
            on = f"order:{state}"
            rows.append(
                Row(prefix + "get", f"an order that is {state}", 200, on=on, shows={"id": f"{{{on}}}", **shown})
            )
        rows.append(Row(prefix + "get", "an id in capitals", 200, on="order:paid|upper", shows={"id": "{order:paid}"}))
        for spelling in ("braces", "urn"):
            on = f"order:paid|{spelling}"
            rows.append(
                Row(prefix + "get", f"an id in the form of {spelling}", 200, on=on, shows={"id": "{order:paid}"})
            )
        rows.append(
            Row(prefix + "get", "an id without dashes", 200, on="order:paid|nodash", shows={"id": "{order:paid}"})
        )
        rows.append(Row(prefix + "get", "a deleted order", 404, _NOT_FOUND, on="order:deleted"))
    return [
        *rows,
        *_connected_orders(),
        Row(_PORTAL + "get", "another customer's order", 404, _NOT_FOUND, on="order:other"),
        Row(_PORTAL + "get", "the team's order by its owner", 200, who="member_owner", on="order:team_paid"),
        Row(_ORGANIZATION + "get", "another organization's order", 404, _NOT_FOUND, on="order:team_paid"),
    ]


def _connected_orders() -> list[Row]:
    """What hangs on an order is shown with it: its product in full, its subscription, its metadata."""
    product: JsonObject = {
        "name": "Field Guide",
        "prices": [{"price_amount": 2500, "price_currency": "usd"}],
        "benefits": [{"description": "Chapter updates"}],
    }
    subscription: JsonObject = {"id": "{subscription:monthly}", "status": "past_due", "amount": 1200}
    on, monthly = "order:charged", "order:tried_often"
    return [
        Row(_PORTAL + "get", "of a product with a benefit", 200, on=on, shows={"product": product}),
        Row(_ORGANIZATION + "get", "with metadata", 200, on=on, shows={"metadata": {"channel": "web"}}),
        Row(_ORGANIZATION + "get", "of a subscription", 200, on=monthly, shows={"subscription": subscription}),
        Row(
            _PORTAL + "get",
            "of a subscription, to be tried again",
            200,
            on=monthly,
            shows={"subscription": subscription, "next_payment_attempt_at": "2030-01-01T00:00:00Z"},
        ),
    ]


def _payment_status() -> list[Row]:
    operation = _PORTAL + "get_payment_status"
    return [
        Row(operation, "any order", 200, on="order:paid"),
        Row(operation, "charged", 200, on="order:charged", shows={"status": "succeeded", "error": None}),
        Row(operation, "never charged", 200, on="order:never_charged", shows={"status": "no_payment", "error": None}),
        Row(operation, "declined", 200, on="order:declined", shows={"status": "failed", "error": "Insufficient funds"}),
        Row(operation, "another customer's order", 404, _NOT_FOUND, on="order:other"),
    ]


def _patches() -> list[Row]:
    rows = []
    for prefix, on in ((_PORTAL, "order:for_portal_patch"), (_ORGANIZATION, "order:for_organization_patch")):
        operation = prefix + "update"
        rows += [*_accepted_patches(operation, on), *_refused_patches(operation, on)]
    return [*rows, *_patches_by_caller()]


def _accepted_patches(operation: str, on: str) -> list[Row]:
    return [
        Row(operation, "nothing", 200, on=on, body={}),
        Row(operation, "the name", 200, on=on, body={"billing_name": "Ann New"}, shows={"billing_name": "Ann New"}),
        Row(operation, "the name to null", 200, on=on, body={"billing_name": None}, shows={"billing_name": None}),
        Row(
            operation,
            "the address is replaced, not merged",
            200,
            on=on,
            body={"billing_address": {"country": "US", "state": "NY"}},
            shows={
                "billing_address": {
                    "country": "US",
                    "state": "US-NY",
                    "line1": None,
                    "city": None,
                    "postal_code": None,
                }
            },
        ),
        Row(
            operation,
            "the whole address",
            200,
            on=on,
            body={"billing_address": _ADDRESS},
            shows={"billing_address": _ADDRESS},
        ),
        Row(operation, "unknown keys are ignored", 200, on=on, body={"colour": "blue"}),
    ]


def _refused_patches(operation: str, on: str) -> list[Row]:
    return [
        Row(operation, "another country", 422, REFUSED, on=on, body={"billing_address": {"country": "FR"}}),
        Row(
            operation,
            "another state",
            422,
            REFUSED,
            on=on,
            body={"billing_address": {"country": "US", "state": "US-CA"}},
        ),
        Row(operation, "the state left out", 422, REFUSED, on=on, body={"billing_address": {"country": "US"}}),
        Row(
            operation,
            "a state that the country lacks",
            422,
            INVALID,
            on=on,
            body={"billing_address": {"country": "US", "state": "US-XX"}},
        ),
        Row(operation, "no country", 422, INVALID, on=on, body={"billing_address": {"city": "Lyon"}}),
        Row(operation, "an unknown country", 422, INVALID, on=on, body={"billing_address": {"country": "XX"}}),
        Row(operation, "the country null", 422, INVALID, on=on, body={"billing_address": {"country": None}}),
        Row(operation, "the country a number", 422, INVALID, on=on, body={"billing_address": {"country": 5}}),
        Row(operation, "a name that is a number", 422, INVALID, on=on, body={"billing_name": 5}),
        Row(operation, "a name with NUL in it", 422, INVALID, on=on, body={"billing_name": "a\x00b"}),
        Row(operation, "half a surrogate pair", 422, INVALID, on=on, body=b'{"billing_name": "\\ud800"}'),
        Row(operation, "a name that is not a number", 422, INVALID, on=on, body=b'{"billing_name": NaN}'),
        Row(
            operation,
            "a schema error comes before an unknown order",
            422,
            INVALID,
            on="raw:3fa85f64-5717-4562-b3fc-2c963f66afa6",
            body={"billing_name": 5},
        ),
    ]


def _patches_by_caller() -> list[Row]:
    return [
        Row(
            _PORTAL + "update",
            "another customer's order",
            404,
            _NOT_FOUND,
            on="order:other",
            body={"billing_name": "Eve"},
        ),
        Row(
            _PORTAL + "update",
            "a reading session",
            403,
            "insufficient_scope",
            who="reading_customer",
            on="order:for_portal_patch",
            body={},
        ),
        Row(
            _PORTAL + "update",
            "the team's billing manager",
            200,
            who="member_billing",
            on="order:for_member_patch",
            body={"billing_name": "Team"},
        ),
        Row(
            _PORTAL + "update",
            "broken JSON comes before a missing token",
            422,
            INVALID,
            who=NOBODY,
            on="order:for_portal_patch",
            body=b"{",
        ),
        Row(
            _ORGANIZATION + "update",
            "another organization's order",
            404,
            _NOT_FOUND,
            on="order:team_paid",
            body={"billing_name": "Eve"},
        ),
    ]
