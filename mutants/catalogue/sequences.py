"""Defects that only a sequence of requests shows."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable

from mutants.operators import JSON_TYPE, Mutant, asked
from mutants.proxy import Answer, Forward, Layer, Request


def _patch_leaks() -> Layer:
    """An accepted PATCH also changes an order that was created earlier."""
    made: dict[str, list[str]] = {}

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if request.is_on("POST", "/orders") and answer.status == 201:
            made.setdefault(request.path, []).append(json.loads(answer.body)["id"])
        if request.method == "PATCH" and "/orders/" in request.path and answer.status == 200 and request.token:
            folder, _, changed = request.path.rpartition("/")
            world = next((ids for ids in made.values() if changed in ids), [])
            for other in world[: world.index(changed)] if world else []:
                forward(Request("PATCH", f"{folder}/{other}", request.headers, request.body))
        return answer

    return layer


def _query_changed(pattern: str, replacement: Callable[[re.Match[str]], str]) -> Callable[[], Layer]:
    def layer(request: Request, forward: Forward) -> Answer:
        path, mark, query = request.path.partition("?")
        changed = re.sub(pattern, replacement, query)
        return forward(Request(request.method, path + mark + changed, request.headers, request.body))

    return lambda: layer


def _flipped(found: re.Match[str]) -> str:
    return "sorting=" if found[1] else "sorting=-"


def _second_request_renumbers() -> Layer:
    """A second POST for an invoice changes the order's invoice number."""
    asked: dict[str, int] = {}

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if request.is_on("POST", "/invoice") and answer.status == 202:
            order = request.path.split("/")[-2]
            asked[order] = asked.get(order, 0) + 1
        body = answer.body
        for order in [one for one, times in asked.items() if times > 1 and one.encode() in body]:
            body = re.sub(rb'("id":"%s".*?"invoice_number":")' % order.encode(), rb"\1RE-", body, count=1)
        return answer.but(body=body)

    return layer


def _sessions_never_end() -> Layer:
    """A session that has ended is still valid, as if it had been opened again."""
    opened: dict[str, Request] = {}

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if request.is_on("POST", "/customer-sessions/") and answer.status == 201:
            opened[json.loads(answer.body)["token"]] = request
        if answer.status == 401 and request.token in opened:
            renewed = json.loads(forward(opened[request.token]).body)["token"]
            headers = {**request.headers, "authorization": f"Bearer {renewed}"}
            return forward(Request(request.method, request.path, headers, request.body))
        return answer

    return layer


def _deleted_endpoints_stay() -> Layer:
    """A webhook endpoint can still be read after it was deleted."""
    deleted: dict[str, Answer] = {}

    def layer(request: Request, forward: Forward) -> Answer:
        before = forward(asked(request, "GET", request.path)) if request.method == "DELETE" else None
        answer = forward(request)
        if before is not None and answer.status == 204:
            deleted[request.path] = before
        if request.method == "GET" and answer.status == 404 and request.path in deleted:
            return deleted[request.path]
        return answer

    return layer


def _null_is_ignored() -> Layer:
    """A PATCH with null does not change the name."""

    def layer(request: Request, forward: Forward) -> Answer:
        body = request.body
        if request.method == "PATCH" and "/orders/" in request.path and request.token:
            body = re.sub(rb'"billing_name": null(, )?', b"", body).replace(b", }", b"}")
        headers = {**request.headers, "content-length": str(len(body))} if body else request.headers
        return forward(Request(request.method, request.path, headers, body))

    return layer


def _invoice_goes_with_the_name() -> Layer:
    """An issued invoice can no longer be read when the order has no billing name."""

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if request.is_on("GET", "/invoice") and answer.status == 200:
            order = forward(asked(request, "GET", request.path.removesuffix("/invoice")))
            if b'"billing_name":null' in order.body:
                error = {"error": "InvoiceDoesNotExist", "detail": "No invoice exists for this order."}
                return Answer(404, JSON_TYPE, json.dumps(error).encode())
        return answer

    return layer


def _now_and_then_another_count() -> Layer:
    """Every 41st list counts one order too many."""
    numbers = itertools.count(1)

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if "/orders/" in request.path and b'"total_count"' in answer.body and next(numbers) % 41 == 0:
            return answer.but(body=re.sub(rb'"total_count":\d+', b'"total_count":4711', answer.body))
        return answer

    return layer


SEQUENCES: list[Mutant] = [
    Mutant("PATCH leaks to the orders before", "rule", _patch_leaks),
    Mutant("PATCH forgets a name of null", "rule", _null_is_ignored),
    Mutant("a second request gives another number", "rule", _second_request_renumbers),
    Mutant("the invoice goes with the name", "rule", _invoice_goes_with_the_name),
    Mutant("page 2 is page 1", "list", _query_changed(r"\bpage=2\b", lambda _: "page=1")),
    Mutant("up is down", "list", _query_changed(r"\bsorting=(-?)", _flipped)),
    Mutant("the product asked for is forgotten", "list", _query_changed(r"\bproduct_id=[^&]*&?", lambda _: "")),
    Mutant("counts change now and then", "list", _now_and_then_another_count),
    Mutant("sessions never end", "auth", _sessions_never_end),
    Mutant("deleted endpoints are still shown", "account", _deleted_endpoints_stay),
]
