"""Calls that take long: they block neither the API, nor other control calls, nor the server's stop."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.mock_server.serving.serving_here import serving_here
from tests.mock_server.serving.wire import TIMEOUT_SECONDS, connected, request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Hanging:
    """An application whose calls under `/_mock/worlds/hang` end when `release` is set."""

    def __init__(self) -> None:
        self.release = threading.Event()
        self.hanging = threading.Semaphore(0)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith("/_mock/worlds/hang"):
            self.hanging.release()
            assert self.release.wait(TIMEOUT_SECONDS)
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]


@pytest.mark.parametrize("call", ["settle", "clock"])
@pytest.mark.parametrize("count", [4, 100])
def test_when_calls_hang_then_others_are_answered(call: str, count: int) -> None:
    app = Hanging()
    with serving_here(app) as port, ExitStack() as opened:
        held = [opened.enter_context(connected(port)) for _ in range(count)]
        for client in held:
            client.send(request("POST", f"/_mock/worlds/hang/{call}"))
        assert all(app.hanging.acquire(timeout=TIMEOUT_SECONDS) for _ in held)

        for path in ("/v1/orders/", "/_mock/worlds", "/_mock/health", "/polar-customer-invoices/a.pdf"):
            with connected(port) as other:
                assert [other.ask(request("GET", path)).status for _ in range(10)] == [200] * 10

        app.release.set()
        assert [client.answer().body for client in held] == [b"ok"] * count


def test_when_the_client_hangs_up_then_what_it_asked_for_is_done_all_the_same() -> None:
    app = Hanging()
    done = threading.Event()

    def announcing(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = app(environ, start_response)
        done.set()
        return answer

    with serving_here(announcing) as port:
        with connected(port) as client:
            client.send(request("POST", "/_mock/worlds/hang/settle"))
            assert app.hanging.acquire(timeout=TIMEOUT_SECONDS)
        with connected(port) as other:
            assert other.ask(request("GET", "/v1/x")).status == 200
        app.release.set()
        assert done.wait(TIMEOUT_SECONDS)
