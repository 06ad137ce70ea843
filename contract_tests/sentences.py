"""The words for a check that ended without a verdict of its own: a request without an answer, a mistake of the judge."""

from __future__ import annotations

from collections.abc import Callable

import requests

from contract_tests.findings import Finding
from contract_tests.transport import NoAnswer


def asked_in(problem: NoAnswer) -> str:
    """Method and address of the request that got no answer."""
    request = problem.request
    return f"{request.method} {request.url}" if isinstance(request, requests.PreparedRequest) else "the request"


def silence_found(problem: NoAnswer, redact: Callable[[str], str]) -> Finding:
    """A target that answers other requests has broken the law of HTTP with this one."""
    return Finding(
        rule="Every request gets a complete answer",
        expected="an HTTP answer",
        got=redact(str(problem)),
        operation_id=None,
        source="law",
        reproduce=redact(f"curl -i -X {asked_in(problem)}"),
    )


def mistake(problem: BaseException) -> str:
    """A check that failed for no reason that a target can give."""
    what = " ".join(f"{type(problem).__name__}: {problem}".split())[:300]
    return f"A check could not be made ({what}); this is a mistake of the judge, please report it."
