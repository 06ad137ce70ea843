"""Converts an order of an account into its form in a world document. Pure, except that it adds notes on what can't be copied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contract_tests.tools.capture.account import Account, Notes
from contract_tests.tools.capture.discounts import discount_of
from contract_tests.tools.capture.items import items_of
from contract_tests.tools.capture.naming import Naming
from contract_tests.tools.capture.pseudonymizer import Pseudonymizer
from polar_contract.json_types import JsonObject, JsonValue

_AMOUNTS = (
    *("subtotal_amount", "discount_amount", "tax_amount", "applied_balance_amount"),
    *("refunded_amount", "refunded_tax_amount"),
)
_PLAIN = (
    *("currency", "invoice_number", "receipt_number", "seats", "units"),
    *("created_at", "modified_at", "next_payment_attempt_at"),
)


@dataclass(frozen=True, slots=True)
class OrderWriter:
    """`customers` are the document's customers by key, `reasons` the billing reasons that the contract defines."""

    account: Account
    naming: Naming
    pseudonymizer: Pseudonymizer
    customers: Mapping[str, JsonObject]
    real_names: Mapping[str, JsonValue]
    reasons: frozenset[str]
    notes: Notes

    def write(self, order: JsonObject) -> JsonObject:
        """One order; a field that is left out gets the document's default."""
        key = self.naming.customers[str(order["customer_id"])]
        _note_losses(order, self.pseudonymizer, self.notes)
        return {
            **self.naming.ids(id=order.get("id")),
            "customer": key,
            **self._references(order),
            "status": order["status"],
            "billing_name": self.pseudonymizer.billing_name(
                order.get("billing_name"),
                real_name=self.real_names[key],
                shown_name=self.customers[key].get("name"),
            ),
            "billing_address": self.pseudonymizer.address(order.get("billing_address")),
            **{name: order[name] for name in _AMOUNTS if isinstance(order.get(name), int)},
            **{name: order[name] for name in _PLAIN if order.get(name) is not None},
            **self._reason(order),
            **items_of(order, self.naming, self.notes),
            **self._payment(order),
            **self._invoice(order),
            **self._extras(order),
        }

    def _references(self, order: JsonObject) -> JsonObject:
        keys = {
            "product": self.naming.products.get(str(order.get("product_id"))),
            "subscription": self.naming.subscriptions.get(str(order.get("subscription_id"))),
        }
        return {name: key for name, key in keys.items() if key is not None}

    def _reason(self, order: JsonObject) -> JsonObject:
        reason = order.get("billing_reason")
        if reason in self.reasons:
            return {"billing_reason": reason}
        self.notes.add(f"billing_reason {reason!r}, which the contract does not define")
        return {}

    def _payment(self, order: JsonObject) -> JsonObject:
        payment = self.account.payments.get(str(order["id"]), {})
        if payment.get("status") in (None, "no_payment"):
            return {}
        message = payment.get("error")
        return {"payment": {"status": payment["status"]} | ({"decline_message": message} if message else {})}

    def _invoice(self, order: JsonObject) -> JsonObject:
        if order.get("is_invoice_generated") is not True:
            return {}
        self.notes.add("the issue date and billing details of an invoice (the order's current ones are used)")
        return {"invoice": {"generated_at": order.get("modified_at") or order["created_at"]}}

    def _extras(self, order: JsonObject) -> JsonObject:
        """Discount, checkout, custom fields and metadata of the order."""
        extras: JsonObject = {
            "discount": discount_of(order, self.naming, self.pseudonymizer),
            "checkout_id": self.naming.stand_in(order.get("checkout_id")),
            "custom_field_data": self.pseudonymizer.values(order.get("custom_field_data")),
            "metadata": self.pseudonymizer.values(order.get("metadata")),
        }
        return {name: value for name, value in extras.items() if value}


def _note_losses(order: JsonObject, pseudonymizer: Pseudonymizer, notes: Notes) -> None:
    has_fee = order.get("platform_fee_amount") not in (None, 0)
    is_discount_hidden = order.get("discount_id") is not None and not order.get("discount")
    has_values = not pseudonymizer.keeps_names and bool(order.get("metadata") or order.get("custom_field_data"))
    lost = {
        "values of an order's metadata and custom fields": has_values,
        "an order's discount, which only an organization token shows (its amount is kept)": is_discount_hidden,
        "an order's platform fee": has_fee,
        "totals that do not follow from the other amounts": not _adds_up(order),
    }
    for message, is_lost in lost.items():
        if is_lost:
            notes.add(message)


def _adds_up(order: JsonObject) -> bool:
    def amount(name: str) -> int:
        value = order.get(name)
        return value if isinstance(value, int) else 0

    net = amount("subtotal_amount") - amount("discount_amount")
    total = net + amount("tax_amount")
    due = max(0, total + amount("applied_balance_amount"))
    return (net, total, due) == (amount("net_amount"), amount("total_amount"), amount("due_amount"))
