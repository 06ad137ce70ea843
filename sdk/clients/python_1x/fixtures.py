"""The SDK as a customer, as members and as an organization use it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from sdk.clients.checking import Given


@dataclass(frozen=True, slots=True)
class Fixtures:
    given: Given
    sdk: Any
    """The module of the version, as `polar.v2026_04`."""
    webhooks: Any
    """Its module for webhooks."""
    polar: Any
    organization: Any

    @property
    def orders(self) -> Any:
        """With the customer's token; a call may pass another: `request_access_token`."""
        return self.polar.customer_portal.orders

    def member(self, key: str) -> dict[str, str]:
        return {"request_access_token": self.given.team.tokens[key]}

    def retired(self, key: str) -> dict[str, str]:
        """A token of the world that no longer serves the version."""
        assert self.given.retired is not None
        return {"request_access_token": self.given.retired.tokens[key]}

    def id(self, key: str) -> str:
        return self.given.shop.order(key)

    def get(self, key: str) -> Any:
        return self.orders.get(self.id(key))

    def patch(self, key: str, **changes: Any) -> Any:
        return self.orders.update(self.id(key), **changes)

    def generate(self, key: str) -> Any:
        return self.orders.generate_invoice(self.id(key))

    def owned_by(self, token: str) -> Any:
        return self.sdk.Polar(token, base_url=self.given.base_url)


def make_fixtures(given: Given) -> Fixtures:
    name = f"polar.v{str(given.version).replace('-', '_')}"
    sdk = import_module(name)
    customer, organization = (
        sdk.Polar(given.shop.tokens[name], base_url=given.base_url) for name in ("customer", "organization")
    )
    return Fixtures(given, sdk, import_module(f"{name}.webhooks"), customer, organization)
