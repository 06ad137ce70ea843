"""Customers and their members, and who of them may see billing."""

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
        """The name on a new order: the one given for billing, or else the customer's own."""
        return self.given_billing_name or self.name

    def owner(self) -> Member | None:
        return next((m for m in self.members if m.role is MemberRole.OWNER), None)


class CustomerChanges(BillingChanges, total=False):
    """What a PATCH of the customer's own record sent."""

    tax_id: str | None


def change_customer(customer: Customer, changes: CustomerChanges, *, now: datetime) -> Customer:
    """The customer with new billing details.

    Errors: InputRefused when the address would be cleared, for a tax number without a country, and for one that the
            country does not know.
    Source: polar's customer portal, April 2026.
    """
    address = changes.get("billing_address", customer.billing_address)
    if address is None and customer.billing_address is not None:
        raise _refusal("billing_address", "Customer billing address cannot be reset to null once set.", "missing")
    changed = replace(
        customer,
        given_billing_name=changes.get("billing_name", customer.given_billing_name),
        billing_address=address,
        tax_id=_tax_id(changes["tax_id"], address) if "tax_id" in changes else customer.tax_id,
    )
    return customer if changed == customer else replace(changed, modified_at=now)


def _tax_id(number: str | None, address: Address | None) -> tuple[str, str] | None:
    if not number:
        return None
    if address is None:
        raise _refusal("tax_id", "Country is required to validate tax ID.", "missing", number)
    named = name_tax_id(number, address.country)
    if named is None:
        raise _refusal("tax_id", "Invalid tax ID.", "invalid", number)
    return named


def _refusal(field: str, message: str, kind: str, sent: str | None = None) -> InputRefused:
    return InputRefused((FieldRefusal(("body", field), message, sent, kind),))


def require_billing_role(member: Member) -> None:
    """Refuse a member who may not see billing. Source: observed on the service, every order operation, April 2026."""
    if member.role not in BILLING_ROLES:
        raise RoleRefused(role=member.role)
