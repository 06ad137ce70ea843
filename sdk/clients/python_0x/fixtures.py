"""The SDK as a customer, as members and as an organization use it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from polar_sdk import Polar

from sdk.clients.checking import Given, Skipped


@dataclass(frozen=True, slots=True)
class Fixtures:
    given: Given
    polar: Polar
    organization: Polar

    @property
    def orders(self) -> Any:
        return self.polar.customer_portal.orders

    @property
    def customer(self) -> dict[str, str]:
        return {"customer_session": self.given.shop.tokens["customer"]}

    def session(self, key: str) -> dict[str, str]:
        return {"customer_session": self.given.shop.tokens[key]}

    def member(self, key: str) -> dict[str, str]:
        return {"member_session": self.given.team.tokens[key]}

    def id(self, key: str) -> str:
        return self.given.shop.order(key)

    def get(self, key: str) -> Any:
        return self.orders.get(security=self.customer, id=self.id(key))

    def patch(self, key: str, changes: dict[str, Any]) -> Any:
        return self.orders.update(security=self.customer, id=self.id(key), customer_order_update=changes)

    def generate(self, key: str) -> Any:
        return self.orders.generate_invoice(security=self.customer, id=self.id(key))

    def receipt(self, key: str) -> Any:
        if not hasattr(self.orders, "receipt"):
            raise Skipped("the release has no receipts")
        return self.orders.receipt(security=self.customer, id=self.id(key))

    def owned_by(self, token: str) -> Polar:
        return Polar(access_token=token, server_url=self.given.base_url)
