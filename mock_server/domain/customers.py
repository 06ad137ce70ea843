"""Customers and their members, and who of them may see billing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mock_server.domain.addresses import Address
from mock_server.domain.errors import RoleRefused


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

    @property
    def billing_name(self) -> str | None:
        """The name on a new order: the customer's own, for want of a separate one."""
        return self.name

    def owner(self) -> Member | None:
        return next((m for m in self.members if m.role is MemberRole.OWNER), None)


def require_billing_role(member: Member) -> None:
    """Refuse a member who may not see billing. Source: observed on the service, every order operation, April 2026."""
    if member.role not in BILLING_ROLES:
        raise RoleRefused(role=member.role)
