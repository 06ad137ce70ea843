"""How many requests a subject may make: the service's two profiles, and the counter of one fixed window."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from mock_server.domain.errors import TooManyRequests

# Every window is a minute. Source: the service's rate limits, April 2026.
WINDOW = timedelta(minutes=1)


class RateProfile(StrEnum):
    """The environments of the service, which differ in their limits."""

    SANDBOX = "sandbox"
    PRODUCTION = "production"


# Requests in a window, for portal sessions and for most organizations. Source: the service's rate limits, April 2026.
PROFILE_REQUESTS = {RateProfile.SANDBOX: 100, RateProfile.PRODUCTION: 500}


@dataclass(frozen=True, slots=True)
class RateLimit:
    """The limit of every subject of a world: the number of requests in each window."""

    profile: RateProfile
    requests: int


@dataclass(frozen=True, slots=True)
class Window:
    """A subject's window: it begins with the first request and ends after its fixed time."""

    began_at: datetime
    requests: int


def count_in_window(limit: RateLimit, window: Window | None, now: datetime) -> Window:
    """The window with one more request. Errors: TooManyRequests, which gives the whole window and not the time left."""
    if window is None or now - window.began_at >= WINDOW:
        window = Window(now, 0)
    if window.requests >= limit.requests:
        raise TooManyRequests(WINDOW)
    return replace(window, requests=window.requests + 1)
