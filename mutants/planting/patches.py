"""PATCH requests that are stored wrongly, not at all, or in another object, whatever their answer says."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mutants.planting.messages import asked, at_path, compact, parsed
from mutants.planting.objects import Json
from mutants.planting.selecting import When
from mutants.proxy import Answer, Forward, Layer, Request

_NO_ANSWER = Answer(0, {}, b"")


def not_stored(while_like: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """A change is answered as made and then taken back, where the object was like this before."""

    def layer(request: Request, forward: Forward) -> Answer:
        sent = parsed(request.body)
        if request.method != "PATCH" or not isinstance(sent, dict) or not when(request, _NO_ANSWER):
            return forward(request)
        before, answer = forward(asked(request, "GET", request.path)), forward(request)
        if before.status != 200 or answer.status != 200:
            return answer
        shown = parsed(before.body)
        if all(shown.get(name) == value for name, value in while_like.items()):
            old = {name: shown.get(name) for name in sent if shown.get(name) is not None or "/orders/" in request.path}
            forward(asked(request, "PATCH", request.path, old))
        return answer

    return layer


def forgotten(names: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """A change of these parts is never made; the answer shows the object with them."""

    def layer(request: Request, forward: Forward) -> Answer:
        sent = parsed(request.body)
        if not when(request, _NO_ANSWER) or not isinstance(sent, dict) or not sent.keys() & set(names):
            return forward(request)
        answer = forward(asked(request, "GET", request.path))
        if answer.status != 200:
            return forward(request)
        return answer.but(body=compact({**parsed(answer.body), **{name: sent[name] for name in names if name in sent}}))

    return layer


def merged(name: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """A part that is an object is merged with the stored one."""

    def layer(request: Request, forward: Forward) -> Answer:
        sent = parsed(request.body)
        part = sent.get(name) if isinstance(sent, dict) else None
        if not isinstance(part, dict) or not when(request, _NO_ANSWER):
            return forward(request)
        shown = parsed(forward(asked(request, "GET", request.path)).body)
        old = shown.get(name) if isinstance(shown, dict) else None
        return forward(asked(request, "PATCH", request.path, {**sent, name: {**(old or {}), **part}}))

    return layer


def leaks(which: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """An accepted change is also made to other orders: to another one of the caller's list, or to those created before."""
    made: dict[str, list[str]] = {}

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if request.is_on("POST", "/orders") and answer.status == 201:
            made.setdefault(request.path, []).append(parsed(answer.body)["id"])
        if not when(request, answer):
            return answer
        folder, _, own = request.path.rpartition("/")
        if which == "earlier":
            world = next((ids for ids in made.values() if own in ids), [])
            others = world[: world.index(own)] if world else []
        else:
            listed = parsed(forward(asked(request, "GET", f"{folder}/?limit=100")).body) or {}
            others = [one["id"] for one in listed.get("items", []) if one["id"] != own][:1]
        for other in others:
            forward(at_path(request, f"{folder}/{other}"))
        return answer

    return layer


def answered_as_before(_: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """A change is made, and answered with the object as it was."""

    def layer(request: Request, forward: Forward) -> Answer:
        if not when(request, _NO_ANSWER):
            return forward(request)
        before, answer = forward(asked(request, "GET", request.path)), forward(request)
        return before if answer.status == 200 else answer

    return layer


def refused_while(where: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """A request is refused where the order is like this."""
    refusal = Answer(422, {"content-type": "application/json"}, b'{"error":"OrderNotEditable","detail":"No"}')

    def layer(request: Request, forward: Forward) -> Answer:
        if not when(request, _NO_ANSWER):
            return forward(request)
        shown = parsed(forward(asked(request, "GET", request.path)).body)
        is_meant = isinstance(shown, dict) and all(shown.get(name) == value for name, value in where.items())
        return refusal if is_meant else forward(request)

    return layer


def final_null(name: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """A part that was set to null can't be set again."""
    cleared: set[str] = set()

    def layer(request: Request, forward: Forward) -> Answer:
        body = parsed(request.body)
        if not when(request, _NO_ANSWER) or not isinstance(body, dict) or name not in body:
            return forward(request)
        if body[name] is not None and request.path in cleared:
            return forward(
                asked(request, "PATCH", request.path, {key: part for key, part in body.items() if key != name})
            )
        answer = forward(request)
        if answer.status == 200 and body[name] is None:
            cleared.add(request.path)
        return answer

    return layer


def null_ignored_where_null(name: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Null for a part that is null already is answered without any change."""

    def layer(request: Request, forward: Forward) -> Answer:
        body = parsed(request.body)
        if when(request, _NO_ANSWER) and isinstance(body, dict) and body.get(name, 1) is None:
            before = forward(asked(request, "GET", request.path))
            if before.status == 200 and parsed(before.body)[name] is None:
                return before
        return forward(request)

    return layer


def sent_shown(names: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Answers show these parts of a change as they were sent: instead of a refusal, or instead of what was made of them."""

    def layer(request: Request, forward: Forward) -> Answer:
        answer, body = forward(request), parsed(request.body)
        if not when(request, answer) or not isinstance(body, dict) or not all(body.get(name) for name in names):
            return answer
        if answer.status >= 400:
            answer = forward(asked(request, "GET", request.path))
        shown = {name: body[name] for name in names}
        return answer.but(body=compact({**parsed(answer.body), **shown}))

    return layer


def null_text_dropped(_: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """A billing name of null never reaches the mock."""

    def layer(request: Request, forward: Forward) -> Answer:
        body = request.body
        if request.method == "PATCH" and "/orders/" in request.path and request.token:
            body = re.sub(rb'"billing_name": null(, )?', b"", body).replace(b", }", b"}")
        headers = {**request.headers, "content-length": str(len(body))} if body else request.headers
        return forward(Request(request.method, request.path, headers, body))

    return layer


def shown_as_changed(name: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """An unchanged order is shown as changed."""

    def layer(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        sent, shown = parsed(request.body), parsed(answer.body)
        if not when(request, answer) or not sent or shown.get(name) is not None:
            return answer
        return answer.but(body=compact({**shown, name: shown["created_at"]}))

    return layer
