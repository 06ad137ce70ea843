"""Build an order of a document into a world; fields that it leaves out follow from its customer, product and items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from mock_server.documents.discounts import Discounts
from mock_server.documents.errors import DocumentInvalid, Problem, Problems, shown
from mock_server.documents.fields import LeftOut
from mock_server.documents.identities import Identities
from mock_server.documents.order_items import ItemDocument, item_taxes
from mock_server.documents.orders import IssuedDocument, OrderDocument, ReceiptDocument
from mock_server.domain.addresses import Address
from mock_server.domain.customers import Customer
from mock_server.domain.discounts import Discount
from mock_server.domain.errors import RefundRefused
from mock_server.domain.invoices import issue_invoice
from mock_server.domain.numbering import invoice_number
from mock_server.domain.orders import PAID_STATUSES, Amounts, BillingReason, Order, OrderItem, OrderStatus
from mock_server.domain.products import Product
from mock_server.domain.receipts import issue_receipt
from mock_server.domain.refunds import Refund, require_partial_refund, tax_share
from mock_server.store.tables import Tables
from polar_contract.behaviour import OrderRules

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The world that receives the order: its tables, its names, and the source of fresh ids."""

    tables: Tables
    invoice_counts: Mapping[str, int]
    """How many of each customer's orders have the number of an invoice, by the customer's id."""
    ids: Mapping[str, str]
    identities: Identities
    discounts: Discounts
    rules: OrderRules
    now: datetime

    def product(self, key: str | None) -> Product | None:
        return self.tables.products[self.ids[f"product:{key}"]] if key is not None else None


def build_order(
    document: OrderDocument, key: str, world: Surroundings, *, path: str, made_at: datetime | None = None
) -> Order:
    """Build the order that a document describes. `path` is the prefix of its problems' paths.

    `made_at` is its time of creation if the document gives none; None: now.

    Errors: NameTaken; DocumentInvalid for a refund that does not fit, the id of another discount, or what orders of the
            world's revision don't have.
    """
    _refuse_foreign(document, world.rules, path)
    customer = world.tables.customers[world.ids[f"customer:{document.customer}"]]
    product = world.product(document.product)
    created_at = document.created_at or made_at or world.now
    currency = document.currency or (product.price.currency if product else "usd")
    id_ = world.identities.id(document.id, f"{path}id")
    discount = world.discounts.found(
        document.discount, path=path, identities=world.identities, currency=currency, now=created_at
    )
    amounts = _amounts(document, product, discount, path)
    items = _items(document, key, world, amounts=amounts, created_at=created_at, path=path)
    order = Order(
        id=id_,
        created_at=created_at,
        modified_at=document.modified_at,
        status=document.status,
        amounts=amounts,
        currency=currency,
        billing_reason=document.billing_reason or _billing_reason(document),
        billing_name=_or(document.billing_name, customer.billing_name),
        billing_address=_or(document.billing_address, customer.billing_address),
        invoice_number=document.invoice_number or _next_invoice_number(world, customer, document.status),
        invoice=None,
        seats=document.seats,
        units=document.units,
        receipt_number=document.receipt_number,
        customer_id=customer.id,
        product_id=product.id if product else None,
        price_id=product.price.id if product else None,
        subscription_id=world.ids[f"subscription:{document.subscription}"] if document.subscription else None,
        items=items,
        description=_given_or(document.description, product.name if product else items[0].label),
        next_payment_attempt_at=document.next_payment_attempt_at,
        payment=document.payment,
        metadata=dict(document.metadata),
        discount=discount,
        checkout_id=document.checkout_id,
        custom_field_data=dict(document.custom_field_data),
        tax_id=_or(document.tax_id, customer.tax_id),
        deleted=document.deleted,
    )
    return _with_receipt(_with_issued(order, document.invoice, world.now), customer, document.receipt, world.now)


def order_names(key: str, order: Order) -> dict[str, str]:
    """The names that an order adds to a world: `item:KEY`, then `item:KEY.2` and so on for further items."""
    items = {f"item:{key}" if n == 1 else f"item:{key}.{n}": item.id for n, item in enumerate(order.items, start=1)}
    discount = {f"discount:{key}": order.discount.id} if order.discount else {}
    return {f"order:{key}": order.id, **items, **discount}


def _next_invoice_number(world: Surroundings, customer: Customer, status: OrderStatus) -> str | None:
    """A draft gets its number when it is finalized."""
    if status is OrderStatus.DRAFT:
        return None
    prefix = world.tables.organization.invoice_prefix
    return invoice_number(prefix, customer.id, world.invoice_counts.get(customer.id, 0) + 1)


