"""Broken rules of PATCH: the wrong change, the wrong order, or the wrong answer."""

from __future__ import annotations

from collections.abc import Callable

from mutants.operators import (
    ACCEPTED,
    ORDER,
    Json,
    Mutant,
    asked,
    changing,
    compact,
    error_of,
    mutant,
    on,
    parsed,
)
from mutants.proxy import Answer, Forward, Layer, Request

_IS_PATCH = on("PATCH", ORDER)


def _patch_sent(change: Callable[[Json], Json]) -> Layer:
    """PATCH bodies are changed before they reach the mock."""

    def layer(request: Request, forward: Forward) -> Answer:
        body = parsed(request.body)
        if (
            request.method == "PATCH"
            and "/orders/" in request.path
            and isinstance(body, dict)
            and "_mock" not in request.path
        ):
            return forward(asked(request, "PATCH", request.path, change(body)))
        return forward(request)

    return layer


def _in_capitals(sent: Json) -> Json:
    address = sent.get("billing_address")
    if not isinstance(address, dict) or not isinstance(address.get("postal_code"), str):
        return sent
    return {**sent, "billing_address": {**address, "postal_code": address["postal_code"].upper()}}


def _patch_forgets(request: Request, forward: Forward) -> Answer:
    """PATCH answers as if it had succeeded, but nothing is stored."""
    if not request.path.startswith("/v1/") or request.method != "PATCH" or b"billing_name" not in request.body:
        return forward(request)
    answer = forward(asked(request, "GET", request.path))
    body, sent = parsed(answer.body), parsed(request.body)
    if answer.status != 200 or not isinstance(sent, dict) or "id" not in body:
        return forward(request)
    return answer.but(body=compact({**body, "billing_name": sent["billing_name"]}))


def _touching(request: Request, forward: Forward) -> Answer:
    """PATCH updates modified_at of an order that was seen before, although the sent values are equal to the stored ones."""
    answer = forward(request)
    sent, told = parsed(request.body), parsed(answer.body)
    if not _IS_PATCH(request, answer) or answer.status != 200 or not sent or told.get("modified_at") is not None:
        return answer
    return answer.but(body=compact({**told, "modified_at": told["created_at"]}))


def _patch_merges(request: Request, forward: Forward) -> Answer:
    sent = parsed(request.body)
    address = sent.get("billing_address") if isinstance(sent, dict) and request.method == "PATCH" else None
    if not isinstance(address, dict) or "/orders/" not in request.path or "_mock" in request.path:
        return forward(request)
    shown = parsed(forward(asked(request, "GET", request.path)).body)
    old = shown.get("billing_address") if isinstance(shown, dict) else None
    merged = {**(old or {}), **address}
    return forward(asked(request, "PATCH", request.path, {**sent, "billing_address": merged}))


def _patch_leaks() -> Layer:
    """An accepted PATCH also changes another order of the same list."""

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if not _IS_PATCH(request, answer) or answer.status != 200:
            return answer
        prefix, _, own = request.path.rpartition("/")
        listed = parsed(forward(asked(request, "GET", f"{prefix}/?limit=100")).body)
        others = [one["id"] for one in (listed or {}).get("items", []) if one["id"] != own]
        sent = parsed(request.body)
        if others and isinstance(sent, dict) and "billing_name" in sent:
            forward(asked(request, "PATCH", f"{prefix}/{others[0]}", {"billing_name": sent["billing_name"]}))
        return answer

    return layer


def _answer_is_late(request: Request, forward: Forward) -> Answer:
    """PATCH succeeds, but answers with the order as it was before."""
    if request.method != "PATCH" or "/orders/" not in request.path or "_mock" in request.path:
        return forward(request)
    before = forward(asked(request, "GET", request.path))
    answer = forward(request)
    return before if answer.status == 200 else answer


def _refused_after_invoice(request: Request, forward: Forward) -> Answer:
    if request.method == "PATCH" and "/orders/" in request.path and "_mock" not in request.path:
        shown = parsed(forward(asked(request, "GET", request.path)).body)
        if isinstance(shown, dict) and shown.get("is_invoice_generated") is True:
            return error_of(422, "OrderNotEditable")(ACCEPTED)
    return forward(request)


def _country_changes(request: Request, forward: Forward) -> Answer:
    """PATCH answers as if a fixed country had been changed."""
    answer = forward(request)
    if _IS_PATCH(request, answer) and answer.status == 422 and b"PolarRequestValidationError" in answer.body:
        return forward(asked(request, "GET", request.path))
    return answer


def _name_trimmed(sent: Json) -> Json:
    name = sent.get("billing_name")
    return {**sent, "billing_name": f"{name} Inc."} if isinstance(name, str) else sent


def _nulls_ignored(sent: Json) -> Json:
    return {name: value for name, value in sent.items() if value is not None}


def _empty_patch_clears(sent: Json) -> Json:
    return sent or {"billing_name": None}


def _all_named(sent: Json) -> Json:
    return {"billing_name": None, **sent}


def _only_from(prefix: str) -> Layer:
    """PATCH on paths with this prefix answers as if it had succeeded."""

    def layer(request: Request, forward: Forward) -> Answer:
        sent = parsed(request.body)
        if request.method != "PATCH" or not request.path.startswith(prefix) or not isinstance(sent, dict) or not sent:
            return forward(request)
        before = forward(asked(request, "GET", request.path))
        answer = forward(request)
        if before.status == 200 and answer.status == 200 and "/orders/" in request.path:
            old = {name: parsed(before.body)[name] for name in ("billing_name", "billing_address")}
            forward(asked(request, "PATCH", request.path, old))
        return answer

    return layer


PATCHES: list[Mutant] = [
    mutant("rule", "PATCH forgets", _patch_forgets),
    mutant("rule", "PATCH of what is there counts as a change", _touching),
    mutant("rule", "PATCH merges", _patch_merges),
    Mutant("PATCH leaks to another order", "rule", _patch_leaks),
    mutant("rule", "PATCH answers what was before", _answer_is_late),
    mutant("rule", "PATCH is refused after the invoice", _refused_after_invoice),
    mutant("rule", "PATCH ignores null", _patch_sent(_nulls_ignored)),
    mutant("rule", "PATCH changes the name that was sent", _patch_sent(_name_trimmed)),
    mutant("rule", "an empty PATCH clears the name", _patch_sent(_empty_patch_clears)),
    mutant("rule", "a changed country is accepted", _country_changes),
    mutant(
        "rule",
        "the state is kept as it was written",
        changing(on("PATCH", ORDER, 200), lambda one: one.but(body=one.body.replace(b'"US-', b'"'))),
    ),
    mutant("rule", "PATCH clears what it does not name", _patch_sent(_all_named)),
    mutant("rule", "only the organization's PATCH is stored", _only_from("/v1/customer-portal/")),
    mutant("rule", "only the portal's PATCH is stored", _only_from("/v1/orders/")),
    mutant("rule", "PATCH stores postal codes in capitals", _patch_sent(_in_capitals)),
]
