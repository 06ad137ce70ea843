"""The SDK as a customer, as members and as an organization use it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from polar.v2026_04 import Polar

from sdk.clients.checking import Given


@dataclass(frozen=True, slots=True)
class Fixtures:
    given: Given
    polar: Polar
    organization: Polar

    @property
    def orders(self) -> Any:
        """With the customer's token; a call may pass another: `request_access_token`."""
        return self.polar.customer_portal.orders

    def member(self, key: str) -> dict[str, str]:
        return {"request_access_token": self.given.team.tokens[key]}

    def id(self, key: str) -> str:
        return self.given.shop.order(key)

    def get(self, key: str) -> Any:
        return self.orders.get(self.id(key))

    def patch(self, key: str, **changes: Any) -> Any:
        return self.orders.update(self.id(key), **changes)

    def generate(self, key: str) -> Any:
        return self.orders.generate_invoice(self.id(key))

    def owned_by(self, token: str) -> Polar:
        return Polar(token, base_url=self.given.base_url)
