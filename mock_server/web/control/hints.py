"""Say why a request in a journal found no world or no operation, and what would."""

from __future__ import annotations

import difflib
import re

from mock_server.services.context import Services
from mock_server.store.journal import Entry
from mock_server.store.state import World
from mock_server.views.basics import write_time
from mock_server.web.pipeline import bearer_token
from mock_server.web.revisions import ServedRevisions

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}", re.IGNORECASE)
_LONGEST_PATH = 200


class Hints:
    """Hints about the requests of one server."""

    def __init__(self, services: Services, revisions: ServedRevisions) -> None:
        self._services = services
        self._revisions = revisions

    def of(self, entry: Entry, world: World | None) -> str | None:
        """`world`: the one whose journal has the entry. None: its answer says everything."""
        if entry.operation_id is None and entry.status in (307, 404, 405):
            return self._of_path(entry, world)
        if entry.method == "OPTIONS" and entry.status == 400:
            return _of_preflight(entry)
        if entry.status == 401:
            return self._of_token(entry, world)
        return None

    def _of_token(self, entry: Entry, world: World | None) -> str:
        if world is not None:
            kind = entry.credential.kind if entry.credential else "this"
            return f"the operation takes no token of the kind {kind}"
        value = entry.environ.get("HTTP_AUTHORIZATION")
        if not value:
            return "the request has no header Authorization: Bearer TOKEN"
        token = bearer_token(str(value))
        if token is None:
            return "the header Authorization names no token of the scheme Bearer; send Authorization: Bearer TOKEN"
        return self._of_unknown(token)

    def _of_unknown(self, token: str) -> str:
        owner = self._services.worlds.by_token(token)
        credential = owner.tables.credentials.get(token) if owner is not None else None
        if owner is None or credential is None:
            return "no world of this server has this token; it may belong to a world that was removed or reset, or to the service"
        if credential.is_revoked:
            return f"this token of the world {owner.id} was revoked"
        if credential.expires_at is not None and not credential.is_valid_at(owner.clock.now()):
            return f"this token of the world {owner.id} expired at {write_time(credential.expires_at)}"
        return f"the world {owner.id} has this token now; it did not have it, or it was not valid, when the request arrived"

    def _of_path(self, entry: Entry, world: World | None) -> str | None:
        current = world.policies.versions.current if world is not None else None
        revision = self._revisions.served(current or (world.revision if world else self._services.own_revision))
        version = entry.environ.get(revision.version_variable) if revision.version_variable else None
        if version:
            return f"the version {str(version)[:20]!r}, which the request names, may not be served"
        if entry.status == 405:
            return f"the path has operations for: {', '.join(revision.routes.methods(entry.path))}"
        if entry.status == 307:
            return f"did you mean {_other_slash(entry.path)}? Some clients lose the token or the body when they follow the redirect"
        path = entry.path[:_LONGEST_PATH]
        close = difflib.get_close_matches(_ID.sub("{id}", path), revision.routes.templates, 1, 0.6)
        return (
            f"did you mean {close[0]}?"
            if close
            else "the contract has no such path, or a world's service does not serve it"
        )


def _of_preflight(entry: Entry) -> str:
    asked = (entry.environ.get(f"HTTP_ACCESS_CONTROL_REQUEST_{what}") for what in ("HEADERS", "METHOD"))
    named = ", ".join(str(one)[:_LONGEST_PATH] for one in asked if one)
    return f"no world of this server lets a page send these headers or this method: {named}"


def _other_slash(path: str) -> str:
    shown = path[:_LONGEST_PATH]
    return f"{shown.rstrip('/')} without its slash" if shown.endswith("/") else f"{shown}/ with its slash"
