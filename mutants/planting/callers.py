"""Requests of callers who should be refused and are answered as another caller's, and tokens that are read too tolerantly."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from mutants.planting.messages import JSON_TYPE, as_caller, compact, error_answer, parsed
from mutants.planting.objects import Json
from mutants.planting.selecting import When
from mutants.planting.worlds import Memory, SeenWorld
from mutants.proxy import Answer, Forward, Layer, Request

Helper = Callable[[SeenWorld, str, Request], Iterator[str]]
"""The tokens to try instead, given the world and the name of the caller's token."""


def answered_as(name: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """A refusal that fits is replaced by the answer to another caller.

    `own` says whose token the caller's is: `expired`, `unknown`, or any. `only_success`: other answers than successes stay.
    """
    memory = Memory()
    helper, own = _HELPERS[name], data.get("own")

    def layer(request: Request, forward: Forward) -> Answer:
        answer = memory.forwarded(request, forward)
        if not request.path.startswith("/v1/") or not when(request, answer):
            return answer
        world = memory.world_of(request.token)
        if not _is_own(own, world, request):
            return answer
        for one in [world] if world is not None else list(reversed(memory.worlds)):
            for token in helper(one, one.name_of(request.token) or "", request):
                better = forward(as_caller(request, token))
                if better.status < 400 or (better.body != answer.body and not data.get("only_success")):
                    return better
        return answer

    return layer


def _is_own(own: str | None, world: SeenWorld | None, request: Request) -> bool:
    if own == "unknown":
        return request.token is not None and world is None
    if own == "expired":
        name = world.name_of(request.token) if world is not None else None
        return world is not None and world.describes(name or "").get("expires_in_seconds", 1) <= 60
    return own is None or world is not None


def _of_kind(kind: str | None) -> Helper:
    def helper(world: SeenWorld, own: str, request: Request) -> Iterator[str]:
        wanted = kind or ("customer_session" if "/customer-portal/" in request.path else "organization_access_token")
        for name, token in world.tokens.items():
            if name != own and world.is_good(name) and world.describes(name).get("kind") == wanted:
                yield token

    return helper


def _neighbour(world: SeenWorld, own: str, request: Request) -> Iterator[str]:
    """Sessions of other customers."""
    mine = world.describes(own).get("customer")
    for name, token in world.tokens.items():
        if world.is_good(name) and world.describes(name).get("customer") not in (None, mine):
            yield token


def _same_owner(world: SeenWorld, own: str, request: Request) -> Iterator[str]:
    """Valid tokens with all rights of the same caller."""
    wanted = world.describes(own)
    for name, token in world.tokens.items():
        one = world.describes(name)
        same = one.get("kind") == wanted.get("kind") and one.get("customer") == wanted.get("customer")
        if same and name != own and world.is_good(name) and world.has_role(name):
            yield token


def _anybody(world: SeenWorld, own: str, request: Request) -> Iterator[str]:
    yield from world.tokens.values()


_HELPERS: Mapping[str, Helper] = {
    "customer": _of_kind("customer_session"),
    "organization": _of_kind("organization_access_token"),
    "right kind": _of_kind(None),
    "neighbour": _neighbour,
    "same owner": _same_owner,
    "anybody": _anybody,
}


def token_from(where: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """A token is also accepted in the query, or under any scheme."""

    def layer(request: Request, forward: Forward) -> Answer:
        if where == "query":
            found = re.search(r"[?&](?:access_token|token|customer_session_token)=([^&]+)", request.path)
            return forward(as_caller(request, found[1]) if found and request.token is None else request)
        token = request.headers.get("authorization", "").rpartition(" ")[2]
        return forward(as_caller(request, token) if token.startswith("polar_") else request)

    return layer


def exact_scheme(scheme: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """A scheme in other letters is refused."""

    def layer(request: Request, forward: Forward) -> Answer:
        given = request.headers.get("authorization", "")
        if given and not given.startswith(f"{scheme} ") and request.path.startswith("/v1/"):
            refusal = error_answer(401, "Unauthorized", "Unauthorized")
            return refusal.but(headers={**refusal.headers, "www-authenticate": 'Bearer realm="polar"'})
        return forward(request)

    return layer


def token_cut(length: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Only the first characters of a token are compared."""
    memory = Memory()

    def layer(request: Request, forward: Forward) -> Answer:
        answer = memory.forwarded(request, forward)
        given = request.token or ""
        if answer.status != 401 or not given:
            return answer
        every = (token for world in reversed(memory.worlds) for token in world.tokens.values())
        token = next((one for one in every if one[:length] == given[:length]), None)
        return forward(as_caller(request, token)) if token is not None else answer

    return layer


def router_first(_: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Requests outside the operations are refused or redirected before the token is checked."""

    def layer(request: Request, forward: Forward) -> Answer:
        if request.path.startswith("/_mock/"):
            return forward(request)
        headers = {name: value for name, value in request.headers.items() if name != "authorization"}
        answer = forward(Request(request.method, request.path, headers, request.body))
        return answer if answer.status in (307, 405) else forward(request)

    return layer


def answered_before_token(id_text: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """A request without a token about such an id is answered as one about an unknown order."""

    def layer(request: Request, forward: Forward) -> Answer:
        is_meant = f"/{id_text}" in request.path and request.token is None
        return error_answer(404, "ResourceNotFound", "Not found") if is_meant else forward(request)

    return layer


def made_up(_: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """A refused change is answered with the sent values and the id of the path."""

    def layer(request: Request, forward: Forward) -> Answer:
        answer, sent = forward(request), parsed(request.body)
        if not when(request, answer) or not isinstance(sent, dict):
            return answer
        return Answer(200, JSON_TYPE, compact({"id": request.path.rpartition("/")[2], **sent}))

    return layer
