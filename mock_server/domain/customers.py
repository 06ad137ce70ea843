"""Customers and their members, and which members may see billing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from mock_server.domain.addresses import Address
from mock_server.domain.errors import FieldRefusal, InputRefused, RoleRefused
from mock_server.domain.metadata import Metadata
from mock_server.domain.orders import BillingChanges
from mock_server.domain.tax_ids import name_tax_id


class CustomerType(StrEnum):
    INDIVIDUAL = "individual"
    TEAM = "team"


class MemberRole(StrEnum):
    OWNER = "owner"
    BILLING_MANAGER = "billing_manager"
    MEMBER = "member"


BILLING_ROLES = frozenset({MemberRole.OWNER, MemberRole.BILLING_MANAGER})


@dataclass(frozen=True, slots=True)
class Member:
    id: str
    created_at: datetime
    customer_id: str
    email: str
    name: str | None
    external_id: str | None
    role: MemberRole


@dataclass(frozen=True, slots=True)
class Customer:
    id: str
    created_at: datetime
    modified_at: datetime | None
    type: CustomerType
    email: str | None
    name: str | None
    external_id: str | None
    billing_address: Address | None
    members: tuple[Member, ...]
    given_billing_name: str | None = None
    tax_id: tuple[str, str] | None = None
    """The number, and the name of its format."""
    metadata: Metadata = field(default_factory=dict)

    @property
    def billing_name(self) -> str | None:
        """The name on a new order: the billing name if there is one, otherwise the customer's own."""
        return self.given_billing_name or self.name

    def owner(self) -> Member | None:
        return next((m for m in self.members if m.role is MemberRole.OWNER), None)


class CustomerChanges(BillingChanges, total=False):
    """The fields that a PATCH of the customer's own record sent; unlike on orders, null clears nothing."""

    tax_id: str | None


def change_customer(customer: Customer, changes: CustomerChanges, *, now: datetime) -> Customer:
    """The customer with new billing details. Texts are trimmed; a blank one is null, and null keeps the stored text.

    Errors: InputRefused for an address of null, whether or not one was set; for a tax number without a country; and for a
            tax number that the country does not know, which may be the number stored before the country changed.
    Source: observed on the service (name and address), and polar's customer portal (tax number), April 2026.
    """
    if "billing_address" in changes and changes["billing_address"] is None:
        raise _refusal("billing_address", "Customer billing address cannot be reset to null once set.", "missing")
    address = changes.get("billing_address", customer.billing_address)
    changed = replace(
        customer,
        given_billing_name=_filled(changes.get("billing_name")) or customer.given_billing_name,
        billing_address=address,
        tax_id=_tax_id(customer, _filled(changes.get("tax_id")), address),
    )
    return customer if changed == customer else replace(changed, modified_at=now)


def _filled(text: str | None) -> str | None:
    return (text or "").strip() or None


def _tax_id(customer: Customer, sent: str | None, address: Address | None) -> tuple[str, str] | None:
    """The number that was sent, or else the stored one, normalised for the country of the address."""
    number = sent or (customer.tax_id and customer.tax_id[0])
    if number is None:
        return None
    if address is None:
        # The item's location is the missing country, not the number that was sent.
        raise _refusal("billing_address", "Country is required to validate tax ID.", "missing")
    if sent is None and customer.billing_address and customer.billing_address.country == address.country:
        return customer.tax_id
    named = name_tax_id(number, address.country)
    if named is None:
        raise _refusal("tax_id", "Invalid tax ID.", "invalid", sent)
    return named


def _refusal(field: str, message: str, kind: str, sent: str | None = None) -> InputRefused:
    return InputRefused((FieldRefusal(("body", field), message, sent, kind),))


def require_billing_role(member: Member) -> None:
    """Refuse a member who may not see billing. Source: observed on the service, every order operation, April 2026."""
    if member.role not in BILLING_ROLES:
        raise RoleRefused(role=member.role)
