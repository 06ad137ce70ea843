"""Billing details that are stored, normalised or refused wrongly."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from mutants.operators import (
    ORDER,
    Json,
    Mutant,
    asked,
    changing,
    compact,
    error_of,
    mutant,
    on,
    orders_changed,
    parsed,
)
from mutants.proxy import Answer, Forward, Layer, Request

_PATCH = re.compile(ORDER)


def _is_patch(request: Request) -> bool:
    return request.method == "PATCH" and _PATCH.fullmatch(request.path) is not None


def _sent(change: Callable[[Json], Json]) -> Layer:
    """Valid PATCH bodies are changed before they reach the mock; invalid ones are not."""

    def layer(request: Request, forward: Forward) -> Answer:
        body = parsed(request.body)
        is_text = b"\\ud" not in request.body
        if not _is_patch(request) or not is_text or not isinstance(body, dict) or change(body) == body:
            return forward(request)
        return forward(asked(request, "PATCH", request.path, change(body)))

    return layer


def _name(change: Callable[[str], str | None]) -> Layer:
    def changed(body: Json) -> Json:
        name = body.get("billing_name")
        is_text = isinstance(name, str) and name.isprintable()
        return {**body, "billing_name": change(name)} if is_text else body

    return _sent(changed)


def _address(change: Callable[[Json], Json]) -> Layer:
    def changed(body: Json) -> Json:
        address = body.get("billing_address")
        return {**body, "billing_address": change(address)} if isinstance(address, dict) else body

    return _sent(changed)


def _shown_address(change: Callable[[Json], Json]) -> Layer:
    return orders_changed(
        lambda one: {**one, "billing_address": one["billing_address"] and change(one["billing_address"])}
    )


def _refusing(when: Callable[[Json], bool]) -> Layer:
    """Valid bodies are refused by the validator."""
    refuse = error_of(422, "RequestValidationError")

    def layer(request: Request, forward: Forward) -> Answer:
        body = parsed(request.body)
        answer = forward(request)
        is_hit = _is_patch(request) and answer.status == 200 and isinstance(body, dict) and when(body)
        if not is_hit:
            return answer
        detail = [{"type": "value_error", "loc": ["body"], "msg": "Value error, no", "input": body}]
        return refuse(answer).but(body=compact({"error": "RequestValidationError", "detail": detail}))

    return layer


def _accepting(mark: bytes) -> Layer:
    """When a validator's refusal contains this text, the answer is the unchanged order instead."""

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if not _is_patch(request) or answer.status != 422 or mark not in answer.body or request.token is None:
            return answer
        shown = forward(asked(request, "GET", request.path))
        return shown if shown.status == 200 else answer

    return layer


def _other_cleared(named: str, other: str) -> Layer:
    return _sent(lambda body: {other: None, **body} if named in body and other not in body else body)


def _in_latin_1(text: str) -> str:
    return text.encode().decode("latin-1")


def _cleared_for_good() -> Layer:
    """An address that was cleared can't be set again."""
    cleared: set[str] = set()

    def layer(request: Request, forward: Forward) -> Answer:
        body = parsed(request.body)
        if not _is_patch(request) or not isinstance(body, dict) or "billing_address" not in body:
            return forward(request)
        if body["billing_address"] is not None and request.path in cleared:
            body = {name: value for name, value in body.items() if name != "billing_address"}
            return forward(asked(request, "PATCH", request.path, body))
        answer = forward(request)
        if answer.status == 200 and body["billing_address"] is None:
            cleared.add(request.path)
        return answer

    return layer


def _second_of_two_is_lost() -> Layer:
    """When a body has a name and an address, only the name is stored."""
    return _sent(
        lambda body: (
            {**body, "billing_address": None} if body.get("billing_name") and "billing_address" in body else body
        )
    )


def _only_while(status: str) -> Layer:
    """PATCH of orders with this status is answered as successful, but not stored."""

    def layer(request: Request, forward: Forward) -> Answer:
        body = parsed(request.body)
        if not _is_patch(request) or not isinstance(body, dict):
            return forward(request)
        shown = forward(asked(request, "GET", request.path))
        answer = forward(request)
        before = parsed(shown.body)
        if shown.status == 200 and answer.status == 200 and before["status"] == status:
            old = {name: before[name] for name in ("billing_name", "billing_address") if name in body}
            forward(asked(request, "PATCH", request.path, old))
        return answer

    return layer


