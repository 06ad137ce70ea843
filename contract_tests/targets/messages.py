"""Messages for an unreachable target, a request without a response, and a bug in the contract tests."""

from __future__ import annotations

import re
from collections.abc import Callable

import requests

from contract_tests.checks.findings import Finding
from contract_tests.checks.rules import Rule
from contract_tests.transport.session import NoAnswer
from contract_tests.transport.timeouts import TooMuch

PROXY_WANTS_CREDENTIALS = 407
_REFUSED_BY_PROXY = re.compile(r"Tunnel connection failed: (\d{3})")
_CERTIFICATE = re.compile(r"certificate verify failed: ([^()]+?)\.? \(")


def asked_in(problem: NoAnswer) -> str:
    """Method and URL of the request that got no response."""
    return f"{problem.asked.method} {problem.asked.url}"


def unreachable(base_url: str, problem: requests.RequestException, *, through: str = "") -> str:
    """Why the target cannot be reached. `problem` is the error of `requests`, or the NoAnswer that wraps it.

    `through` is the proxy in use, without user and password.
    """
    why = problem.__cause__ if isinstance(problem, NoAnswer) and problem.__cause__ is not None else problem
    if isinstance(why, requests.exceptions.ProxyError):
        refused = _REFUSED_BY_PROXY.search(str(why))
        if refused:
            return refused_by_proxy(through, int(refused[1]))
        return f"The proxy {through} cannot be reached, or drops the connection; is its address right?"
    if isinstance(why, requests.exceptions.SSLError):
        return _no_trust(base_url, str(why))
    if isinstance(why, requests.Timeout):
        return f"{base_url} did not answer in time; it may hang, or --timeout may be too short."
    if isinstance(why, TooMuch):
        return f"{base_url}: {why}; is it the right address?"
    return f"{base_url} cannot be reached, or drops the connection ({type(why).__name__})."


def refused_by_proxy(through: str, status: int) -> str:
    """The message for a proxy that refuses a request with this status."""
    if status == PROXY_WANTS_CREDENTIALS:
        return f"The proxy {through} asks for a user and a password (407); write it as http://USER:PASSWORD@HOST:PORT."
    return f"The proxy {through} refuses requests to the target ({status}); should the target be in NO_PROXY?"


def _no_trust(base_url: str, why: str) -> str:
    """OpenSSL's reason is inside the text of the library's own error."""
    distrusted = _CERTIFICATE.search(why)
    if distrusted:
        is_unknown_authority = "self-signed" in distrusted[1] or "issuer" in distrusted[1]
        next_step = (
            "; if a company network uses its own certificate authority, pass it with --ca-bundle"
            if is_unknown_authority
            else ""
        )
        return f"{base_url} has no certificate that can be trusted (TLS error: {distrusted[1]}){next_step}."
    if "WRONG_VERSION_NUMBER" in why:
        return f"{base_url} does not speak TLS (TLS error); is it an http address?"
    return f"{base_url}: the TLS connection failed (TLS error: {why[-120:]}); is it the right address?"


def no_response_finding(problem: NoAnswer, redact: Callable[[str], str]) -> Finding:
    """The finding for one request without a response, from a target that answers other requests."""
    asked = problem.asked
    return Finding(
        rule=Rule.COMPLETE,
        expected="an HTTP answer",
        got=redact(str(problem)),
        operation_id=asked.operation_id,
        source="contract",
        reproduce=redact(asked.curl()),
        exchange=redact(asked.transcript()),
        credential=redact(asked.credential),
    )


def mistake(problem: BaseException) -> str:
    """The message for a check that failed because of a bug in the contract tests."""
    what = " ".join(f"{type(problem).__name__}: {problem}".split())[:300]
    return f"A check failed to run ({what}); this is a bug in the contract tests, please report it."
