"""A discount as an organization's orders show it."""

from __future__ import annotations

from mock_server.domain.discounts import Discount, DiscountType
from mock_server.domain.organizations import Organization
from mock_server.views.basics import write_time, write_time_or_null
from polar_contract.json_types import JsonObject


def discount_json(discount: Discount, organization: Organization) -> JsonObject:
    """OrderDiscount, one of four shapes: fixed or a percentage, repeating or not."""
    months: JsonObject = (
        {} if discount.duration_in_months is None else {"duration_in_months": discount.duration_in_months}
    )
    return {
        "duration": discount.duration,
        **months,
        "type": discount.type,
        **_measure(discount),
        "created_at": write_time(discount.created_at),
        "modified_at": None,
        "id": discount.id,
        "metadata": {},
        "name": discount.name,
        "code": discount.code,
        "starts_at": write_time_or_null(discount.starts_at),
        "ends_at": write_time_or_null(discount.ends_at),
        "max_redemptions": discount.max_redemptions,
        "redemptions_count": discount.redemptions_count,
        "organization_id": organization.id,
        **_ASKED_FOR_BY_SDKS,
    }


# Required by Python and TypeScript 1.0. Source: revision 2026-04, which requires it.
_ASKED_FOR_BY_SDKS: JsonObject = {"max_redemptions_per_customer": None}


def _measure(discount: Discount) -> JsonObject:
    if discount.type is DiscountType.PERCENTAGE:
        return {"basis_points": discount.basis_points}
    amount, currency = discount.amount_cents, discount.currency or ""
    return {"amount": amount, "currency": currency, "amounts": {currency: amount}}
