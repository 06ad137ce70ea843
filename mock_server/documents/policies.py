"""Read the policies of a world document: invoices, payments, rate limit, lifetime of sessions, versions, what is kept."""

from __future__ import annotations

from datetime import timedelta

from mock_server.documents.errors import shown
from mock_server.documents.fields import Fields
from mock_server.domain.limits import PROFILE_REQUESTS, RateLimit, RateProfile
from mock_server.domain.policies import (
    KEPT_EVENTS,
    KEPT_REQUESTS,
    Generation,
    InvoicePolicy,
    OffSession,
    Policies,
    Reissue,
    VersionPolicy,
)
from mock_server.domain.sessions import SESSION_LIFETIME
from polar_contract.json_types import JsonObject

POLICY_KEYS = ("invoices", "journal", "payments", "rate_limits", "sessions", "versions", "webhooks")
_INVOICE_KEYS = ("generation", "delay_seconds", "reissue", "automatic")
_LIMIT_KEYS = ("profile", "requests")


def read_policies(world: Fields) -> Policies:
    """One policy for each of `POLICY_KEYS`."""
    return Policies(
        _read_invoice_policy(world),
        _read_rate_limit(world),
        _read_session_lifetime(world),
        _read_versions(world),
        _read_off_session(world),
        _read_kept(world, "webhooks", "kept_events", default=KEPT_EVENTS, least=1),
        _read_kept(world, "journal", "kept_requests", default=KEPT_REQUESTS, least=0),
    )


def _read_off_session(world: Fields) -> OffSession:
    """`payments`; by default a charge of a saved payment method succeeds."""
    fields = world.object("payments", known=("off_session",))
    return (fields and fields.choice("off_session", OffSession)) or OffSession.SUCCEEDS


def _read_versions(world: Fields) -> VersionPolicy:
    """`versions`; what is left out is as in the world's revision. Whether they exist is checked when the world is made."""
    fields = world.object("versions", known=("current", "served"))
    if fields is None:
        return VersionPolicy()
    return VersionPolicy(fields.text("current"), fields.texts("served"))


def _read_kept(world: Fields, key: str, name: str, *, default: int, least: int) -> int:
    """How many webhook events, or requests, are kept."""
    fields = world.object(key, known=(name,))
    kept = fields.integer(name) if fields is not None else None
    if kept is None:
        return default
    if fields is not None and kept < least:
        fields.complain(name, f"is {shown(kept)}; it has to be at least {least}")
    return kept


def _read_session_lifetime(world: Fields) -> timedelta:
    """`sessions`; one hour by default, as on the service."""
    fields = world.object("sessions", known=("lifetime_seconds",))
    seconds = fields.number("lifetime_seconds") if fields is not None else None
    if seconds is None:
        return SESSION_LIFETIME
    if fields is not None and seconds <= 0:
        fields.complain("lifetime_seconds", f"is {shown(seconds)}; it has to be more than 0")
    return timedelta(seconds=seconds)


def _read_invoice_policy(world: Fields) -> InvoicePolicy:
    """`invoices`; the defaults are those that the service documents."""
    fields = world.object("invoices", known=_INVOICE_KEYS)
    if fields is None:
        return InvoicePolicy()
    delay = fields.number("delay_seconds")
    if delay is not None and delay < 0:
        fields.complain("delay_seconds", f"is {shown(delay)}; it can't be negative")
    return InvoicePolicy(
        generation=fields.choice("generation", Generation) or Generation.DELAYED,
        delay=timedelta(seconds=3 if delay is None else delay),
        reissue=fields.choice("reissue", Reissue) or Reissue.AS_DOCUMENTED,
        automatic=None if fields.raw("automatic") is None else fields.flag("automatic"),
    )


def _read_rate_limit(world: Fields) -> RateLimit | None:
    """`rate_limits`: a profile's name, or an object with another number of requests; no limit by default."""
    if world.is_text("rate_limits"):
        profile = world.choice("rate_limits", RateProfile)
        return RateLimit(profile, PROFILE_REQUESTS[profile]) if profile else None
    fields = world.object("rate_limits", known=_LIMIT_KEYS)
    if fields is None:
        return None
    profile = fields.choice("profile", RateProfile) or RateProfile.SANDBOX
    requests = fields.integer("requests")
    if requests is not None and requests < 0:
        fields.complain("requests", f"is {shown(requests)}; it can't be negative, and 0 refuses every request")
    return RateLimit(profile, PROFILE_REQUESTS[profile] if requests is None else requests)


def write_policies(policies: Policies) -> JsonObject:
    invoices, limit = policies.invoices, policies.rate_limit
    return {
        "invoices": {
            "generation": invoices.generation,
            "delay_seconds": invoices.delay.total_seconds(),
            "reissue": invoices.reissue,
            "automatic": invoices.automatic,
        },
        "journal": {"kept_requests": policies.kept_requests},
        "payments": {"off_session": policies.off_session},
        "rate_limits": None if limit is None else {"profile": limit.profile, "requests": limit.requests},
        "sessions": {"lifetime_seconds": policies.session_lifetime.total_seconds()},
        "webhooks": {"kept_events": policies.kept_events},
        **_write_versions(policies.versions),
    }


def _write_versions(versions: VersionPolicy) -> JsonObject:
    """Nothing for a world whose service has no versions."""
    if versions.current_or_none is None:
        return {}
    return {"versions": {"current": versions.current, "served": list(versions.served or ())}}
