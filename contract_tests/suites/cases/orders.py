"""Rows of the core table for reading orders and payment status, on the portal and the organization side."""

from __future__ import annotations

from collections.abc import Mapping

from contract_tests.suites.cases.rows import BEYOND_NUMBERS, INVALID, UNKNOWN_ID, Row
from polar_contract.json_types import JsonObject

_PORTAL, _ORGANIZATION = "customer_portal:orders:", "orders:"
_NOT_FOUND = "ResourceNotFound"
_NOBODYS = UNKNOWN_ID.removeprefix("raw:")
# Sent in the reverse of the order in which they are reported.
FAULTS = {"product_billing_type": "w", "product_id": "z", "sorting": "y", "limit": "x", "page": "0"}


def order_rows() -> list[Row]:
    """All rows about orders."""
    return [*_lists(), *_single_orders(), *_payment_status(), *_plain_members()]


def _plain_members() -> list[Row]:
    """Members without a billing role have no access to the orders of their own team."""
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
            Row(operation, "without parameters", 200),
            Row(operation, "a page far past the end is empty", 200, query={"page": "1000000"}, shows={"items": []}),
            Row(operation, "a limit over 100 is clamped, not refused", 200, query={"limit": "1000"}),
            Row(operation, "sorted by amount, downwards", 200, query={"sorting": "-amount"}),
            Row(operation, "one product", 200, query={"product_id": "{product:atlas}"}),
            Row(operation, "an unknown parameter is ignored", 200, query={"colour": "blue"}),
            Row(operation, "page 0", 422, INVALID, query={"page": "0"}),
            Row(operation, "a page beyond all numbers", 422, INVALID, query={"page": BEYOND_NUMBERS}),
            Row(operation, "a limit below 1", 422, INVALID, query={"limit": "0"}),
            Row(operation, "a limit that is not a number", 422, INVALID, query={"limit": "abc"}),
            Row(operation, "an unknown sorting", 422, INVALID, query={"sorting": "colour"}),
            Row(operation, "a malformed product id", 422, INVALID, query={"product_id": "nope"}),
            Row(operation, "several faults at once", 422, INVALID, query=FAULTS),
        ]
    texts = {_PORTAL: ("product",), _ORGANIZATION: ("product", "customer", "status")}
    rows += [
        Row(prefix + "list", f"sorted by {name}, {how}", 200, query={"sorting": f"{sign}{name}", "limit": "100"})
        for prefix, names in texts.items()
        for name in names
        for sign, how in (("", "upwards"), ("-", "downwards"))
    ]
    rows += _filtered()
    rows += _without_a_product()
    rows += [
        Row(_PORTAL + "list", f"by {who.replace('_', ' ')}", 200, who=who)
        for who in ("reading_customer", "member_owner", "member_billing")
    ]
    return rows


def _filtered() -> list[Row]:
    """How many orders of the core world each filter selects, on both sides."""
    products = ("{product:guide}", "{product:atlas}", "{product:club}")
    both = ("one_time", "recurring")
    other: dict[str, str | tuple[str, ...]] = {"customer_id": "{customer:other}"}
    main: dict[str, str | tuple[str, ...]] = {"customer_id": "{customer:main}"}
    # text, query, number of orders on the portal side, and on the organization side (None: no such filter)
    cases: list[tuple[str, dict[str, str | tuple[str, ...]], int | None, int | None]] = [
        ("one of three products", {"product_id": products[1]}, 3, 3),
        ("two of three products", {"product_id": products[:2]}, 26, 28),
        ("recurring products", {"product_id": products, "product_billing_type": "recurring"}, 5, 5),
        ("both kinds of products", {"product_id": products, "product_billing_type": both}, 31, 33),
        ("one subscription", {"subscription_id": "{subscription:monthly}"}, 5, 5),
        ("another customer", other, None, 2),
        ("a customer by its own id", {"product_id": products, "external_customer_id": "core-main"}, None, 31),
        ("an unknown customer", {"customer_id": _NOBODYS}, None, 0),
        ("an unknown discount", {"discount_id": _NOBODYS}, None, 0),
        ("an unknown checkout", {"checkout_id": _NOBODYS}, None, 0),
        ("an organization that is not the token's", {"organization_id": _NOBODYS}, None, 0),
        ("a customer by two ids that contradict", {**other, "external_customer_id": "core-main"}, None, 0),
        ("one value of metadata", {"product_id": products, "metadata[channel]": "web"}, None, 1),
        ("two values of metadata", {"product_id": products, "metadata[channel]": ("web", "app")}, None, 2),
        (
            "two keys of metadata",
            {"product_id": products, "metadata[channel]": "app", "metadata[region]": "core-north"},
            None,
            1,
        ),
        ("true in metadata", {"product_id": products, "metadata[gift]": "true"}, None, 1),
        ("false in metadata", {"product_id": products, "metadata[gift]": "false"}, None, 1),
        ("what is true in another spelling", {"product_id": products, "metadata[gift]": "True"}, None, 0),
        ("a number of metadata", {"product_id": products, "metadata[seats]": "3"}, None, 1),
        ("a number in another spelling", {"product_id": products, "metadata[seats]": "03"}, None, 0),
        (
            "nothing of metadata by its name",
            {"product_id": products, "metadata[colour]": ("None", "null", "")},
            None,
            0,
        ),
        ("by a key of metadata that is empty", {"product_id": products, "metadata[]": "web"}, None, 33),
        ("one-time orders, those without a product included", {**main, "product_billing_type": "one_time"}, None, 27),
        ("both billing types, orders without a product included", {**main, "product_billing_type": both}, None, 32),
        ("recurring orders, which have a product", {**main, "product_billing_type": "recurring"}, None, 5),
        ("a word in capitals", {"product_id": products, "query": "ROAD"}, 3, None),
        ("two words that no product has in a row", {"product_id": products, "query": "field atlas"}, 0, None),
    ]
    return [
        _filter_row(operation, says, query, count)
        for says, query, *counts in cases
        for operation, count in zip((_PORTAL + "list", _ORGANIZATION + "list"), counts, strict=True)
        if count is not None
    ]


