"""Customers and members as orders and sessions show them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from mock_server.domain.customers import Customer, Member
from mock_server.domain.organizations import Organization
from mock_server.views.basics import address_json, leave_out, write_time, write_time_or_null
from polar_contract.behaviour import CustomerRules
from polar_contract.json_types import JsonObject, JsonValue


def customer_json(customer: Customer, organization: Organization) -> JsonObject:
    """OrderCustomer; a session's customer has the same fields."""
    return {
        "id": customer.id,
        "created_at": write_time(customer.created_at),
        "modified_at": write_time_or_null(customer.modified_at),
        "metadata": dict(customer.metadata),
        "external_id": customer.external_id,
        "email": customer.email,
        "email_verified": True,
        "type": customer.type,
        "name": customer.name,
        "billing_address": address_json(customer.billing_address),
        "tax_id": _tax_id_json(customer),
        "locale": None,
        "organization_id": organization.id,
        "deleted_at": None,
        "avatar_url": avatar_url(customer.email),
        **_asked_for_by_sdks(customer),
    }


def _asked_for_by_sdks(customer: Customer) -> JsonObject:
    """The name is required by Python since 0.31.7 and TypeScript 0.49, the event by Python 1.0; the method is optional for all."""
    return {"billing_name": customer.billing_name, "default_payment_method_id": None, "first_user_event_at": None}


def portal_customer_json(customer: Customer, left_out: Collection[str]) -> JsonObject:
    """CustomerPortalCustomer: the customer's own record."""
    shape: JsonObject = {
        "created_at": write_time(customer.created_at),
        "modified_at": write_time_or_null(customer.modified_at),
        "id": customer.id,
        "email": customer.email,
        "email_verified": True,
        "name": customer.name,
        "billing_name": customer.billing_name,
        "billing_address": address_json(customer.billing_address),
        "tax_id": _tax_id_json(customer),
        "oauth_accounts": {},
        "default_payment_method_id": None,
        "type": customer.type,
        "locale": None,
    }
    return leave_out(shape, "CustomerPortalCustomer", left_out)


def _tax_id_json(customer: Customer) -> list[JsonValue] | None:
    return None if customer.tax_id is None else [*customer.tax_id]


def legacy_user_json(customer: Customer, rules: CustomerRules) -> JsonObject:
    """The `user` that orders still carry, made from the customer. Source: observed on the service."""
    return {
        "id": customer.id,
        "email": customer.email,
        "public_name": (customer.name or customer.email or "?")[0],
        "avatar_url": avatar_url(customer.email) if rules.has_legacy_avatar else None,
        "github_username": None,
    }


def member_json(member: Member) -> JsonObject:
    return {
        "id": member.id,
        "created_at": write_time(member.created_at),
        "modified_at": None,
        "customer_id": member.customer_id,
        "email": member.email,
        "name": member.name,
        "external_id": member.external_id,
        "role": member.role,
    }


def avatar_url(email: str | None) -> str:
    digest = hashlib.sha256((email or "").lower().encode()).hexdigest()
    return f"https://www.gravatar.com/avatar/{digest}?d=404"
