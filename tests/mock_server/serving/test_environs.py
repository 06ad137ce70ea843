"""The WSGI environment of a request, as the same HTTP server's WSGI side gives it. Source: granian 2.8.7, recorded."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from mock_server.web.rsgi import HEADER_BYTES
from tests.mock_server.serving.serving_here import serving_here
from tests.mock_server.serving.wire import connected, request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_VARIES = ("wsgi.input", "wsgi.errors", HEADER_BYTES)


def answer_environ(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    seen_environ = {name: value for name, value in environ.items() if name not in _VARIES}
    body = json.dumps({**seen_environ, "body": environ["wsgi.input"].read().decode("latin-1")}).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving_here(answer_environ) as port:
        yield port


def plain(**changes: object) -> dict[str, object]:
    """The environment of `GET /v1/x` with the given differences."""
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/v1/x",
        "QUERY_STRING": "",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_NAME": "127.0.0.1",
        "HTTP_HOST": "mock",
        "wsgi.version": [1, 0],
        "wsgi.url_scheme": "http",
        "wsgi.input_terminated": True,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "body": "",
        **changes,
    }


Ask = Callable[[bytes], Any]


@pytest.fixture
def seen(port: int) -> Ask:
    def ask(data: bytes) -> Any:
        with connected(port) as client:
            seen_environ = json.loads(client.ask(data).body)
        assert seen_environ.pop("SERVER_PORT") == str(port)
        return seen_environ

    return ask


POSTED = {"REQUEST_METHOD": "POST", "body": "{}"}
CHUNKS = "2\r\n{}\r\n0\r\n\r\n"


class GivenRequestsOfEveryForm:
    @pytest.mark.parametrize(
        ("data", "changes"),
        [
            pytest.param(request("GET", "/v1/x"), {}, id="plain"),
            pytest.param(request("GET", "/v1/a%2Fb%20c"), {"PATH_INFO": "/v1/a/b c"}, id="encoded slash"),
            pytest.param(request("GET", "/v1/%C3%A9"), {"PATH_INFO": "/v1/Ã©"}, id="encoded UTF-8"),
            pytest.param(request("GET", "/v1/Ã©"), {"PATH_INFO": "/v1/Ã©"}, id="raw UTF-8"),
            pytest.param(request("GET", "/v1/%zz%4"), {"PATH_INFO": "/v1/%zz%4"}, id="no encoding"),
            pytest.param(request("GET", "/v1/%00x"), {"PATH_INFO": "/v1/\x00x"}, id="NUL"),
            pytest.param(request("GET", "//v1//x"), {"PATH_INFO": "//v1//x"}, id="double slashes"),
            pytest.param(request("GET", "/v1/x?"), {}, id="empty query"),
            pytest.param(request("GET", "/v1/x?a=%C3%A9&b=+"), {"QUERY_STRING": "a=%C3%A9&b=+"}, id="query"),
            pytest.param(request("GET", "/v1/x?a=Ã©"), {"QUERY_STRING": "a=Ã©"}, id="raw query"),
            pytest.param(request("GET", "/v1/x#part"), {}, id="fragment"),
            pytest.param(b"GET /v1/x HTTP/1.1\r\n\r\n", {"HTTP_HOST": ""}, id="no host"),
            pytest.param(b"GET /v1/x HTTP/1.0\r\n\r\n", {"HTTP_HOST": "", "SERVER_PROTOCOL": "HTTP/1"}, id="HTTP/1.0"),
            pytest.param(request("GET", "http://other:81/v1/x?q=1"), {"QUERY_STRING": "q=1"}, id="absolute"),
            pytest.param(request("GET", "http://other"), {"PATH_INFO": "/"}, id="absolute without a path"),
            pytest.param(request("OPTIONS", "*"), {"PATH_INFO": "*", "REQUEST_METHOD": "OPTIONS"}, id="asterisk"),
            pytest.param(request("FROB-x", "/v1/x"), {"REQUEST_METHOD": "FROB-x"}, id="unknown method"),
            pytest.param(request("GET", "/v1/x", "X-A: 1", "X-A: 2", "X-A: 3"), {"HTTP_X_A": "1,2,3"}, id="thrice"),
            pytest.param(request("GET", "/v1/x", "Host: b"), {"HTTP_HOST": "mock,b"}, id="two hosts"),
            pytest.param(
                request("GET", "/v1/x", "X-A: \xe9", "X-B: b"), {"HTTP_X_A": "", "HTTP_X_B": "b"}, id="Latin-1"
            ),
            pytest.param(
                request("GET", "/v1/x", "X-A:", "X-B: a\tb"), {"HTTP_X_A": "", "HTTP_X_B": "a\tb"}, id="blank"
            ),
            pytest.param(
                request("POST", "/v1/x", "Content-Length: 2", "Content-Type: a/b", "Content-Type: c/d", body="{}"),
                {**POSTED, "CONTENT_LENGTH": "2", "CONTENT_TYPE": "a/b"},
                id="two content types",
            ),
            pytest.param(
                request("GET", "/v1/x", "Content-Length: 2", body="{}"),
                {"CONTENT_LENGTH": "2", "body": "{}"},
                id="GET with a body",
            ),
            pytest.param(
                request("POST", "/v1/x", "Content-Length: 0"),
                {"REQUEST_METHOD": "POST", "CONTENT_LENGTH": "0"},
                id="empty body",
            ),
            pytest.param(
                request("POST", "/v1/x", "Transfer-Encoding: chunked", body=CHUNKS),
                {**POSTED, "HTTP_TRANSFER_ENCODING": "chunked"},
                id="chunked",
            ),
            pytest.param(
                request("POST", "/v1/x", "Transfer-Encoding: chunked", "Content-Length: 2", body=CHUNKS),
                {**POSTED, "HTTP_TRANSFER_ENCODING": "chunked"},
                id="chunked with a length",
            ),
            pytest.param(
                request(
                    "POST", "/v1/x", "Transfer-Encoding: chunked", "Trailer: X-T", body="2\r\n{}\r\n0\r\nX-T: 1\r\n\r\n"
                ),
                {**POSTED, "HTTP_TRANSFER_ENCODING": "chunked", "HTTP_TRAILER": "X-T"},
                id="chunked with trailers",
            ),
        ],
    )
    def test_then_the_application_sees_what_wsgi_says(self, seen: Ask, data: bytes, changes: dict[str, object]) -> None:
        assert seen(data) == plain(**changes)

    def test_when_a_path_is_not_utf8_then_what_can_be_read_of_it_is_kept(self, seen: Ask) -> None:
        seen_environ = seen(request("GET", "/v1/%ff/%C3%A9/%e2%82"))

        assert (
            seen_environ["PATH_INFO"].encode("latin-1").decode()
            == "/v1/\N{REPLACEMENT CHARACTER}/é/\N{REPLACEMENT CHARACTER}"
        )

    def test_when_a_head_is_asked_for_then_the_length_is_sent_and_no_body(self, port: int) -> None:
        with connected(port) as client:
            client.send(request("HEAD", "/v1/x"))
            head = client.answer(has_body=False)
            # The next answer begins where the head ends.
            assert (head.status, client.ask(request("GET", "/v1/x")).status) == (200, 200)

        assert int(head.headers["content-length"]) > 0

    def test_when_clients_make_up_many_names_then_every_one_of_them_is_seen(self, seen: Ask) -> None:
        for start in range(0, 600, 60):
            names = range(start, start + 60)
            seen_environ = seen(request("GET", "/v1/x", *(f"X-{number}: {number}" for number in names)))
            assert {seen_environ[f"HTTP_X_{number}"] for number in names} == set(map(str, names))


def test_when_headers_are_long_then_the_environ_says_how_long() -> None:
    sizes: list[int] = []

    def note(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        sizes.append(environ[HEADER_BYTES])
        start_response("204 No Content", [])
        return []

    with serving_here(note) as port, connected(port) as client:
        for headers in ((), ("X-A: " + "a" * 5_000, "X-A: " + "b" * 7_000)):
            client.send(request("GET", "/v1/x", *headers))
            client.answer(has_body=False)

    assert sizes[1] - sizes[0] == 12_000