BILLING: list[Mutant] = [
    mutant("rule", "long names are cut", _name(lambda name: name[:40])),
    mutant("rule", "names are trimmed", _name(str.strip)),
    mutant("rule", "blank names become null", _name(lambda name: name if name.strip() else None)),
    mutant("rule", "names lose what is not ASCII", _name(lambda name: name.encode("ascii", "ignore").decode())),
    mutant("rule", "names are read as latin-1", _name(_in_latin_1)),
    mutant("rule", "names are escaped for HTML", _name(lambda name: name.replace("&", "&amp;").replace("'", "&#39;"))),
    mutant("rule", "names are composed anew", _name(lambda name: unicodedata.normalize("NFC", name))),
    mutant("rule", "names are written in capitals", _name(str.upper)),
    mutant("rule", "line2 is lost", _address(lambda one: {**one, "line2": None})),
    mutant("rule", "the city is lost", _address(lambda one: {**one, "city": None})),
    mutant("rule", "the postal code is lost", _address(lambda one: {**one, "postal_code": None})),
    mutant(
        "rule",
        "postal codes lose a leading zero",
        _address(
            lambda one: (
                {**one, "postal_code": one["postal_code"].lstrip("0")}
                if isinstance(one.get("postal_code"), str)
                else one
            )
        ),
    ),
    mutant(
        "rule",
        "line1 and line2 are swapped",
        _address(lambda one: {**one, "line1": one.get("line2"), "line2": one.get("line1")}),
    ),
    mutant(
        "rule",
        "address lines are not trimmed",
        _shown_address(lambda one: {**one, "line1": one["line1"] and f"{one['line1']} "}),
    ),
    mutant("rule", "blank address lines stay blank", _shown_address(lambda one: {**one, "line2": one["line2"] or ""})),
    mutant(
        "rule",
        "an address without its empty parts",
        _shown_address(lambda one: {key: part for key, part in one.items() if part is not None}),
    ),
    mutant("rule", "the country in lower case", _shown_address(lambda one: {**one, "country": one["country"].lower()})),
    mutant(
        "rule",
        "the country by its name",
        _shown_address(lambda one: {**one, "country": {"US": "United States"}.get(one["country"], one["country"])}),
    ),
    mutant(
        "rule",
        "the state without its country",
        _shown_address(lambda one: {**one, "state": one["state"] and one["state"].removeprefix("US-")}),
    ),
    mutant(
        "rule",
        "a country in lower case is refused",
        _refusing(lambda body: str((body.get("billing_address") or {}).get("country")).islower()),
    ),
    mutant(
        "rule",
        "a bare state is refused",
        _refusing(lambda body: len(str((body.get("billing_address") or {}).get("state"))) == 2),
    ),
    mutant(
        "rule",
        "unknown keys are refused",
        _refusing(lambda body: bool(set(body) - {"billing_name", "billing_address"})),
    ),
    mutant("rule", "an empty name is refused", _refusing(lambda body: body.get("billing_name") == "")),
    mutant("rule", "an address of null is refused", _refusing(lambda body: body.get("billing_address", 1) is None)),
    mutant("rule", "an empty PATCH is refused", _refusing(lambda body: not body)),
    mutant("rule", "an unknown US state is accepted", _accepting(b"Invalid US state")),
    mutant("rule", "a territory is a state", _accepting(b'"state":"US-PR"')),
    mutant(
        "rule",
        "an address without a country is accepted",
        _accepting(b'"billing_address","country"],"msg":"Field required"'),
    ),
    mutant("rule", "an unknown country is accepted", _accepting(b'"enum"')),
    mutant("rule", "a name that is a number is accepted", _accepting(b'"string_type"')),
    mutant("rule", "another state is accepted", _accepting(b"State cannot be changed")),
    mutant("rule", "a list as body is accepted", _accepting(b'"model_attributes_type"')),
    mutant("rule", "broken JSON is accepted", _accepting(b"json_invalid")),
    mutant("rule", "no body is accepted", _accepting(b'"loc":["body"],"msg":"Field required"')),
    mutant("rule", "a new name clears the address", _other_cleared("billing_name", "billing_address")),
    mutant("rule", "a new address clears the name", _other_cleared("billing_address", "billing_name")),
    Mutant("a cleared address can't be set again", "rule", _cleared_for_good),
    Mutant("of name and address only the name is stored", "rule", _second_of_two_is_lost),
    mutant("rule", "PATCH of a pending order is not stored", _only_while("pending")),
    mutant("rule", "PATCH of a refunded order is not stored", _only_while("refunded")),
    mutant(
        "rule",
        "a refused state is a 400",
        changing(
            on("PATCH", ORDER, 422, "PolarRequestValidationError"),
            lambda one: one.but(status=400),
        ),
    ),
]
