"""Callers who get more or less than they are authorized to."""

from __future__ import annotations

from collections.abc import Callable

from mutants.operators import (
    LISTS,
    ORDER,
    PORTAL,
    PORTAL_ORDER,
    Mutant,
    as_caller,
    changing,
    error_of,
    mutant,
    on,
    replaced,
)
from mutants.proxy import Answer, Forward, Layer, Request
from mutants.world_tracker import Memory, SeenWorld

_EMPTY_LIST = Answer(
    200, {"content-type": "application/json"}, b'{"items":[],"pagination":{"total_count":0,"max_page":0}}'
)


def _remembering(reaction: Callable[[Memory, Request, Answer], str | None]) -> Callable[[], Layer]:
    """A refused request is sent again with another token, if there is one."""

    def plant() -> Layer:
        memory = Memory()

        def layer(request: Request, forward: Forward) -> Answer:
            answer = memory.forwarded(request, forward)
            if not request.path.startswith("/v1/"):
                return answer
            token = reaction(memory, request, answer)
            return forward(as_caller(request, token)) if token is not None else answer

        return layer

    return plant


def _newest(memory: Memory, kind: str) -> str | None:
    """A valid token of a kind, from the newest world that has one."""
    for world in reversed(memory.worlds):
        for name, token in world.tokens.items():
            if world.describes(name).get("kind") == kind and not world.describes(name).get("scopes"):
                return world.token_like(name) or token
    return None


def _kind(request: Request) -> str:
    return "customer_session" if "/customer-portal/" in request.path else "organization_access_token"


def _anyone(memory: Memory, request: Request, answer: Answer) -> str | None:
    return _newest(memory, _kind(request)) if answer.status == 401 and request.token is None else None


def _any_token(memory: Memory, request: Request, answer: Answer) -> str | None:
    is_unknown = request.token is not None and memory.world_of(request.token) is None
    return _newest(memory, _kind(request)) if answer.status == 401 and is_unknown else None


def _stranger(memory: Memory, request: Request, answer: Answer) -> str | None:
    """Orders of another organization or customer are found on every operation."""
    world = memory.world_of(request.token)
    if world is None or answer.status != 404 or b"ResourceNotFound" not in answer.body:
        return None
    own = world.name_of(request.token) or ""
    others = [token for name, token in world.tokens.items() if world.describes(name).get("kind") == _kind(request)]
    return next((one for one in others if one != world.tokens.get(own)), None)


def _of_own_world(
    fits: Callable[[SeenWorld, str, Request, Answer], bool], instead: Callable[[SeenWorld, str, Request], str | None]
) -> Callable[[Memory, Request, Answer], str | None]:
    def reaction(memory: Memory, request: Request, answer: Answer) -> str | None:
        world = memory.world_of(request.token)
        name = world.name_of(request.token) if world is not None else None
        if world is None or name is None or not fits(world, name, request, answer):
            return None
        return instead(world, name, request)

    return reaction


def _another(world: SeenWorld, name: str, _: Request) -> str | None:
    return world.token_like(name)


def _of_kind(world: SeenWorld, _: str, request: Request) -> str | None:
    tokens = [
        token
        for name, token in world.tokens.items()
        if world.describes(name).get("kind") == _kind(request) and not world.describes(name).get("scopes")
    ]
    return tokens[0] if tokens else None


def _is_expired(world: SeenWorld, name: str, _: Request, answer: Answer) -> bool:
    return answer.status == 401 and world.describes(name).get("expires_in_seconds", 1) <= 60


def _is_wrong_kind(_: SeenWorld, __: str, ___: Request, answer: Answer) -> bool:
    return answer.status == 401 and b"Unauthorized" in answer.body


def _lacks_scope(_: SeenWorld, __: str, ___: Request, answer: Answer) -> bool:
    return answer.status == 403 and b"insufficient_scope" in answer.body


def _lacks_role(_: SeenWorld, __: str, ___: Request, answer: Answer) -> bool:
    return answer.status == 403 and b"NotPermitted" in answer.body


def _others_orders_readable() -> Layer:
    """What the customer is not authorized to see is read with the organization's token."""
    memory = Memory()

    def layer(request: Request, forward: Forward) -> Answer:
        answer = memory.forwarded(request, forward)
        world = memory.world_of(request.token)
        is_hidden = answer.status == 404 and request.method == "GET" and request.path.startswith(PORTAL)
        if world is None or not is_hidden or b"ResourceNotFound" not in answer.body or request.path.count("/") != 4:
            return answer
        for token in world.tokens.values():
            other = forward(as_caller(request, token))
            if other.status == 200:
                return other
        return answer

    return layer


def _lists_for_anyone(request: Request, forward: Forward) -> Answer:
    answer = forward(request)
    return _EMPTY_LIST if request.token is None and on("GET", LISTS, 401)(request, answer) else answer


AUTH: list[Mutant] = [
    Mutant("no token needed", "auth", _remembering(_anyone)),
    Mutant("tokens of other worlds accepted", "auth", _remembering(_stranger)),
    mutant("auth", "lists are empty for anyone", _lists_for_anyone),
    Mutant("any token accepted", "auth", _remembering(_any_token)),
    Mutant("expired tokens accepted", "auth", _remembering(_of_own_world(_is_expired, _another))),
    Mutant("tokens of the wrong kind accepted", "auth", _remembering(_of_own_world(_is_wrong_kind, _of_kind))),
    Mutant("scopes ignored", "auth", _remembering(_of_own_world(_lacks_scope, _another))),
    Mutant("roles ignored", "auth", _remembering(_of_own_world(_lacks_role, _another))),
    Mutant("others' orders readable", "auth", _others_orders_readable),
    mutant(
        "auth",
        "others' orders are forbidden, not absent",
        changing(on("GET", PORTAL_ORDER, 404), error_of(403, "NotPermitted")),
    ),
    mutant(
        "auth",
        "good members are refused",
        changing(on("GET", "/v1/customer-portal/customers/me", 200), error_of(403, "NotPermitted")),
    ),
    mutant(
        "auth",
        "a session's token is shown shortened",
        changing(on("POST", "/v1/customer-sessions/", 201), replaced("polar_cst_", "cst_")),
    ),
    mutant(
        "auth",
        "unknown tokens look forbidden",
        changing(on("GET", ORDER, 401, "invalid_token"), error_of(403, "insufficient_scope")),
    ),
]
