"""Entries of a journal as the control API shows them, without secrets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from mock_server.store.journal import KEPT_BODY_BYTES, Entry
from mock_server.store.state import WorldState
from mock_server.views.basics import write_time
from mock_server.views.jobs import job_json
from mock_server.views.redaction import Redactor, sent_secrets
from polar_contract.json_types import JsonObject, JsonValue

_WSGI_HEADERS = {"CONTENT_TYPE": "Content-Type", "CONTENT_LENGTH": "Content-Length"}
_SECRET_HEADERS = ("Cookie", "Proxy-Authorization", "X-Mock-Key")
_MASK = "<redacted>"
_Clear = Callable[[str], str]
_LONGEST_HEADER = 2_000
_SCHEMES = ("bearer", "basic", "digest", "token")


class JournalView:
    """Writes entries. `tokens`: the names of the world's tokens by the tokens."""

    def __init__(self, redactor: Redactor, tokens: Mapping[str, str]) -> None:
        self._redactor = redactor
        self._tokens = tokens

    def entry(self, number: int, entry: Entry, *, orders: Iterable[str] = (), hint: str | None = None) -> JsonObject:
        clear = self._redactor.also_of(sent_secrets(entry.body)).clear
        order, token = next(iter(orders), None), self.token_name(entry)
        return {
            "number": number,
            "at": write_time(entry.at),
            "method": entry.method,
            "path": clear(entry.path),
            "query": _cut(entry.query, clear),
            "operation": entry.operation_id,
            "order": None if order is None else clear(order),
            "caller": None if entry.credential is None else entry.credential.kind,
            "token": token,
            "request": {"headers": self._request_headers(entry, token, clear), "body": _body(entry.body, clear)},
            "status": entry.status,
            "answer": {
                "headers": {name: clear(value) for name, value in entry.headers},
                "body": _body(entry.answer, clear),
            },
            "changed": _changed(entry),
            "fault": entry.fault,
            "hint": hint,
        }

    def token_name(self, entry: Entry) -> str | None:
        """The name of the caller's token; None for a token that the API made, which has none."""
        return None if entry.credential is None else self._tokens.get(entry.credential.token)

    def _request_headers(self, entry: Entry, token: str | None, clear: _Clear) -> JsonObject:
        headers: JsonObject = {}
        for key, value in entry.environ.items():
            name = _WSGI_HEADERS.get(key) or (_header_name(key) if key.startswith("HTTP_") else None)
            if name == "Authorization":
                headers[name] = _authorization(str(value), token, clear)
            elif name is not None and value != "":
                headers[name] = _MASK if name in _SECRET_HEADERS else _cut(str(value), clear)
        return headers


def _cut(value: str, clear: _Clear) -> str:
    return clear(value) if len(value) <= _LONGEST_HEADER else f"{clear(value[:_LONGEST_HEADER])}<cut>"


def _authorization(value: str, token: str | None, clear: _Clear) -> str:
    """The scheme, and the name of the token in place of it. What has no scheme may be a token itself."""
    scheme, _, credentials = value.partition(" ")
    if scheme.lower() not in _SCHEMES or not credentials:
        return _MASK
    if token is not None:
        return f"{scheme} <{token}>"
    cleared = clear(credentials)
    return f"{scheme} {_MASK if cleared == credentials else cleared}"


def _body(body: bytes, clear: _Clear) -> JsonValue:
    """None if there is none; a document such as a PDF is described."""
    if not body:
        return None
    is_cut = len(body) >= KEPT_BODY_BYTES
    try:
        # A character may have been cut in two.
        text = body.decode("utf-8", "ignore" if is_cut else "strict")
    except UnicodeDecodeError:
        return f"<{len(body)} bytes>"
    return clear(text) + ("<cut>" if is_cut else "")


def journal_view(state: WorldState | None) -> JournalView:
    """The view of a world's journal, or of the server's own."""
    if state is None:
        return JournalView(Redactor(), {})
    secrets = (endpoint.secret.text for endpoint in state.tables.endpoints.values())
    tokens = (credential.token for credential in state.tables.credentials.values())
    return JournalView(Redactor((*secrets, *tokens)), {token: name for name, token in state.tokens.items()})


def _header_name(key: str) -> str:
    return key.removeprefix("HTTP_").replace("_", "-").title()


def _changed(entry: Entry) -> JsonObject:
    """The ids of what changed, by table, and the scheduled jobs."""
    changed: JsonObject = {name: list(ids) for name, ids in entry.changes.ids.items()}
    if entry.changes.jobs:
        changed["jobs"] = [job_json(job) for job in entry.changes.jobs]
    return changed
