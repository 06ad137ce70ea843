"""Sessions, payments, customers and lists that wrongly depend on earlier or concurrent requests."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from mutants.planting.answers import answer_layer
from mutants.planting.invoices import order_id
from mutants.planting.messages import ACCEPTED, as_caller, asked, at_path, compact, parsed
from mutants.planting.objects import Json, object_change
from mutants.planting.selecting import When
from mutants.proxy import Answer, Forward, Layer, Request

_ID = re.compile(rb"[0-9a-f]{8}-[0-9a-f-]{27}")
_MOVE = re.compile(r"/_mock/worlds/[^/]+/orders/([^/]+)")
_OVERLAP_SECONDS = 0.05


def after_move(status: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Answers about an order change after it got this status; `succeeded`: after a payment of it succeeded."""
    orders: set[str] = set()
    change = object_change(data)

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        move = _MOVE.fullmatch(request.path)
        is_moved = move is not None and request.method == "PATCH" and parsed(request.body).get("status") == status
        if move is not None and is_moved:
            orders.add(move[1])
        if status == "succeeded" and request.is_on("POST", "/confirm-payment") and answer.status == 200:
            orders.update({order_id(request)} if parsed(answer.body)["status"] == status else ())
        is_meant = order_id(request) in orders and when(request, answer)
        return answer.but(body=compact(change(parsed(answer.body)))) if is_meant else answer

    return layer


