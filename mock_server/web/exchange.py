"""A request and a response as the operations see them, independent of any framework."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any, NamedTuple

JSON_TYPE = ("Content-Type", "application/json")
Headers = tuple[tuple[str, str], ...]


class Incoming(NamedTuple):
    """A request as it came: `path` percent-decoded, `query` not; header names as WSGI writes them (`HTTP_ORIGIN`)."""

    method: str
    path: str
    query: str
    base_url: Callable[[], str]
    """Scheme and host of links in the response, without a slash at the end. Asked for by the few responses that have links."""
    environ: MutableMapping[str, Any]
    read_body: Callable[[], bytes]

    def header(self, name: str) -> str | None:
        value: str | None = self.environ.get(name)
        return value

    def first_header(self, name: str) -> str | None:
        """The first line of a repeated header, which is the one that counts. Source: observed on the service.

        WSGI joins the lines by commas, so use this only for headers whose values contain none.
        """
        value: str | None = self.environ.get(name)
        return value.partition(",")[0].strip() if value else value


class Answer(NamedTuple):
    status: int
    body: bytes
    headers: Headers = (JSON_TYPE,)

    def with_headers(self, *more: tuple[str, str]) -> Answer:
        return self._replace(headers=(*self.headers, *more))


ACCEPTED = Answer(202, b"null")
# The service names a content type even for an empty body. Source: observed, April 2026.
NO_CONTENT = Answer(204, b"")
