"""Headers that are missing or wrong."""

from __future__ import annotations

from dataclasses import replace

from mutants.operators import LISTS, Mutant, When, changing, error_name, mutant, on
from mutants.proxy import Answer, Forward, Layer, Request


def _without(name: str, when: When) -> Layer:
    return changing(
        when, lambda one: one.but(headers={key: value for key, value in one.headers.items() if key != name})
    )


def _with(name: str, value: str, when: When) -> Layer:
    return changing(when, lambda one: one.but(headers={**one.headers, name: value}))


def _of_status(value: int) -> When:
    return lambda _, answer: answer.status == value


def _is_used_up(_: Request, answer: Answer) -> bool:
    return error_name(answer) == "ManualRetryLimitExceeded"


def _redirect_elsewhere(request: Request, forward: Forward) -> Answer:
    answer = forward(request)
    if answer.status == 307:
        return answer.but(headers={**answer.headers, "location": "https://example.com/"})
    return answer


def _router_first(request: Request, forward: Forward) -> Answer:
    """Requests to unknown routes are refused or redirected before the token is checked."""
    anonymous = {name: value for name, value in request.headers.items() if name != "authorization"}
    if request.path.startswith("/_mock/"):
        return forward(request)
    answer = forward(replace(request, headers=anonymous))
    return answer if answer.status in (307, 405) else forward(request)


HEADERS: list[Mutant] = [
    mutant("header", "401 without WWW-Authenticate", _without("www-authenticate", _of_status(401))),
    mutant("header", "another realm", _with("www-authenticate", 'Basic realm="x"', _of_status(401))),
    mutant("header", "405 without Allow", _without("allow", _of_status(405))),
    mutant("header", "405 with all methods", _with("allow", "GET, POST, PATCH", _of_status(405))),
    mutant("header", "429 without Retry-After", _without("retry-after", _of_status(429))),
    mutant("header", "Retry-After as a date", _with("retry-after", "Mon, 23 Nov 2026 10:00:00 GMT", _of_status(429))),
    mutant("header", "lists as text/plain", _with("content-type", "text/plain", on("GET", LISTS, 200))),
    mutant("header", "used-up retries have to wait", _with("retry-after", "60", _is_used_up)),
    mutant("header", "a refused token is stored", _without("cache-control", _of_status(401))),
    mutant("header", "the router does not look at tokens", _router_first),
    mutant("header", "redirects to another host", _redirect_elsewhere),
]
