"""The page behind `customer_portal_url`: the same for every shop, because the customer's browser asks the API for all it shows."""

from __future__ import annotations

from pathlib import Path

from mock_server.views.sessions import PORTAL_PATH_END
from mock_server.web.exchange import Answer, Incoming
from mock_server.web.pages.writing import HTML, PAGE_HEADERS

_API_ROOTS = ("/v1/", "/api/")
_FILE = Path(__file__).parent / "pages" / "templates" / "portal.html"


def portal_page() -> Answer:
    """Its address contains a token, so it goes to no other site and into no cache."""
    return Answer(200, _FILE.read_bytes(), (HTML, *PAGE_HEADERS))


def is_portal_page(incoming: Incoming) -> bool:
    """Whether a browser asks for `/ORGANIZATION/portal`, which is no path of the API."""
    return (
        incoming.path.endswith(PORTAL_PATH_END)
        and incoming.method in ("GET", "HEAD")
        and not incoming.path.startswith(_API_ROOTS)
        and incoming.path != PORTAL_PATH_END
    )
