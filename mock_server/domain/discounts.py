"""Discounts as orders show them: the amount and the duration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

WHOLE_BASIS_POINTS = 10_000
"""One hundred percent."""


class DiscountType(StrEnum):
    FIXED = "fixed"
    PERCENTAGE = "percentage"


class DiscountDuration(StrEnum):
    ONCE = "once"
    FOREVER = "forever"
    REPEATING = "repeating"


@dataclass(frozen=True, slots=True)
class Discount:
    """Either a fixed amount, or a percentage in basis points; `duration_in_months` only when it repeats."""

    id: str
    created_at: datetime
    name: str
    code: str | None
    type: DiscountType
    amount_cents: int | None
    currency: str | None
    basis_points: int | None
    duration: DiscountDuration
    duration_in_months: int | None
    starts_at: datetime | None
    ends_at: datetime | None
    max_redemptions: int | None
    redemptions_count: int

    def taken_off(self, subtotal_cents: int) -> int:
        """The amount taken off a subtotal, half cents rounded up; never more than the subtotal."""
        if self.type is DiscountType.FIXED:
            return min(self.amount_cents or 0, max(0, subtotal_cents))
        share = max(0, subtotal_cents) * (self.basis_points or 0)
        return (share + WHOLE_BASIS_POINTS // 2) // WHOLE_BASIS_POINTS
