"""Sends one request of one operation with this program's own types. Checks nothing and chooses nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import requests

from contract_tests.transport.exchanges import Exchange
from contract_tests.transport.session import GuardedSession
from polar_contract.json_types import JsonValue
from polar_contract.operations import Operations

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Client:
    """Sends requests through the guarded session and returns each as an exchange."""

    guarded: GuardedSession
    operations: Operations

    def send(
        self,
        operation_id: str,
        *,
        token: str | None = None,
        object_id: str = "",
        query: Mapping[str, str | list[str]] | None = None,
        body: JsonValue | bytes = None,
        content_type: str | None = JSON,
        has_length: bool = True,
    ) -> Exchange:
        """One request. `body` is sent as given when it is bytes, as JSON otherwise, not at all when None.

        Without `has_length` the body comes in chunks, and no header announces its length.
        Errors: NoAnswer; RefusedToSend on a live account.
        """
        operation = self.operations.by_id[operation_id]
        return self.send_to(
            operation.method,
            operation.url_path(object_id),
            token=token,
            query=query,
            body=body,
            content_type=content_type,
            has_length=has_length,
        )

    def send_again(self, exchange: Exchange, *, authorization: str | None) -> Exchange:
        """The same request with another `Authorization`, or with none. Errors as in `send`."""
        headers = {name: value for name, value in exchange.request_headers.items() if name != "Authorization"}
        if authorization is not None:
            headers["Authorization"] = authorization
        request = requests.Request(exchange.method, exchange.url, headers=headers, data=exchange.request_body)
        self.guarded.send(self.guarded.prepare_request(request))
        return self.guarded.ledger.last()

    def send_to(
        self,
        method: str,
        path: str,
        *,
        token: str | None = None,
        query: Mapping[str, str | list[str]] | None = None,
        body: JsonValue | bytes = None,
        content_type: str | None = JSON,
        headers: Mapping[str, str] | None = None,
        has_length: bool = True,
    ) -> Exchange:
        """One request to any path of the target; see `send`."""
        headers = {"Accept": JSON, **(headers or {})}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        if data is not None and content_type is not None:
            headers["Content-Type"] = content_type
        request = requests.Request(method, self.guarded.base_url + path, headers=headers, params=query, data=data)
        prepared = self.guarded.prepare_request(request)
        if not has_length:
            prepared.headers.pop("Content-Length", None)
        self.guarded.send(prepared)
        return self.guarded.ledger.last()
