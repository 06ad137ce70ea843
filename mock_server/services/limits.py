"""Apply the world's rate limit to callers, each subject by itself."""

from __future__ import annotations

from mock_server.domain.limits import count_in_window
from mock_server.services.callers import Caller
from mock_server.store.state import World


def count_request(world: World, caller: Caller) -> None:
    """Count one request of this caller; a world without a limit counts nothing. Errors: TooManyRequests."""
    limit = world.state.policies.rate_limit
    if limit is None:
        return
    subject = _subject(caller)
    with world.lock:
        world.windows[subject] = count_in_window(limit, world.windows.get(subject), world.clock.now())


def _subject(caller: Caller) -> str:
    """All sessions of a customer count together, and all tokens of an organization; a member counts alone."""
    if caller.member is not None:
        return f"member:{caller.member.id}"
    return f"customer:{caller.customer.id}" if caller.customer is not None else "organization"
