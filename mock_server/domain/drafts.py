"""Draft orders: what one is made of, and the charge that finalizes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from mock_server.domain.customers import Customer
from mock_server.domain.errors import FieldRefusal, InputRefused, OrderNotDraft
from mock_server.domain.metadata import Metadata
from mock_server.domain.orders import (
    Amounts,
    BillingReason,
    Order,
    OrderItem,
    OrderStatus,
    Payment,
    PaymentStatus,
    move_to,
)
from mock_server.domain.policies import OffSession
from mock_server.domain.products import Product

LEAST_CHARGED_CENTS = 50
"""Less than this is not charged, and counts as paid. Source: polar's order service, August 2026."""
_CODE_LENGTH = 3
_DECLINED = "Your card was declined."


class DraftWish(NamedTuple):
    """What the body of a request asks for; None: as the product has it."""

    currency: str | None
    amount: int | None
    units: int | None
    description: str | None
    metadata: Metadata
    custom_field_data: Mapping[str, str | int | bool | None]


def draft_order(
    wish: DraftWish, customer: Customer, product: Product, *, order_id: str, item_id: str, now: datetime
) -> Order:
    """A draft with one line. Errors: InputRefused for an amount or units that don't go with the price, or another currency."""
    _require_measure(wish, product)
    price, label = product.price, wish.description or product.name
    subtotal = price.total_cents(wish.units) if wish.amount is None else wish.amount
    return Order(
        id=order_id,
        created_at=now,
        modified_at=None,
        status=OrderStatus.DRAFT,
        amounts=Amounts(subtotal_cents=subtotal),
        currency=_currency(wish, product),
        billing_reason=BillingReason.PURCHASE,
        billing_name=customer.billing_name,
        billing_address=customer.billing_address,
        invoice_number=None,
        invoice=None,
        seats=None,
        customer_id=customer.id,
        product_id=product.id,
        price_id=price.id,
        subscription_id=None,
        items=(OrderItem(item_id, now, label, subtotal, 0, price.id),),
        description=label,
        next_payment_attempt_at=None,
        payment=None,
        metadata=wish.metadata,
        custom_field_data=wish.custom_field_data,
        tax_id=customer.tax_id,
        units=wish.units,
    )


def _require_measure(wish: DraftWish, product: Product) -> None:
    """Units for a price by unit and for no other, and no amount beside them. The texts are the mock's own."""
    refusals = []
    if product.price.is_by_unit:
        if wish.units is None:
            refusals.append(_refusal("units", "Units are required for a product with a price by unit.", None))
        if wish.amount is not None:
            refusals.append(_refusal("amount", "Amount can't be set for a product with a price by unit.", wish.amount))
    elif wish.units is not None:
        refusals.append(_refusal("units", "Units can't be set for a product without a price by unit.", wish.units))
    if refusals:
        raise InputRefused(tuple(refusals))


def _currency(wish: DraftWish, product: Product) -> str:
    """The price's currency; another one only for an amount of the request's own. Source: the mock's own choice."""
    if wish.currency is None:
        return product.price.currency
    currency = wish.currency.lower()
    if len(currency) != _CODE_LENGTH or not (currency.isascii() and currency.isalpha()):
        raise InputRefused((_refusal("currency", "Currency is not a code of three letters.", wish.currency),))
    if wish.amount is None and currency != product.price.currency:
        raise InputRefused((_refusal("currency", "Product has no price in this currency.", wish.currency),))
    return currency


def _refusal(name: str, message: str, sent: object) -> FieldRefusal:
    return FieldRefusal(("body", name), message, sent)


def require_draft(order: Order) -> None:
    """Errors: OrderNotDraft."""
    if order.status is not OrderStatus.DRAFT:
        raise OrderNotDraft(order.id, order.status)


def charge_draft(order: Order, outcome: OffSession, *, now: datetime) -> Order:
    """The draft after the charge: paid, or still a draft with the attempt that was made."""
    if outcome is OffSession.SUCCEEDS or order.amounts.due_cents < LEAST_CHARGED_CENTS:
        return move_to(order, OrderStatus.PAID, now=now)
    is_declined = outcome is OffSession.FAILS
    payment = Payment(PaymentStatus.FAILED, _DECLINED) if is_declined else Payment(PaymentStatus.PENDING)
    return replace(order, payment=payment, modified_at=now)
