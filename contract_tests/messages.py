"""The words for what ends without a verdict of its own: a target out of reach, a request without an answer, a mistake of the judge."""

from __future__ import annotations

import re
from collections.abc import Callable

import requests

from contract_tests.findings import Finding
from contract_tests.rules import Rule
from contract_tests.timeouts import TooMuch
from contract_tests.transport import NoAnswer

PROXY_WANTS_CREDENTIALS = 407
_REFUSED_BY_PROXY = re.compile(r"Tunnel connection failed: (\d{3})")
_CERTIFICATE = re.compile(r"certificate verify failed: ([^()]+?)\.? \(")


def asked_in(problem: NoAnswer) -> str:
    """Method and address of the request that got no answer."""
    return f"{problem.asked.method} {problem.asked.url}"


def unreachable(base_url: str, problem: requests.RequestException, *, through: str = "") -> str:
    """Why a target could not be asked at all. `problem` is what requests says of it, or the NoAnswer around that.

    `through` is the proxy on the way, as readers may see it.
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
        return f"{base_url} did not answer in time; it hangs, or --timeout is too short."
    if isinstance(why, TooMuch):
        return f"{base_url} does not stop answering: {why}; is it the right address?"
    return f"{base_url} cannot be reached, or drops the connection ({type(why).__name__})."


def refused_by_proxy(through: str, status: int) -> str:
    """What a proxy that does not let a request pass has said."""
    if status == PROXY_WANTS_CREDENTIALS:
        return f"The proxy {through} asks for a user and a password (407); give it like http://USER:PASSWORD@HOST:PORT."
    return f"The proxy {through} does not lead to the target ({status}); has it to be in NO_PROXY?"


def _no_trust(base_url: str, why: str) -> str:
    """OpenSSL's reason is inside the text of the library's own error."""
    distrusted = _CERTIFICATE.search(why)
    if distrusted:
        is_of_a_stranger = "self-signed" in distrusted[1] or "issuer" in distrusted[1]
        next_step = "; give the authorities of a company's network with --ca-bundle" if is_of_a_stranger else ""
        return f"{base_url} has no certificate that can be trusted (TLS error: {distrusted[1]}){next_step}."
    if "WRONG_VERSION_NUMBER" in why:
        return f"{base_url} does not speak TLS (TLS error); is it an http address?"
    return f"{base_url} can't be spoken to over TLS (TLS error: {why[-120:]}); is it the right address?"


def silence_found(problem: NoAnswer, redact: Callable[[str], str]) -> Finding:
    """A target that answers other requests has broken the law of HTTP with this one."""
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
    """A check that failed for no reason that a target can give."""
    what = " ".join(f"{type(problem).__name__}: {problem}".split())[:300]
    return f"A check could not be made ({what}); this is a mistake of the judge, please report it."
