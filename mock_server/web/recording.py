"""Write a request and its response into the journal of its world, or into the server's own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mock_server.contract.routes import Matched
from mock_server.documents.journal_queries import DOWNLOAD
from mock_server.domain.policies import KEPT_REQUESTS
from mock_server.domain.sessions import Credential
from mock_server.services.callers import Caller
from mock_server.services.context import Services
from mock_server.store.journal import KEPT_BODY_BYTES, NO_CHANGES, Changes, Entry
from mock_server.store.state import World
from mock_server.web.exchange import Answer, Incoming
from mock_server.web.rsgi import HEADER_BYTES

_About = tuple[str | None, Mapping[str, str]]
"""The id of an operation, and the parameters of its path."""
_NOTHING: _About = (None, {})


class Handled:
    """A request, whose it is, and what becomes known of it on its way through the pipeline."""

    __slots__ = ("caller", "fault", "incoming", "is_token_known", "matched", "world")

    def __init__(self, incoming: Incoming, found: tuple[World, Caller] | None, *, is_token_known: bool) -> None:
        self.incoming = incoming
        self.world: World | None = None
        self.caller: Caller | None = None
        if found is not None:
            self.world, self.caller = found
        self.is_token_known = is_token_known
        """Also where there is no token."""
        self.matched: Matched | None = None
        self.fault: str | None = None
        """The id of the fault that struck."""


def record(services: Services, request: Handled, answer: Answer, changes: Changes) -> None:
    world, caller, matched = request.world, request.caller, request.matched
    about = _NOTHING if matched is None else (matched.operation.operation_id, matched.path_parameters)
    if world is None or caller is None:
        _record_unclaimed(services, request.incoming, about, answer)
    elif world.policies.kept_requests:
        entry = _entry(request.incoming, about, answer, caller.at, caller.credential, changes, request.fault)
        world.journal.add(entry, world.policies.kept_requests)


def record_download(
    services: Services, world: World | None, order_id: str, incoming: Incoming, answer: Answer, fault: str | None
) -> None:
    """A request by a link, which needs no token. `world`: the one that the link names, if there is one."""
    about = (DOWNLOAD, {"id": order_id})
    if world is None:
        _record_unclaimed(services, incoming, about, answer)
    elif world.policies.kept_requests:
        entry = _entry(incoming, about, answer, world.clock.now(), fault=fault)
        world.journal.add(entry, world.policies.kept_requests)


def _record_unclaimed(services: Services, incoming: Incoming, about: _About, answer: Answer) -> None:
    services.unclaimed.add(_entry(incoming, about, answer, services.wall()), KEPT_REQUESTS)


def _entry(
    incoming: Incoming,
    about: _About,
    answer: Answer,
    at: datetime,
    credential: Credential | None = None,
    changes: Changes = NO_CHANGES,
    fault: str | None = None,
) -> Entry:
    status, sent, headers = answer
    environ = incoming.environ
    has_body = environ.get("CONTENT_LENGTH") or "HTTP_TRANSFER_ENCODING" in environ
    body, kept = _body(environ) if has_body else b"", sent if len(sent) <= KEPT_BODY_BYTES else sent[:KEPT_BODY_BYTES]
    return Entry(
        at,
        incoming.method,
        incoming.path,
        incoming.query,
        environ,
        body,
        credential,
        *about,
        status,
        headers,
        kept,
        changes,
        fault,
        environ.get(HEADER_BYTES, 0) + len(incoming.path) + len(incoming.query) + len(body) + len(kept),
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
