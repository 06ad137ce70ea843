"""The names that checks use for objects of an account: which order fits a name, and its description. Sends no requests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from contract_tests.model.addresses import stored_billing
from contract_tests.model.known import KnownOrder
from polar_contract.json_types import JsonObject, JsonValue, as_object

# Source: observed on the service, April 2026: responses may contain all countries, requests not these.
_NO_LONGER_ACCEPTED = frozenset({"CU", "IR", "KP", "RU", "SY"})
# What `--allow-writes` appends to texts while it checks them. Old reports and runs name it, so it stays as it is.
CHANGED_MARK = "(judged)"
_PRODUCTS = ("guide", "atlas", "club")
# By the status of an order's latest payment.
PAYMENT_NAMES: Mapping[str, str] = {
    "failed": "order:declined",
    "succeeded": "order:charged",
    "no_payment": "order:never_charged",
    "pending": "order:being_charged",
}
# Roles of members by the names of their tokens.
MEMBER_NAMES: Mapping[str, str] = {"owner": "owner", "billing_manager": "billing", "member": "plain"}

_WORDS: Mapping[str, str] = {
    "order:any": "an order",
    "order:paid": "a paid order",
    "order:to_be_put_back": "a paid order with billing details that can be put back",
    "order:left_changed": "an order that an earlier run changed and did not put back",
    "order:unpaid": "a pending order",
    "order:unpaid_without_invoice": "a pending order without billing details and invoice",
    "order:void": "a void order",
    "order:refunded": "a refunded order",
    "order:partially_refunded": "a partially refunded order",
    "order:no_billing": "a paid order without billing name and address",
    "order:invoiced": "an order with an invoice",
    "order:not_invoiced": "an order without billing details and invoice",
    "order:of_subscription": "an order of a subscription",
    "order:declined": "a pending order whose payment was declined",
    "order:charged": "a paid order whose payment succeeded",
    "order:never_charged": "an order that was never charged",
    "order:being_charged": "an order that is being charged",
    "order:other": "an order of a second customer",
    "order:other_invoiced": "an invoice of a second customer",
    "order:team_paid": "an order of the member's team",
    "order:team_invoiced": "an invoice of the member's team",
    "order:for_portal_patch": "an order",
    "order:for_organization_patch": "an order",
    "order:for_capital": "an order",
    "product:guide": "an order of a product",
    "product:atlas": "an order of a product",
    "product:club": "an order of a product",
    "subscription:monthly": "an order of a subscription",
    "customer:main": "a customer's own session",
    "customer:other": "an order of a second customer",
    "endpoint:kept": "a webhook endpoint",
    "member:owner": "a session of a member who is owner",
    "member:billing": "a session of a member who is billing manager",
    "member:plain": "a session of a member without a billing role",
}
OTHERS = ("order:other", "order:other_invoiced", "customer:other")
"""Names of objects that belong to other customers than the portal's."""
LIVE_NAMES = frozenset(_WORDS)
"""Names that objects of an account may have; all other names exist only in the mock's worlds."""


def words_for(name: str) -> str | None:
    """The description of a name, such as "a void order"; None for objects that no account can show."""
    return _WORDS.get(name)


def names_of_orders(orders: Iterable[JsonObject]) -> dict[str, str]:
    """Ids by name from one side's orders: each name gets the first fitting order. Also products and subscriptions."""
    ids: dict[str, str] = {}
    products: dict[str, None] = {}
    preferred: dict[str, str] = {}
    for order in orders:
        for name, fits in _FITS.items():
            if fits(order):
                ids.setdefault(name, str(order["id"]))
                if name in _PREFERRED and _PREFERRED[name](order):
                    preferred.setdefault(name, str(order["id"]))
        if isinstance(order.get("product_id"), str):
            products.setdefault(str(order["product_id"]))
        if isinstance(order.get("subscription_id"), str):
            ids.setdefault("subscription:monthly", str(order["subscription_id"]))
    # With only one product, a filter for several products names it twice.
    listed = list(products)
    return {**ids, **preferred} | {
        f"product:{name}": listed[number % len(listed)] for number, name in enumerate(_PRODUCTS) if listed
    }


