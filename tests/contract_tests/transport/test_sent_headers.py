"""A session sends its own headers and those of the request, and nothing that an earlier answer has set."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from contract_tests.transport.timeouts import DeadlineSession

_Sent = list[dict[str, str]]


@pytest.fixture(scope="module")
def service() -> Iterator[tuple[str, _Sent]]:
    """A server that sets a cookie, and the headers of the requests that it got, in lower case."""
    sent: _Sent = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            sent.append({name.lower(): value for name, value in self.headers.items()})
            self.send_response(302)
            self.send_header("Set-Cookie", "session=1; Path=/")
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/", sent
        server.shutdown()


class GivenAServerThatSetsACookieAndRedirects:
    def test_when_it_is_asked_twice_then_no_cookie_is_sent_and_no_redirect_followed(
        self, service: tuple[str, _Sent]
    ) -> None:
        url, sent = service
        sent.clear()
        with DeadlineSession(10) as session:
            statuses = [session.get(url).status_code for _ in range(2)]
        assert statuses == [302, 302]
        assert ["cookie" in headers for headers in sent] == [False, False]

    @pytest.mark.parametrize(
        ("asked", "expected"),
        [
            ({}, "its own"),
            ({"X-ONE": "the request's"}, "the request's"),
            ({"x-one": None}, None),
        ],
        ids=["none", "another", "taken away"],
    )
    def test_when_both_have_a_header_then_the_requests_counts(
        self, service: tuple[str, _Sent], asked: Mapping[str, str | None], expected: str | None
    ) -> None:
        url, sent = service
        sent.clear()
        with DeadlineSession(10) as session:
            session.headers["X-One"] = "its own"
            session.get(url, headers=dict(asked), params={"a": "b c"})
        assert [headers.get("x-one") for headers in sent] == [expected]

    def test_when_a_request_has_a_cookie_then_it_is_sent(self, service: tuple[str, _Sent]) -> None:
        url, sent = service
        sent.clear()
        with DeadlineSession(10) as session:
            session.get(url, cookies={"theme": "dark"})
        assert sent[0]["cookie"] == "theme=dark"
