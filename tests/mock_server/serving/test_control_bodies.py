"""Control calls whose bodies are too large, as a started server answers them."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from mock_server.assembly import Settings, assemble
from mock_server.web.request_bodies import CONTROL_BODY_LIMIT_BYTES
from mock_server.web.served import Served
from tests.mock_server.serving.serving_here import serving_here
from tests.mock_server.serving.wire import connected, request

MIB = 1024 * 1024
JSON = "Content-Type: application/json"
LARGE = {
    "announced": ((f"Content-Length: {1000 * MIB}",), b""),
    # Exactly one byte too many: bytes that the server leaves unread could cost the answer.
    "in chunks": (("Transfer-Encoding: chunked",), (b"100000\r\n" + b" " * MIB + b"\r\n") * 16 + b"1\r\n \r\n"),
}
CALLS = ("POST /_mock/worlds", "POST /_mock/worlds/none/reset", "DELETE /_mock/worlds/none", "POST /_mock/nothing")


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving_here(assemble(Settings(served=Served("mock"))).app) as port:
        yield port


@pytest.mark.parametrize(("framing", "body"), LARGE.values(), ids=LARGE.keys())
@pytest.mark.parametrize("call", CALLS)
def test_when_it_is_too_large_then_it_is_413_for_every_call(
    port: int, call: str, framing: tuple[str, ...], body: bytes
) -> None:
    with connected(port) as client:
        client.send(request(*call.split(), JSON, *framing) + body)
        answer = client.answer()

        assert answer.status == 413
        assert str(CONTROL_BODY_LIMIT_BYTES) in json.loads(answer.body)["detail"]
        assert answer.headers["connection"] == "close"
        assert client.is_hung_up_on()


def test_when_a_page_from_elsewhere_sends_it_then_it_is_403_all_the_same(port: int) -> None:
    (framing, body) = LARGE["announced"]
    with connected(port) as client:
        client.send(request("POST", "/_mock/worlds", JSON, "Origin: https://evil.example", *framing) + body)

        assert client.answer().status == 403
