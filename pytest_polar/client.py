"""A small client of the API: the base URL, the world's tokens, and one function to send a request."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from pytest_polar.http import Response, send
from pytest_polar.world import Names

# A failed test's traceback ends in the test.
__tracebackhide__ = True

_PORTAL = "/v1/customer-portal/"
# What a path needs by itself. Source: the prefixes of the service's tokens.
_OF_PORTAL = ("polar_cst_", "polar_mst_")
_OF_ORGANIZATION = ("polar_oat_",)


@dataclass(frozen=True, slots=True)
class Client:
    """Sends requests to the API with a token of the world. Use any other client with its `base_url` and `tokens`."""

    base_url: str
    tokens: Names = field(repr=False)

    def request(
        self,
        method: str,
        path: str,
        *,
        token: str | None = None,
        json: Any = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send a request. `token`: a name of the world's tokens, a token, or "" for none.

        Without it: the world's first customer or member session for /v1/customer-portal/, else the first organization token.
        Errors: ValueError for anything else than a path.
        """
        if not path.startswith("/"):
            raise ValueError(f"{path!r} is no path of the API: it has to begin with a slash, such as '/v1/orders/'")
        shown = self.token_for(path) if token is None else self._token(token)
        raw = None if json is None else _json(json)
        sent = {
            **({"Authorization": f"Bearer {shown}"} if shown else {}),
            **({} if raw is None else {"Content-Type": "application/json"}),
            **(headers or {}),
        }
        query = f"?{urlencode(params, doseq=True)}" if params else ""
        return send(method, f"{self.base_url}{path}{query}", headers=sent, body=raw)

    def _token(self, given: str) -> str:
        """By its name, or a token as it is. Errors: KeyError."""
        is_token = not given or given.startswith("polar_")
        return given if is_token and given not in self.tokens else self.tokens[given]

    def token_for(self, path: str) -> str:
        """The token that a request without a named one has. Errors: KeyError."""
        prefixes = _OF_PORTAL if path.startswith(_PORTAL) else _OF_ORGANIZATION
        found = next((token for token in self.tokens.values() if token.startswith(prefixes)), None)
        if found is None:
            raise KeyError(f"the world has no token for {path}; name one of: {', '.join(self.tokens) or 'none'}")
        return found

    def get(self, path: str, **given: Any) -> Response:
        return self.request("GET", path, **given)

    def post(self, path: str, **given: Any) -> Response:
        return self.request("POST", path, **given)

    def patch(self, path: str, **given: Any) -> Response:
        return self.request("PATCH", path, **given)

    def delete(self, path: str, **given: Any) -> Response:
        return self.request("DELETE", path, **given)


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()
