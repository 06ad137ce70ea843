"""Invoices that are ready at once, never, or disappear again."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from mutants.operators import (
    INVOICE,
    NOT_FOUND,
    Mutant,
    asked,
    changing,
    error_of,
    mutant,
    on,
    orders_changed,
    parsed,
    with_parts,
)
from mutants.proxy import Answer, Forward, Layer, Request

_NONE_YET = Answer(
    404, {"content-type": "application/json"}, NOT_FOUND.replace(b"ResourceNotFound", b"InvoiceDoesNotExist")
)


def _at_once(request: Request, forward: Forward) -> Answer:
    """Every world generates invoices within the request."""
    if request.is_on("POST", "/_mock/worlds"):
        document = parsed(request.body)
        policy = {**document.get("invoices", {}), "generation": "immediate"}
        return forward(asked(request, "POST", request.path, {**document, "invoices": policy}))
    return forward(request)


def _never(request: Request, forward: Forward) -> Answer:
    """Requests for invoices are accepted, but have no effect."""
    if request.is_on("POST", "/invoice"):
        shown = parsed(forward(asked(request, "GET", request.path.removesuffix("/invoice"))).body)
        is_ready = (
            isinstance(shown, dict) and shown.get("paid") and shown.get("billing_name") and shown.get("billing_address")
        )
        if is_ready:
            return Answer(202, {"content-type": "application/json"}, b"null")
    return forward(request)


def _flips() -> Layer:
    """Every second read finds no invoice."""
    numbers = itertools.count()

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if on("GET", INVOICE, 200)(request, answer) and next(numbers) % 2:
            shown = request.path.removesuffix("/invoice").rpartition("/")[2]
            return error_of(404, "InvoiceDoesNotExist", f"No invoice exists for order {shown}.")(answer)
        return answer

    return layer


def _flag_flips() -> Layer:
    numbers = itertools.count()
    return orders_changed(
        lambda one: {**one, "is_invoice_generated": one["is_invoice_generated"] and next(numbers) % 3 != 2}
    )


def _flag_by_deed(method: str, status: int) -> Callable[[], Layer]:
    """The flag is set by a request for the invoice, not by the existence of the invoice."""

    def plant() -> Layer:
        done: set[str] = set()
        show = orders_changed(lambda one: {**one, "is_invoice_generated": one["id"] in done})

        def layer(request: Request, forward: Forward) -> Answer:
            answer = show(request, forward)
            if on(method, INVOICE, status)(request, answer):
                done.add(request.path.removesuffix("/invoice").rpartition("/")[2])
            return answer

        return layer

    return plant


def _later(request: Request, forward: Forward) -> Answer:
    """Every world needs an hour to generate an invoice."""
    if request.is_on("POST", "/_mock/worlds"):
        document = parsed(request.body)
        policy = {**document.get("invoices", {}), "generation": "delayed", "delay_seconds": 3600}
        return forward(asked(request, "POST", request.path, {**document, "invoices": policy}))
    return forward(request)


def _second_counts() -> Layer:
    """The first request for an invoice is accepted, but has no effect."""
    asked_once: set[str] = set()

    def layer(request: Request, forward: Forward) -> Answer:
        if not request.is_on("POST", "/invoice") or request.path in asked_once:
            return forward(request)
        shown = parsed(forward(asked(request, "GET", request.path.removesuffix("/invoice"))).body)
        is_new = isinstance(shown, dict) and shown.get("is_invoice_generated") is False
        if is_new and shown["paid"] and shown["billing_name"] is not None and shown["billing_address"] is not None:
            asked_once.add(request.path)
            return Answer(202, {"content-type": "application/json"}, b"null")
        return forward(request)

    return layer


READINESS: list[Mutant] = [
    mutant("readiness", "ready at once", _at_once),
    mutant("readiness", "never ready", _never),
    Mutant("the invoice flips back", "readiness", _flips),
    Mutant("the flag flips back", "readiness", _flag_flips),
    mutant("readiness", "the flag is never set", orders_changed(with_parts(is_invoice_generated=False))),
    mutant("readiness", "the flag is always set", orders_changed(with_parts(is_invoice_generated=True))),
    Mutant("the flag is set by the request", "readiness", _flag_by_deed("POST", 202)),
    Mutant("the flag is set by reading the invoice", "readiness", _flag_by_deed("GET", 200)),
    mutant("readiness", "ready after an hour", _later),
    Mutant("only the second request counts", "readiness", _second_counts),
    mutant("readiness", "no invoice can be read", changing(on("GET", INVOICE, 200), lambda _: _NONE_YET)),
]
