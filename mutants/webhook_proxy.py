"""The webhook proxy between the mock and a receiver: deliveries pass through a layer that can change them. Contains no defects."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from mutants.planting.messages import asked, compact, parsed
from mutants.planting.objects import Json
from mutants.proxy import Answer, Forward, HangUp, Layer, Request, send

_HOOK = re.compile(r"/_hook/(\d+)")
_STANDARD_PREFIX, _STANDARD_LENGTH = "whsec_", 44
_RENEWAL = re.compile(r"/v1/webhooks/endpoints/[^/]+/secret")
Passing = Callable[["Hook", Request], list[Request]]
"""The deliveries that reach the receiver instead of one delivery."""


@dataclass(slots=True)
class Hook:
    """One endpoint whose deliveries pass through the layer. `held` stores deliveries that a defect holds back."""

    url: str
    address: str
    """The address that the mock sends to: a path of the layer itself."""
    wanted: Json = None
    """The endpoint in the world's document."""
    endpoint_id: str = ""
    secret: str = ""
    former_secret: str = ""
    is_off: bool = False
    held: list[Request] = field(default_factory=list)
    sent: int = 0
    answered: int = 0
    """The last status of the receiver."""


Api = Callable[[Request, Forward, Sequence[Hook]], Answer]
"""A layer in front of the API that knows the endpoints."""


def forwarded(request: Request, forward: Forward, _: Sequence[Hook]) -> Answer:
    """The API unchanged."""
    return forward(request)


def one_each(_: Hook, request: Request) -> list[Request]:
    """Deliveries unchanged."""
    return [request]


def between(
    passing: Passing = one_each,
    *,
    api: Api = forwarded,
    world_seed: Callable[[Json], Json] = dict,
    reply: Callable[[Answer], Answer] = lambda answer: answer,
) -> Callable[[], Layer]:
    """A layer that replaces the address of each loopback receiver by its own and forwards deliveries as `passing` decides.

    `world_seed` changes the endpoints of a world's document, `reply` changes the receiver's answer before the mock gets it.
    """

    def plant() -> Layer:
        hooks: list[Hook] = []

        def layer(request: Request, forward: Forward) -> Answer:
            found = _HOOK.fullmatch(request.path)
            if found:
                return reply(_passed_on(hooks[int(found[1])], request, passing))
            if request.is_on("POST", "/_mock/worlds"):
                return _world_created(request, forward, hooks, world_seed)
            answer = api(request, forward, hooks)
            _learn_renewal(request, answer, hooks)
            for hook in hooks:
                answer = answer.but(body=answer.body.replace(hook.address.encode(), hook.url.encode()))
            return answer

        return layer

    return plant


def _world_created(request: Request, forward: Forward, hooks: list[Hook], world_seed: Callable[[Json], Json]) -> Answer:
    document = parsed(request.body) or {}
    named: dict[str, Hook] = {}
    for name, endpoint in document.get("webhook_endpoints", {}).items():
        if urlsplit(endpoint["url"]).hostname == "127.0.0.1":
            address = f"http://{request.headers['host']}/_hook/{len(hooks)}"
            named[name] = Hook(endpoint["url"], address, wanted=endpoint)
            hooks.append(named[name])
            document["webhook_endpoints"][name] = {**world_seed(endpoint), "url": address}
    answer = forward(asked(request, "POST", request.path, document))
    made = parsed(answer.body) or {}
    for name, hook in named.items():
        hook.secret = made.get("webhook_secrets", {}).get(name, "")
        hook.endpoint_id = made.get("ids", {}).get(f"endpoint:{name}", "")
    return answer


def _learn_renewal(request: Request, answer: Answer, hooks: Sequence[Hook]) -> None:
    if request.method == "PATCH" and answer.status == 200 and _RENEWAL.fullmatch(request.path):
        for hook in hooks:
            if hook.endpoint_id and hook.endpoint_id in request.path:
                hook.former_secret, hook.secret = hook.secret, parsed(answer.body)["secret"]


def _passed_on(hook: Hook, request: Request, passing: Passing) -> Answer:
    hook.sent += 1
    answer = Answer(200, {}, b"ok")
    for one in passing(hook, request):
        parts = urlsplit(hook.url)
        try:
            answer = send(f"{parts.scheme}://{parts.netloc}", Request(one.method, parts.path, one.headers, one.body))
        except OSError as gone:
            # A run that ends stops its receiver, but the mock continues its attempts.
            raise HangUp from gone
        hook.answered = answer.status
    return answer


def signature(key: bytes, request: Request, *, scheme: Callable[[], object] = hashlib.sha256) -> bytes:
    """The signature of id, timestamp and body, before base64 encoding."""
    text = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.".encode() + request.body
    return hmac.new(key, text, scheme).digest()  # type: ignore[arg-type]  # a constructor of hashlib's


def key_of(secret: str) -> bytes:
    """The key that a secret stands for: the bytes of its base64 where the service generated it as Standard Webhooks does."""
    encoded = secret.removeprefix(_STANDARD_PREFIX)
    if secret.startswith(_STANDARD_PREFIX) and len(encoded) == _STANDARD_LENGTH:
        return base64.b64decode(encoded)
    return secret.encode()


def with_signature(request: Request, digest: bytes) -> Request:
    """The delivery with another signature."""
    headers = {**request.headers, "webhook-signature": "v1," + base64.b64encode(digest).decode()}
    return Request(request.method, request.path, headers, request.body)


def with_headers(request: Request, **changes: str | None) -> Request:
    """The delivery with other headers and its signature unchanged; None removes a header."""
    named = {name.replace("_", "-"): value for name, value in changes.items()}
    kept = {name: value for name, value in {**request.headers, **named}.items() if value is not None}
    return Request(request.method, request.path, kept, request.body)


def signed(
    hook: Hook, request: Request, body: bytes, *, event_id: str | None = None, secret: str | None = None
) -> Request:
    """The delivery with another body and a valid signature."""
    changes = {"content-length": str(len(body)), "webhook-id": event_id or request.headers["webhook-id"]}
    one = Request("POST", request.path, {**request.headers, **changes}, body)
    return with_signature(one, signature(key_of(secret or hook.secret), one))


def event_changed(change: Callable[[Json], Json]) -> Passing:
    """Changes events in the raw format and signs them validly."""

    def passing(hook: Hook, request: Request) -> list[Request]:
        event = parsed(request.body)
        is_raw = isinstance(event, dict) and "data" in event
        return [signed(hook, request, compact(change(event)))] if is_raw else [request]

    return passing


def headers_changed(**changes: str | None) -> Passing:
    """Deliveries with other headers."""
    return lambda _, request: [with_headers(request, **changes)]
