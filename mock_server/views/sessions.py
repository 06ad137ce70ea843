"""Customer and member sessions as the calls that create them return them."""

from __future__ import annotations

from urllib.parse import quote

from mock_server.domain.customers import Customer, Member
from mock_server.domain.organizations import Organization
from mock_server.domain.sessions import Credential
from mock_server.views.basics import write_time, write_time_or_null
from mock_server.views.customers import customer_json, member_json
from polar_contract.json_types import JsonObject

PORTAL_PATH_END = "/portal"


def customer_session_json(
    session: Credential, customer: Customer, *, organization: Organization, member: Member | None, base_url: str
) -> JsonObject:
    """CustomerSession: with the member model on, the token is a member's and the link contains the member's address.

    `base_url`: the portal's address, which the service has on its own site and the mock on itself.
    """
    email = member.email if member else customer.email
    return {
        **_session_fields(session),
        "customer_portal_url": portal_url(base_url, organization, session.token, email=email),
        "customer_id": customer.id,
        "customer": customer_json(customer, organization),
    }


def member_session_json(
    session: Credential, customer: Customer, *, organization: Organization, member: Member, base_url: str
) -> JsonObject:
    """MemberSession, as the service returned it from January to March 2026."""
    return {
        **_session_fields(session),
        "member_portal_url": portal_url(base_url, organization, session.token, email=member.email),
        "member_id": member.id,
        "member": member_json(member),
        "customer_id": customer.id,
        "customer": customer_json(customer, organization),
    }


def introspection_json(session: Credential) -> JsonObject:
    """CustomerCustomerSession: when the session of the token ends."""
    return {"expires_at": write_time_or_null(session.expires_at), "return_url": session.return_url}


def portal_user_json(customer: Customer, member: Member | None) -> JsonObject:
    """PortalAuthenticatedUser: the customer, or the member who acts for it."""
    return {
        "type": "customer" if member is None else "member",
        "name": customer.name if member is None else member.name,
        "email": customer.email if member is None else member.email,
        "customer_id": customer.id,
        "member_id": None if member is None else member.id,
        "role": None if member is None else member.role,
    }


def portal_url(base_url: str, organization: Organization, token: str, *, email: str | None) -> str:
    query = f"customer_session_token={token}&email={_quoted(str(email))}"
    return f"{base_url}/{_quoted(organization.slug)}{PORTAL_PATH_END}?{query}"


def _quoted(text: str) -> str:
    """Percent-encode free text of world documents; a lone surrogate, which no URL can hold, becomes a question mark."""
    return quote(text.encode("utf-8", "replace"), safe="")


def _session_fields(session: Credential) -> JsonObject:
    return {
        "created_at": write_time(session.created_at),
        "modified_at": None,
        "id": session.id,
        "token": session.token,
        "expires_at": write_time_or_null(session.expires_at),
        "return_url": session.return_url,
    }