def _refuse_foreign(document: OrderDocument, rules: OrderRules, path: str) -> None:
    """Refuse what orders of the world's revision, or drafts, can't have. Errors: DocumentInvalid."""
    problems = Problems()
    if document.status not in rules.statuses:
        known = ", ".join(rules.statuses)
        problems.add(
            f"{path}status", f"is {shown(document.status)}; in the world's revision it has to be one of: {known}"
        )
    if document.receipt_number is not None and not rules.are_receipts_numbered:
        number = shown(document.receipt_number)
        problems.add(f"{path}receipt_number", f"is {number}, and the world's revision has no receipts; leave it out")
    elif document.receipt_number is not None and document.status not in PAID_STATUSES:
        problems.add(f"{path}receipt_number", f"is for a paid order, and the status is {document.status}; leave it out")
    for name in ("invoice_number", "invoice"):
        if document.status is OrderStatus.DRAFT and getattr(document, name) is not None:
            problems.add(f"{path}{name}", "is for an order that was finalized; a draft has none, leave it out")
    problems.raise_if_any()


def _amounts(document: OrderDocument, product: Product | None, discount: Discount | None, path: str) -> Amounts:
    """The subtotal is that of the items, or the product's price; the discount's amount is what it takes off the subtotal."""
    price = product.price.total_cents(document.units) if product else 0
    of_items = sum(item.amount for item in document.items) if document.items else price
    subtotal = _given_or(document.subtotal_amount, of_items)
    amounts = Amounts(
        subtotal_cents=subtotal,
        discount_cents=_given_or(document.discount_amount, discount.taken_off(subtotal) if discount else 0),
        tax_cents=_given_or(document.tax_amount, sum(item.tax_amount or 0 for item in document.items)),
        applied_balance_cents=document.applied_balance_amount,
    )
    refunded, refunded_tax = _refunded(document, amounts, path)
    if not refunded and not refunded_tax:
        return amounts
    return replace(amounts, refunded_cents=refunded, refunded_tax_cents=refunded_tax)


def _refunded(document: OrderDocument, amounts: Amounts, path: str) -> tuple[int, int]:
    """A refunded order is fully refunded unless the document says otherwise; a partly refunded one gives the amount."""
    amount, tax = document.refunded_amount, document.refunded_tax_amount
    if document.status is OrderStatus.PARTIALLY_REFUNDED:
        try:
            amount = require_partial_refund(amounts, Refund(amount, tax))
        except RefundRefused as refused:
            raise DocumentInvalid((Problem(f"{path}{refused.field}", refused.message),)) from None
        return amount, _given_or(tax, tax_share(amounts, amount))
    if document.status is OrderStatus.REFUNDED:
        return _given_or(amount, amounts.net_cents), _given_or(tax, amounts.tax_cents)
    return amount or 0, tax or 0


def _items(
    document: OrderDocument, key: str, world: Surroundings, *, amounts: Amounts, created_at: datetime, path: str
) -> tuple[OrderItem, ...]:
    """An order without `items` gets one item with the whole amount."""
    the_only = ItemDocument(amounts.subtotal_cents, amounts.tax_cents, document.item_id, document.item_label)
    items = document.items or (the_only,)
    period = _period(document, world)
    paths = [f"{path}items.{index}.id" for index in range(len(items))] if document.items else [f"{path}item_id"]
    found = []
    for item, tax, id_path in zip(items, item_taxes(items, amounts.tax_cents), paths, strict=True):
        product = world.product(_or(item.product, document.product))
        label = item.label or (product.name if product else key)
        id_ = world.identities.id(item.id, id_path)
        price_id = product.price.id if product else None
        found.append(OrderItem(id_, created_at, label, item.amount, tax, price_id, item.proration, period))
    return tuple(found)


def _period(document: OrderDocument, world: Surroundings) -> tuple[datetime, datetime] | None:
    """The period that the lines of a subscription's order are for."""
    if document.subscription is None or not world.rules.have_items_periods:
        return None
    subscription = world.tables.subscriptions[world.ids[f"subscription:{document.subscription}"]]
    return subscription.current_period_start, subscription.current_period_end


def _given_or(value: T | None, default: T) -> T:
    return default if value is None else value


def _or(value: T | LeftOut, default: T) -> T:
    return default if isinstance(value, LeftOut) else value


def _billing_reason(document: OrderDocument) -> BillingReason:
    return BillingReason.SUBSCRIPTION_CREATE if document.subscription else BillingReason.PURCHASE


def _with_issued(order: Order, issued: IssuedDocument | None, now: datetime) -> Order:
    if issued is None:
        return order
    shown = replace(
        order,
        # An empty name counts as a name: the service issues an invoice to it.
        billing_name=_given_or(issued.billing_name, order.billing_name or ""),
        billing_address=issued.billing_address or order.billing_address or Address(country="US"),
        tax_id=_or(issued.tax_id, order.tax_id),
    )
    return replace(order, invoice=issue_invoice(shown, now=issued.generated_at or now))


def _with_receipt(order: Order, customer: Customer, issued: ReceiptDocument | None, now: datetime) -> Order:
    if issued is None or order.receipt_number is None:
        return order
    shown_order = replace(
        order,
        billing_name=_given_or(issued.billing_name, order.billing_name),
        billing_address=_or(issued.billing_address, order.billing_address),
    )
    return replace(order, receipt=issue_receipt(shown_order, customer, now=issued.generated_at or now))
