"""The selling organization: its name, its invoice prefix and the features that change the API's behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


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
