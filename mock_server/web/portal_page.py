"""The page behind `customer_portal_url`: a text that says that the mock has no portal page yet."""

from __future__ import annotations

from mock_server.views.sessions import PORTAL_PATH_END
from mock_server.web.exchange import Answer, Incoming

_API_ROOTS = ("/v1/", "/api/")
_TEXT = """\
This is where the link to the customer portal leads: the mock, and not polar.sh.

The mock has no page here yet. It serves the portal's API under /v1/customer-portal/; the customer_session_token of this
address is the bearer token for it.
"""
# The address contains a token: it goes to no other site and into no cache.
PORTAL_PAGE = Answer(
    200,
    _TEXT.encode(),
    (
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Cache-Control", "no-store"),
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
    ),
)


def is_portal_page(incoming: Incoming) -> bool:
    """Whether a browser asks for `/ORGANIZATION/portal`, which is no path of the API."""
    return (
        incoming.path.endswith(PORTAL_PATH_END)
        and incoming.method in ("GET", "HEAD")
        and not incoming.path.startswith(_API_ROOTS)
        and incoming.path != PORTAL_PATH_END
    )
