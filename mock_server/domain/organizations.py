"""The selling organization: its name, its invoice prefix and the features that change the API's behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mock_server.domain.errors import FieldRefusal, InputRefused


@dataclass(frozen=True, slots=True)
class Organization:
    id: str
    created_at: datetime
    modified_at: datetime | None
    slug: str
    name: str
    invoice_prefix: str
    email: str | None
    website: str | None
    member_model: bool
    """Customers have members, and customer sessions are member sessions."""
    member_sessions: bool
    """POST /v1/member-sessions/ exists, as it did from January to March 2026."""
    off_session_charges: bool = False
    """It may charge saved payment methods, and make draft orders for that; off for new organizations, as on the service."""
    ready_for_payments: bool = True


def refuse_organization(sent: object) -> None:
    """Refuse a body that names an organization, because the token does. Errors: InputRefused. Source: observed on the service."""
    if sent is not None:
        message = "Setting organization_id is disallowed when using an organization token."
        raise InputRefused((FieldRefusal(("body", "organization_id"), message, str(sent), kind="organization_token"),))