def _filter_row(operation: str, says: str, query: Mapping[str, str | tuple[str, ...]], count: int) -> Row:
    """A filter by an unknown id selects nothing on any target; for other filters the number is known in the core world only."""
    shown: JsonObject = {"pagination": {"total_count": count}}
    if "{" in str(query.values()):
        return Row(operation, f"only {says}", 200, query=query, in_world=shown)
    return Row(operation, f"only {says}", 200, query=query, shows=shown)


def _without_a_product() -> list[Row]:
    """Filters and orders without a product. The caller does not exist on a live account, so these rows run on a mock server only."""
    cases: list[tuple[str, dict[str, str | tuple[str, ...]], int]] = [
        ("what was bought once, without a product too", {"product_billing_type": "one_time"}, 27),
        ("both ways of buying, without a product too", {"product_billing_type": ("one_time", "recurring")}, 32),
        ("what recurs, which has a product", {"product_billing_type": "recurring"}, 5),
        ("orders with a product, for an empty search", {"query": ""}, 31),
        ("orders with a product name that no product has", {"query": "none"}, 0),
    ]
    return [
        Row(
            _PORTAL + "list",
            f"only {says}",
            200,
            who="reading_customer",
            query=query,
            shows={"pagination": {"total_count": count}},
        )
        for says, query, count in cases
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
            shows: JsonObject = {"id": f"{{{on}}}", **shown}
            says = f"an order that is {state}"
            # The refunded amount is known in the core world only.
            in_world: JsonObject | None = {"refunded_amount": 100} if state == "partially_refunded" else None
            rows.append(Row(prefix + "get", says, 200, on=on, shows=shows, in_world=in_world))
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
        Row(
            _ORGANIZATION + "get",
            "the writing scope alone",
            403,
            "insufficient_scope",
            who="orders_writer",
            on="order:paid",
        ),
        Row(_ORGANIZATION + "list", "the writing scope alone", 403, "insufficient_scope", who="orders_writer"),
        Row(
            _ORGANIZATION + "get",
            "another organization's order",
            404,
            _NOT_FOUND,
            on="order:team_paid",
            on_account="order:foreign",
        ),
    ]


def _connected_orders() -> list[Row]:
    """Objects that an order shows: its full product, its subscription, its metadata."""
    product: JsonObject = {
        "name": "Field Guide",
        "prices": [{"price_amount": 2500, "price_currency": "usd"}],
        "benefits": [{"description": "Chapter updates"}],
    }
    subscription: JsonObject = {"id": "{subscription:monthly}", "status": "past_due", "amount": 1200}
    on, monthly = "order:charged", "order:tried_often"
    return [
        Row(_PORTAL + "get", "of a product with a benefit", 200, on=on, in_world={"product": product}),
        Row(_ORGANIZATION + "get", "with metadata", 200, on=on, in_world={"metadata": {"channel": "web"}}),
        Row(
            _ORGANIZATION + "get",
            "of a subscription",
            200,
            on=monthly,
            on_account="order:of_subscription",
            in_world={"subscription": subscription},
        ),
        Row(
            _PORTAL + "get",
            "of a subscription, to be tried again",
            200,
            on=monthly,
            on_account="order:of_subscription",
            in_world={"subscription": subscription, "next_payment_attempt_at": "2030-01-01T00:00:00Z"},
        ),
    ]


def _payment_status() -> list[Row]:
    operation = _PORTAL + "get_payment_status"
    return [
        Row(operation, "any order", 200, on="order:paid"),
        Row(operation, "charged", 200, on="order:charged", shows={"status": "succeeded", "error": None}),
        Row(operation, "never charged", 200, on="order:never_charged", shows={"status": "no_payment", "error": None}),
        Row(
            operation,
            "being charged",
            200,
            on="order:unpaid_nameless",
            on_account="order:being_charged",
            shows={"status": "pending", "error": None},
        ),
        Row(
            operation,
            "declined",
            200,
            on="order:declined",
            shows={"status": "failed"},
            in_world={"error": "Insufficient funds"},
        ),
        Row(operation, "another customer's order", 404, _NOT_FOUND, on="order:other"),
    ]