def never_ends(_: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """A session that has ended is still valid, as if it had been opened again."""
    opened: dict[str, Request] = {}

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if request.is_on("POST", "/customer-sessions/") and answer.status == 201:
            opened[parsed(answer.body)["token"]] = request
        if answer.status == 401 and request.token in opened:
            renewed = parsed(forward(opened[request.token]).body)["token"]
            return forward(as_caller(request, renewed))
        return answer

    return layer


def newest_return_url(_: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Every session of a customer shows the return URL of the newest one."""
    newest: dict[str, Json] = {}
    owners: dict[str, str] = {}

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if request.is_on("POST", "/customer-sessions/") and answer.status == 201:
            made = parsed(answer.body)
            newest[made["customer_id"]], owners[made["token"]] = made["return_url"], made["customer_id"]
        if when(request, answer) and request.token in owners:
            return answer.but(body=compact({**parsed(answer.body), "return_url": newest[owners[request.token]]}))
        return answer

    return layer


def opened_together(_: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Concurrent equal requests for a session get the same session."""
    under_way: dict[tuple[str | None, bytes], tuple[threading.Event, list[Answer]]] = {}
    lock = threading.Lock()

    def layer(request: Request, forward: Forward) -> Answer:
        if not request.is_on("POST", "/v1/customer-sessions/"):
            return forward(request)
        key = (request.token, request.body)
        with lock:
            is_first = key not in under_way
            done, made = under_way.setdefault(key, (threading.Event(), []))
        if not is_first:
            return made[0] if done.wait(5) and made[0].status == 201 else forward(request)
        time.sleep(_OVERLAP_SECONDS)
        made.append(forward(request))
        with lock:
            del under_way[key]
        done.set()
        return made[0]

    return layer


def sent_without(names: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Where the answer fits and the body has one of these parts, the request is carried out without them."""

    def layer(request: Request, forward: Forward) -> Answer:
        answer, sent = forward(request), parsed(request.body)
        needs = data.get("needs", [])
        is_meant = isinstance(sent, dict) and sent.keys() & set(names) and all(name in sent for name in needs)
        if not is_meant or not when(request, answer):
            return answer
        rest = {name: value for name, value in sent.items() if name not in names}
        return forward(asked(request, request.method, request.path, rest))

    return layer


def sent_like(where: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Changes the answer to requests whose body has such parts; without any, to those whose body is empty."""
    change = answer_layer({name: part for name, part in data.items() if name != "sent_like"}, lambda *_: True)
    tests: Mapping[str, Callable[[Json], bool]] = {
        "null": lambda value: value is None,
        "blank": lambda value: isinstance(value, str) and not value.strip(),
        "absent": lambda value: value == "(absent)",
        "present": lambda value: value != "(absent)",
        "empty": lambda value: value == "",
        "lower country": lambda value: isinstance(value, dict) and str(value.get("country")).islower(),
        "bare state": lambda value: isinstance(value, dict) and len(str(value.get("state"))) == 2,
    }

    def layer(request: Request, forward: Forward) -> Answer:
        answer, sent = forward(request), parsed(request.body)
        is_meant = isinstance(sent, dict) and when(request, answer)
        if not is_meant or not all(tests[test](sent.get(name, "(absent)")) for name, test in where.items()):
            return answer
        return answer if sent and not where else change(request, lambda _: answer)

    return layer


def old_customer_in_orders(_: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """In orders the organization still sees a customer's old address after the customer has changed it."""
    before: dict[str, Json] = {}

    def layer(request: Request, forward: Forward) -> Answer:
        if request.is_on("PATCH", "/v1/customer-portal/customers/me"):
            was = parsed(forward(asked(request, "GET", request.path)).body)
            if isinstance(was, dict) and "id" in was:
                before.setdefault(was["id"], was["billing_address"])
        answer = forward(request)
        if not when(request, answer):
            return answer
        order = parsed(answer.body)
        customer = order.get("customer") or {}
        if customer.get("id") not in before:
            return answer
        changed = {**customer, "billing_address": before[customer["id"]]}
        return answer.but(body=compact({**order, "customer": changed}))

    return layer


def known_events_for_all(_: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Any organization can redeliver an event that was once listed."""
    listed: set[bytes] = set()

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if request.path.startswith("/v1/webhooks/deliveries") and answer.status == 200:
            listed.update(_ID.findall(answer.body))
        is_known = bool(listed & set(_ID.findall(request.path.encode())))
        return ACCEPTED if when(request, answer) and is_known else answer

    return layer


def deleted_shown(_: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """An object can still be read after it was deleted."""
    deleted: dict[str, Answer] = {}

    def layer(request: Request, forward: Forward) -> Answer:
        before = forward(asked(request, "GET", request.path)) if request.method == "DELETE" else None
        answer = forward(request)
        if before is not None and answer.status == 204:
            deleted[request.path] = before
        return deleted.get(request.path, answer) if request.method == "GET" and answer.status == 404 else answer

    return layer


def not_deleted(path: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """A deletion is answered as made and not made."""

    def layer(request: Request, forward: Forward) -> Answer:
        if request.method == "DELETE" and request.path.startswith(path):
            exists = forward(asked(request, "GET", request.path)).status == 200
            return Answer(204, {}, b"") if exists else forward(request)
        return forward(request)

    return layer


def pages_overlap(_: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Each page after the first begins with the last item of the page before."""

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        found = re.search(r"\bpage=(\d+)", request.path)
        if not found or int(found[1]) < 2 or not when(request, answer):
            return answer
        before = request.path.replace(found[0], f"page={int(found[1]) - 1}")
        earlier = parsed(forward(at_path(request, before)).body)["items"][-1:]
        body = parsed(answer.body)
        items = [*earlier, *body["items"][:-1]] if earlier else body["items"]
        return answer.but(body=compact({**body, "items": items}))

    return layer


def past_the_end(instead: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """A page past the last one is answered as the last one, or with an error."""

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if not when(request, answer):
            return answer
        pages = parsed(answer.body)["pagination"]
        if parsed(answer.body)["items"] or not pages["total_count"]:
            return answer
        if instead == "404":
            return answer.but(status=404, body=b'{"error":"ResourceNotFound","detail":"No"}')
        return forward(at_path(request, re.sub(r"\bpage=\d+", f"page={pages['max_page']}", request.path)))

    return layer


def only_with_product(value: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """A filter with this value finds only orders with a product."""

    def layer(request: Request, forward: Forward) -> Answer:
        place, _, query = request.path.partition("?")
        if not when(request, Answer(200, {}, b"")) or value not in query or "product_id" in query:
            return forward(request)
        every = parsed(forward(asked(request, "GET", f"{place}?limit=100")).body) or {}
        products = sorted({one["product_id"] for one in every.get("items", []) if one["product_id"]})
        more = urlencode([("product_id", one) for one in products])
        return forward(at_path(request, f"{place}?{query}&{more}"))

    return layer


def sorted_again(by: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """A page that is sorted by one key is sorted again: by its text, with one value first, or with nulls at the other end."""
    name, how = by

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        found = re.search(r"\bsorting=(-?)(\w+)", request.path)
        if not when(request, answer) or not found or found[2] != data.get("asked_for", name):
            return answer
        body, is_down = parsed(answer.body), bool(found[1])
        if how == "nulls":
            nulls = [one for one in body["items"] if one[name] is None]
            others = [one for one in body["items"] if one[name] is not None]
            items = [*others, *nulls] if is_down else [*nulls, *others]
        else:
            items = sorted(body["items"], key=lambda one: (one[name] != how, one[name]), reverse=is_down)
        return answer.but(body=compact({**body, "items": items}))

    return layer


def one_per_event(_: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Of several deliveries of a successful event only the first is listed."""

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if not when(request, answer):
            return answer
        body = parsed(answer.body)
        first = {one["webhook_event"]["id"]: one["id"] for one in body["items"] if one["succeeded"]}
        items = [one for one in body["items"] if not one["succeeded"] or first[one["webhook_event"]["id"]] == one["id"]]
        pages = body["pagination"]
        count = pages["total_count"] - len(body["items"]) + len(items)
        return answer.but(body=compact({**body, "items": items, "pagination": {**pages, "total_count": count}}))

    return layer
