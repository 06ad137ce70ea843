"""The parts of a world document that say how the world behaves: when invoices are made, how many requests are allowed."""

from __future__ import annotations

from datetime import timedelta

from mock_server.documents.fields import Fields
from mock_server.domain.limits import PROFILE_REQUESTS, RateLimit, RateProfile
from mock_server.domain.policies import Generation, InvoicePolicy, Reissue

_INVOICE_KEYS = ("generation", "delay_seconds", "reissue", "automatic")
_LIMIT_KEYS = ("profile", "requests")


def read_invoice_policy(world: Fields) -> InvoicePolicy:
    """`invoices`; what is left out is as the service documents it."""
    fields = world.object("invoices", known=_INVOICE_KEYS)
    if fields is None:
        return InvoicePolicy()
    delay = fields.number("delay_seconds")
    if delay is not None and delay < 0:
        fields.complain("delay_seconds", f"is {delay}; it can't be negative")
    return InvoicePolicy(
        generation=fields.choice("generation", Generation) or Generation.DELAYED,
        delay=timedelta(seconds=3 if delay is None else delay),
        reissue=fields.choice("reissue", Reissue) or Reissue.AS_DOCUMENTED,
        automatic=fields.flag("automatic"),
    )


def read_rate_limit(world: Fields) -> RateLimit | None:
    """`rate_limits`: a profile's name, or an object with another number of requests; no limit when left out."""
    if world.is_text("rate_limits"):
        profile = world.choice("rate_limits", RateProfile)
        return RateLimit(profile, PROFILE_REQUESTS[profile]) if profile else None
    fields = world.object("rate_limits", known=_LIMIT_KEYS)
    if fields is None:
        return None
    profile = fields.choice("profile", RateProfile) or RateProfile.SANDBOX
    requests = fields.integer("requests")
    if requests is not None and requests < 0:
        fields.complain("requests", f"is {requests}; it can't be negative, and 0 refuses every request")
    return RateLimit(profile, PROFILE_REQUESTS[profile] if requests is None else requests)
