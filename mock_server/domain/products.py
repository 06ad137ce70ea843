"""Products: each has one price and its benefits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from mock_server.domain.metadata import Metadata


class RecurringInterval(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Benefit:
    id: str
    created_at: datetime
    description: str


@dataclass(frozen=True, slots=True)
class Price:
    """A price of the catalogue; `amount_cents` is None for a free product, and the price of one unit where there is a `unit_label`."""

    id: str
    created_at: datetime
    amount_cents: int | None
    currency: str
    unit_label: str | None = None
    """What is sold by the unit, as in `credit`."""

    @property
    def is_by_unit(self) -> bool:
        return self.unit_label is not None

    def total_cents(self, units: int | None) -> int:
        """What so many units cost; without a price by unit, the price."""
        return (self.amount_cents or 0) * (1 if units is None else units)


@dataclass(frozen=True, slots=True)
class Product:
    id: str
    created_at: datetime
    modified_at: datetime | None
    name: str
    description: str | None
    recurring_interval: RecurringInterval | None
    price: Price
    benefits: tuple[Benefit, ...]
    metadata: Metadata = field(default_factory=dict)

    @property
    def is_recurring(self) -> bool:
        return self.recurring_interval is not None
