"""Bodies that are late, missing, in pieces, broken or too large; and their effect on other clients."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import cycle
from typing import TYPE_CHECKING

import pytest

from mock_server.web.request_bodies import CONTROL_BODY_LIMIT_BYTES
from tests.mock_server.serving.serving_here import serving_here
from tests.mock_server.serving.wire import ConnectionEnded, connected, request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

CHUNKED = "Transfer-Encoding: chunked"
LIMIT_BYTES = 4 * 2**20
WITHHELD = {
    f"{name} {path}": request("POST", path, *headers, body=begun)
    for path in ("/v1/nothing", "/_mock/worlds", "/polar-customer-invoices/none.pdf")
    for name, headers, begun in (
        ("announced", ("Content-Length: 2", "Authorization: Bearer none"), ""),
        ("half", ("Content-Length: 2",), "{"),
        ("chunked", (CHUNKED,), ""),
        ("half a chunk", (CHUNKED,), "2\r\n{"),
        ("no last chunk", (CHUNKED, "Authorization: Bearer none"), "2\r\n{}\r\n"),
    )
}


def count_bytes(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    body = json.dumps(len(environ["wsgi.input"].read())).encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


@pytest.fixture(scope="module")
def slow_limit() -> Iterator[int]:
    with serving_here(count_bytes, api_body_bytes=lambda: LIMIT_BYTES) as port:
        yield port


@pytest.fixture(scope="module")
def short_limit() -> Iterator[int]:
    with serving_here(count_bytes, body_seconds=0.2, api_body_bytes=lambda: LIMIT_BYTES) as port:
        yield port


class GivenABodyThatComesLate:
    def test_when_it_is_whole_in_the_end_then_the_answer_is_one_and_the_connection_lasts(self, slow_limit: int) -> None:
        with connected(slow_limit) as client:
            client.send(request("POST", "/v1/x", "Content-Length: 2", body="{"))
            with connected(slow_limit) as other:
                # Answered while the first client's body is still missing.
                assert other.ask(request("GET", "/v1/x")).body == b"0"
            first = client.ask(b"}")
            second = client.ask(request("GET", "/v1/x"))

        assert (first.body, second.body) == (b"2", b"0")
        assert "connection" not in first.headers

    @pytest.mark.parametrize("withheld", WITHHELD.values(), ids=WITHHELD.keys())
    def test_when_it_never_comes_then_the_connection_ends_with_408(self, short_limit: int, withheld: bytes) -> None:
        with connected(short_limit) as client:
            answer = client.ask(withheld)

            assert answer.status == 408
            assert json.loads(answer.body)["detail"] == "The request body did not arrive within 0.2 seconds."
            assert answer.headers["connection"] == "close"
            assert client.is_hung_up_on()

    def test_when_it_drips_then_the_deadline_is_one_for_the_whole(self, short_limit: int) -> None:
        with connected(short_limit) as client:
            client.send(request("POST", "/v1/x", CHUNKED))
            answer = None
            # Never more than a tenth of the deadline between two chunks.
            client.connection.settimeout(0.02)
            for _ in range(2_000):
                try:
                    client.send(b"1\r\n \r\n")
                    answer = client.answer()
                    break
                except TimeoutError:
                    continue

        assert answer is not None
        assert answer.status == 408


class GivenManyClientsThatWithholdTheirBodies:
    def test_when_others_ask_then_they_are_answered_while_all_of_them_are_held(self, slow_limit: int) -> None:
        with ExitStack() as opened:
            held = [opened.enter_context(connected(slow_limit)) for _ in range(400)]
            for client, withheld in zip(held, cycle(WITHHELD.values()), strict=False):
                client.send(withheld)
            for path in ("/v1/x", "/_mock/health"):
                with connected(slow_limit) as other:
                    assert [other.ask(request("GET", path)).status for _ in range(20)] == [200] * 20
            for client in held:
                client.connection.setblocking(False)
                with pytest.raises(BlockingIOError):
                    client.connection.recv(1)


class GivenABodyThatIsTooLarge:
    @pytest.mark.parametrize(("path", "limit"), [("/v1/x", LIMIT_BYTES), ("/_mock/worlds", CONTROL_BODY_LIMIT_BYTES)])
    def test_when_it_is_announced_then_it_is_not_read_and_the_connection_ends(
        self, slow_limit: int, path: str, limit: int
    ) -> None:
        with connected(slow_limit) as client:
            answer = client.ask(request("POST", path, f"Content-Length: {limit + 1}"))

            assert (answer.body, answer.headers["connection"]) == (b"0", "close")
            assert client.is_hung_up_on()

    def test_when_it_comes_in_chunks_then_no_more_than_shows_it_is_read(self, slow_limit: int) -> None:
        piece = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
        with connected(slow_limit) as client:
            client.send(request("POST", "/v1/x", CHUNKED) + piece * 5)
            answer = client.answer()

            assert int(answer.body) == LIMIT_BYTES + 1
            assert answer.headers["connection"] == "close"

    @pytest.mark.parametrize("headers", [("Content-Length: {}",), (CHUNKED,)])
    def test_when_it_is_as_large_as_may_be_then_it_is_taken(self, slow_limit: int, headers: tuple[str]) -> None:
        whole = " " * LIMIT_BYTES
        is_chunked = headers == (CHUNKED,)
        body = f"{LIMIT_BYTES:x}\r\n{whole}\r\n0\r\n\r\n" if is_chunked else whole
        with connected(slow_limit) as client:
            answer = client.ask(request("POST", "/v1/x", headers[0].format(LIMIT_BYTES), body=body))

        assert int(answer.body) == LIMIT_BYTES


class GivenABodyThatIsBroken:
    def test_when_its_chunks_are_not_http_then_it_is_refused_and_not_taken_for_a_shorter_one(
        self, slow_limit: int
    ) -> None:
        with connected(slow_limit) as client:
            answer = client.ask(request("POST", "/v1/x", CHUNKED, body="2\r\n{}\r\nzz\r\n"))

        assert (answer.status, answer.headers["connection"]) == (400, "close")

    def test_when_the_client_hangs_up_in_its_middle_then_others_are_served(self, slow_limit: int) -> None:
        with connected(slow_limit) as client:
            client.send(request("POST", "/v1/x", "Content-Length: 10", body="{"))
        with connected(slow_limit) as other:
            assert other.ask(request("GET", "/v1/x")).status == 200


class GivenPipelinedRequests:
    def test_then_each_is_answered_in_its_turn(self, slow_limit: int) -> None:
        with connected(slow_limit) as client:
            posts = b"".join(request("POST", "/v1/x", f"Content-Length: {n}", body=" " * n) for n in range(1, 20))
            client.send(posts)
            assert [int(client.answer().body) for _ in range(1, 20)] == list(range(1, 20))


def test_when_a_connection_ends_early_then_the_reader_says_so(slow_limit: int) -> None:
    with connected(slow_limit) as client:
        assert client.ask(request("GET", "/v1/x", "Connection: close")).status == 200
        with pytest.raises(ConnectionEnded):
            client.answer()
