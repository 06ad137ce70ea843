"""Planted defects of versions: layers in front of a good mock, each with the rule that has to catch it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from contract_tests.checks.rules import Rule
from mutants.proxy import Answer, Forward, Layer, Request

VERSION = "polar-version"
_KNOWN = ("2026-04", "2026-10", "2027-01")
_BARE = Answer(404, {"content-type": "application/json"}, b'{"detail":"Not Found"}')
_ORDER = re.compile(r"/v1/(customer-portal/)?orders/[0-9a-f-]{36}")
Change = Callable[[Request, Answer], Answer]


def _changed(change: Change) -> Layer:
    """A layer of the API that changes answers; the control API stays as it is."""

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        return answer if request.path.startswith("/_mock") else change(request, answer)

    return layer


def _named(request: Request) -> str:
    return request.headers.get(VERSION, "")


def _is_refused(answer: Answer) -> bool:
    return answer.body == _BARE.body and VERSION not in answer.headers


def _with(answer: Answer, **headers: str) -> Answer:
    return answer.but(headers={**answer.headers, **{name.replace("_", "-"): value for name, value in headers.items()}})


def _without_version(answer: Answer) -> Answer:
    return answer.but(headers={name: value for name, value in answer.headers.items() if name != VERSION})


def _always_names(version: str) -> Layer:
    return _changed(lambda _, answer: answer if _is_refused(answer) else _with(answer, polar_version=version))


def _sent_without(request: Request, forward: Forward) -> Answer:
    """The answer to the same request without a version."""
    return forward(replace(request, headers={k: v for k, v in request.headers.items() if k != VERSION}))


def _ignoring(is_ignored: Callable[[Request], bool], *, is_named: bool = False) -> Layer:
    def layer(request: Request, forward: Forward) -> Answer:
        if request.path.startswith("/_mock") or not is_ignored(request):
            return forward(request)
        answer = _sent_without(request, forward)
        return _with(answer, polar_version=_named(request)) if is_named else answer

    return layer


def _order_differs(request: Request, answer: Answer) -> Answer:
    if answer.status != 200 or _ORDER.fullmatch(request.path) is None or _named(request) != "2026-10":
        return answer
    return answer.but(body=json.dumps({**json.loads(answer.body), "description": "Another"}).encode())


def _refuses(is_refused: Callable[[Request], bool]) -> Layer:
    return _changed(lambda request, answer: _BARE if is_refused(request) else answer)


DEFECTS: Mapping[str, tuple[Layer, Rule]] = {
    "no answer names its version": (_changed(lambda _, answer: _without_version(answer)), Rule.ECHOED),
    "every answer names a version that is not there": (_always_names("2030-01"), Rule.ECHOED),
    "errors name no version": (
        _changed(lambda _, answer: _without_version(answer) if answer.status == 401 else answer),
        Rule.ECHOED,
    ),
    "the choice of a version is ignored": (_ignoring(lambda request: _named(request) in _KNOWN), Rule.PINNED),
    "unknown versions are served as the current one": (
        _ignoring(lambda request: bool(_named(request)) and _named(request) not in _KNOWN),
        Rule.UNKNOWN_REFUSED,
    ),
    "unknown versions are served under their own name": (
        _ignoring(lambda request: bool(_named(request)) and _named(request) not in _KNOWN, is_named=True),
        Rule.UNKNOWN_REFUSED,
    ),
    "the refusal names a version": (
        _changed(lambda _, answer: _with(answer, polar_version="2026-10") if _is_refused(answer) else answer),
        Rule.UNKNOWN_REFUSED,
    ),
    "the refusal can be read by pages": (
        _changed(lambda _, answer: _with(answer, access_control_allow_origin="*") if _is_refused(answer) else answer),
        Rule.UNKNOWN_REFUSED,
    ),
    "the refusal is a 400": (
        _changed(lambda _, answer: answer.but(status=400) if _is_refused(answer) else answer),
        Rule.UNKNOWN_REFUSED,
    ),
    "a wrong token comes before the version": (
        _ignoring(lambda request: "Nonsense" in (request.token or "")),
        Rule.UNKNOWN_REFUSED,
    ),
    "an empty version is refused": (
        _refuses(lambda request: VERSION in request.headers and not _named(request)),
        Rule.PINNED,
    ),
    "an order differs between versions": (_changed(_order_differs), Rule.SAME_ORDER),
}
TOO_EARLY = "2026-04"
REMOVED_TOO_EARLY = _refuses(lambda request: _named(request) == TOO_EARLY)

# What a service from before there were versions could get wrong.
DEFECTS_WITHOUT_VERSIONS: Mapping[str, Layer] = {
    "names a known version": _changed(lambda _, answer: _with(answer, polar_version="2026-04")),
    "names a later version": _changed(lambda _, answer: _with(answer, polar_version="2030-01")),
    "names no version there is": _changed(lambda _, answer: _with(answer, polar_version="v1")),
    "names what was chosen": _changed(
        lambda request, answer: _with(answer, polar_version=_named(request)) if _named(request) else answer
    ),
    "refuses unknown versions": _refuses(lambda request: bool(_named(request)) and _named(request) not in _KNOWN),
    "refuses every version": _refuses(lambda request: bool(_named(request))),
    "refuses the newest version": _refuses(lambda request: _named(request) == "2027-01"),
    "refuses an empty version": _refuses(lambda request: VERSION in request.headers and not _named(request)),
    "breaks down when a version is chosen": _changed(
        lambda request, answer: answer.but(status=500, body=b"{}") if _named(request) else answer
    ),
    "has a route for receipts": _changed(
        lambda request, answer: answer.but(status=401, body=b"{}") if "/receipt" in request.path else answer
    ),
}