def names_of_others(orders: Iterable[JsonObject], customers: frozenset[str]) -> dict[str, str]:
    """Ids by name from the organization's orders that belong to other customers than these."""
    ids: dict[str, str] = {}
    for order in orders:
        if isinstance(order.get("customer_id"), str) and order["customer_id"] not in customers:
            ids.setdefault("customer:other", str(order["customer_id"]))
            ids.setdefault("order:other", str(order["id"]))
            if order.get("is_invoice_generated") is True:
                ids.setdefault("order:other_invoiced", str(order["id"]))
    return ids


def invoice_class(order: JsonObject) -> str:
    """The invoice state of an order: `unpaid`, `missing billing`, `ready` or `invoiced`."""
    known = KnownOrder().with_body(order)
    if known.is_invoiced:
        return "invoiced"
    if not known.is_paid:
        return "unpaid"
    return "ready" if known.has_billing else "missing billing"


def _has_billing(order: JsonObject) -> bool:
    return bool(KnownOrder().with_body(order).has_billing)


def _stays_without(order: JsonObject) -> bool:
    """Whether the order stays without an invoice. The service may invoice any order with billing details by itself, even pending ones."""
    return order.get("is_invoice_generated") is False and not _has_billing(order)


def _lacks_billing(order: JsonObject) -> bool:
    return order.get("billing_name") is None and order.get("billing_address") is None


def _can_be_put_back(address: JsonValue) -> bool:
    """Whether a PATCH with the address as shown is accepted and changes nothing.

    An old address may break the rules for new ones, or have a country that new ones must not have.
    """
    shown = as_object(address)
    return shown.get("country") not in _NO_LONGER_ACCEPTED and stored_billing({"billing_address": shown}) == {
        "billing_address": shown
    }


def _is_left_changed(order: JsonObject) -> bool:
    """Whether its billing details have the mark of a run: they are not the order's own."""
    line = as_object(order.get("billing_address")).get("line2")
    return any(isinstance(one, str) and one.endswith(CHANGED_MARK) for one in (order.get("billing_name"), line))


def _is_without_invoice(order: JsonObject) -> bool:
    return order.get("is_invoice_generated") is not True


def _has_status(status: str) -> Callable[[JsonObject], bool]:
    return lambda order: order.get("status") == status


def _is_any(_order: JsonObject) -> bool:
    return True


_FITS: Mapping[str, Callable[[JsonObject], bool]] = {
    "order:any": _is_any,
    **{f"order:{status}": _has_status(status) for status in ("paid", "void", "refunded", "partially_refunded")},
    "order:unpaid": _has_status("pending"),
    "order:unpaid_without_invoice": lambda order: order.get("status") == "pending" and _stays_without(order),
    "order:to_be_put_back": lambda order: (
        order.get("status") == "paid"
        and _has_billing(order)
        and _can_be_put_back(order.get("billing_address"))
        and not _is_left_changed(order)
    ),
    "order:left_changed": _is_left_changed,
    "order:no_billing": lambda order: bool(order.get("paid")) and _lacks_billing(order),
    "order:invoiced": lambda order: order.get("is_invoice_generated") is True,
    "order:not_invoiced": _stays_without,
    "order:of_subscription": lambda order: isinstance(order.get("subscription_id"), str),
    # Requests to these are refused whatever the order, so any order fits.
    "order:for_portal_patch": _is_any,
    "order:for_organization_patch": _is_any,
    "order:for_capital": _is_any,
}
# Of the fitting orders, the first of these is taken where there is one: an issued invoice shows the billing details.
_PREFERRED: Mapping[str, Callable[[JsonObject], bool]] = {"order:to_be_put_back": _is_without_invoice}
