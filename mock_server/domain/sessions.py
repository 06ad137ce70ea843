"""Credentials: the tokens of customers, members and organizations, and their scopes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class CredentialKind(StrEnum):
    """The values are the names of the security schemes in the contract."""

    CUSTOMER_SESSION = "customer_session"
    MEMBER_SESSION = "member_session"
    ACCESS_TOKEN = "access_token"  # noqa: S105  the scheme's name, not a secret


TOKEN_PREFIXES = {
    CredentialKind.CUSTOMER_SESSION: "polar_cst_",
    CredentialKind.MEMBER_SESSION: "polar_mst_",
    CredentialKind.ACCESS_TOKEN: "polar_oat_",
}

SESSION_LIFETIME = timedelta(hours=1)
# Both session kinds carry this one scope; it satisfies the read operations too. Source: polar's auth, April 2026.
SESSION_SCOPES = frozenset({"customer_portal:write"})
ORGANIZATION_SCOPES = frozenset(
    {
        "orders:read",
        "orders:write",
        "customer_sessions:write",
        "member_sessions:write",
        "webhooks:read",
        "webhooks:write",
    }
)


@dataclass(frozen=True, slots=True)
class Credential:
    """A token and its subject. `expires_at` None means that it does not expire."""

    id: str
    token: str
    kind: CredentialKind
    created_at: datetime
    scopes: frozenset[str]
    expires_at: datetime | None
    customer_id: str | None = None
    member_id: str | None = None
    return_url: str | None = None
    is_revoked: bool = False

    def is_valid_at(self, moment: datetime) -> bool:
        return not self.is_revoked and (self.expires_at is None or moment < self.expires_at)

    def __repr__(self) -> str:
        return f"Credential({self.kind}, token redacted)"
