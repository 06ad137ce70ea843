"""Checks the text of an invoice's link, without following it. Pure.

Source: observed on the service, April 2026.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from contract_tests.checks.findings import Problem
from contract_tests.checks.rules import Rule

_SIGNED_PARTS = ("X-Amz-Date", "X-Amz-Expires", "X-Amz-Signature")


def link_problems(url: str, *, lifetime_seconds: int) -> Iterator[Problem]:
    """The problems in the text of a link, which must expire after this time."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        yield Rule.LINK, "an absolute http or https URL", url
        return
    query = parse_qs(parts.query)
    missing = [name for name in _SIGNED_PARTS if not query.get(name)]
    if missing:
        yield Rule.LINK, f"a query with {', '.join(missing)}", url
    elif query["X-Amz-Expires"] != [str(lifetime_seconds)]:
        yield Rule.LINK, f"X-Amz-Expires={lifetime_seconds}", f"X-Amz-Expires={query['X-Amz-Expires'][0]}"
