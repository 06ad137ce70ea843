"""Write a request and its response into the journal of its world, or into the server's own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mock_server.domain.policies import KEPT_REQUESTS
from mock_server.domain.sessions import Credential
from mock_server.services.callers import Caller
from mock_server.services.context import Services
from mock_server.store.journal import KEPT_BODY_BYTES, NO_CHANGES, Changes, Entry
from mock_server.store.state import World
from mock_server.web.exchange import Answer, Incoming

_NO_PARAMETERS: Mapping[str, str] = {}


class Progress:
    """What becomes known of a request on its way through the pipeline."""

    __slots__ = ("fault", "operation_id", "path_parameters")

    def __init__(self) -> None:
        self.operation_id: str | None = None
        self.path_parameters = _NO_PARAMETERS
        self.fault: str | None = None
        """The id of the fault that struck."""


def record(
    services: Services,
    found: tuple[World, Caller] | None,
    incoming: Incoming,
    progress: Progress,
    answer: Answer,
    changes: Changes,
) -> None:
    """`found`: the world of the request, and its caller; None for a request that belongs to no world."""
    if found is None:
        record_unclaimed(services, incoming, progress, answer)
        return
    world, caller = found
    most = world.policies.kept_requests
    if most:
        world.journal.add(_entry(caller.at, caller.credential, incoming, progress, answer, changes), most)


def record_unclaimed(services: Services, incoming: Incoming, progress: Progress, answer: Answer) -> None:
    services.unclaimed.add(_entry(services.wall(), None, incoming, progress, answer, NO_CHANGES), KEPT_REQUESTS)


def record_download(
    services: Services, world: World | None, incoming: Incoming, progress: Progress, answer: Answer
) -> None:
    """A request by a link, which needs no token. `world`: the one that the link names, if there is one."""
    if world is None:
        record_unclaimed(services, incoming, progress, answer)
    elif world.policies.kept_requests:
        entry = _entry(world.clock.now(), None, incoming, progress, answer, NO_CHANGES)
        world.journal.add(entry, world.policies.kept_requests)


def _entry(
    at: datetime,
    credential: Credential | None,
    incoming: Incoming,
    progress: Progress,
    answer: Answer,
    changes: Changes,
) -> Entry:
    status, body, headers = answer
    environ = incoming.environ
    has_body = environ.get("CONTENT_LENGTH") or "HTTP_TRANSFER_ENCODING" in environ
    return Entry(
        at,
        incoming.method,
        incoming.path,
        incoming.query,
        environ,
        _body(environ) if has_body else b"",
        credential,
        progress.operation_id,
        progress.path_parameters,
        status,
        headers,
        body if len(body) <= KEPT_BODY_BYTES else body[:KEPT_BODY_BYTES],
        changes,
        progress.fault,
    )


def _body(environ: Mapping[str, Any]) -> bytes:
    """The beginning of the body, whether the pipeline has read it or not."""
    stream = environ["wsgi.input"]
    if not stream.seekable():
        return b""
    stream.seek(0)
    kept: bytes = stream.read(KEPT_BODY_BYTES)
    # The journal keeps the environ, and would keep the whole body with it.
    stream.truncate(0)
    return kept
