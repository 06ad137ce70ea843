"""A discount in an order's document: read it, reuse an equal one of other orders, and write it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from mock_server.documents.errors import DocumentInvalid, Problem, shown
from mock_server.documents.fields import Fields
from mock_server.documents.identities import Identities
from mock_server.domain.discounts import WHOLE_BASIS_POINTS, Discount, DiscountDuration, DiscountType
from mock_server.domain.orders import Order
from mock_server.views.basics import write_time, write_time_or_null
from polar_contract.json_types import JsonObject

DISCOUNT_KEYS = (
    *("id", "name", "code", "type", "amount", "currency", "basis_points", "duration", "duration_in_months"),
    *("starts_at", "ends_at", "max_redemptions", "redemptions_count", "created_at"),
)
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class DiscountDocument:
    type: DiscountType
    name: str = "Discount"
    id: str | None = None
    code: str | None = None
    amount: int | None = None
    currency: str | None = None
    """None: the order's currency."""
    basis_points: int | None = None
    duration: DiscountDuration = DiscountDuration.ONCE
    duration_in_months: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    max_redemptions: int | None = None
    redemptions_count: int = 1
    created_at: datetime | None = None


def read_discount(order: Fields) -> DiscountDocument | None:
    fields = order.object("discount", known=DISCOUNT_KEYS)
    if fields is None:
        return None
    type_ = _read_type(fields)
    duration = fields.choice("duration", DiscountDuration) or DiscountDuration.ONCE
    return DiscountDocument(
        type=type_,
        name=fields.text_or("name", "Discount"),
        id=fields.uuid("id"),
        code=fields.text("code"),
        amount=_read_measure(fields, "amount", DiscountType.FIXED, type_, most=None),
        currency=_read_currency(fields, type_),
        basis_points=_read_measure(fields, "basis_points", DiscountType.PERCENTAGE, type_, most=WHOLE_BASIS_POINTS),
        duration=duration,
        duration_in_months=_read_months(fields, duration),
        starts_at=fields.time("starts_at"),
        ends_at=fields.time("ends_at"),
        max_redemptions=fields.integer("max_redemptions"),
        redemptions_count=_given_or_one(fields.integer("redemptions_count")),
        created_at=fields.time("created_at"),
    )


def _read_type(fields: Fields) -> DiscountType:
    """The discount's type as given, or derived from its amount or basis points."""
    said = fields.choice("type", DiscountType)
    if said is not None or fields.raw("type") is not None:
        return said or DiscountType.FIXED
    return DiscountType.PERCENTAGE if fields.raw("basis_points") is not None else DiscountType.FIXED


def _read_measure(
    fields: Fields, name: str, of_type: DiscountType, type_: DiscountType, *, most: int | None
) -> int | None:
    value = fields.integer(name)
    if type_ is not of_type:
        if value is not None:
            fields.complain(name, f"is for discounts of the type {of_type}, and this one is of the type {type_}")
        return None
    if fields.raw(name) is None:
        other = " (or basis_points for a percentage)" if name == "amount" else ""
        fields.complain_missing(name, f"a discount of the type {of_type} needs it{other}")
    elif value is not None and (value < 1 or (most is not None and value > most)):
        limit = "1 or more" if most is None else f"from 1 to {most}, the whole"
        fields.complain(name, f"is {shown(value)}; it has to be {limit}")
    return value


def _read_currency(fields: Fields, type_: DiscountType) -> str | None:
    currency = fields.text("currency")
    if currency is not None and type_ is not DiscountType.FIXED:
        fields.complain("currency", f"is for discounts of the type fixed, and this one is of the type {type_}")
    return currency


def _read_months(fields: Fields, duration: DiscountDuration) -> int | None:
    months = fields.integer("duration_in_months")
    if duration is not DiscountDuration.REPEATING:
        if months is not None:
            fields.complain("duration_in_months", f"is for the duration repeating, and this one is {duration}")
        return None
    if fields.raw("duration_in_months") is None:
        fields.complain_missing("duration_in_months", "a repeating discount needs a number of months")
    elif months is not None and months < 1:
        fields.complain("duration_in_months", f"is {shown(months)}; it has to be 1 or more")
    return months


def _given_or_one(value: int | None) -> int:
    return 1 if value is None else value


class Discounts:
    """The discounts of a world. Orders whose discounts have the same fields share one discount."""

    def __init__(self, orders: Iterable[Order] = ()) -> None:
        self._by_id: dict[str, Discount] = {}
        self._by_content: dict[Discount, Discount] = {}
        for order in orders:
            if order.discount is not None:
                self._keep(order.discount)

    def found(
        self, document: DiscountDocument | None, *, path: str, identities: Identities, currency: str, now: datetime
    ) -> Discount | None:
        """The discount that a document describes. Errors: NameTaken; DocumentInvalid for the id of a different discount."""
        if document is None:
            return None
        wanted = _discount(document, currency, now)
        known = self._by_id.get(document.id) if document.id else self._by_content.get(_content(wanted))
        if known is None:
            return self._keep(replace(wanted, id=identities.id(document.id, f"{path}discount.id")))
        if _content(known) != _content(wanted):
            message = f"is the id of the discount {shown(known.name)}, which has other values; give another id, or none"
            raise DocumentInvalid((Problem(f"{path}discount.id", message),))
        return known

    def _keep(self, discount: Discount) -> Discount:
        self._by_id[discount.id] = discount
        self._by_content.setdefault(_content(discount), discount)
        return discount


def _content(discount: Discount) -> Discount:
    """All of its fields except its id."""
    return replace(discount, id="", created_at=_NEVER)


def _discount(document: DiscountDocument, currency: str, now: datetime) -> Discount:
    is_fixed = document.type is DiscountType.FIXED
    return Discount(
        id=document.id or "",
        created_at=document.created_at or now,
        name=document.name,
        code=document.code,
        type=document.type,
        amount_cents=document.amount,
        currency=(document.currency or currency) if is_fixed else None,
        basis_points=document.basis_points,
        duration=document.duration,
        duration_in_months=document.duration_in_months,
        starts_at=document.starts_at,
        ends_at=document.ends_at,
        max_redemptions=document.max_redemptions,
        redemptions_count=document.redemptions_count,
    )


def write_discount(discount: Discount | None) -> JsonObject | None:
    if discount is None:
        return None
    return {
        "id": discount.id,
        "name": discount.name,
        "code": discount.code,
        "type": discount.type,
        "amount": discount.amount_cents,
        "currency": discount.currency,
        "basis_points": discount.basis_points,
        "duration": discount.duration,
        "duration_in_months": discount.duration_in_months,
        "starts_at": write_time_or_null(discount.starts_at),
        "ends_at": write_time_or_null(discount.ends_at),
        "max_redemptions": discount.max_redemptions,
        "redemptions_count": discount.redemptions_count,
        "created_at": write_time(discount.created_at),
    }
