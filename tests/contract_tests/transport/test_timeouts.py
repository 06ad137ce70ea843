"""A response that never ends counts as no response: a request ends at its timeout, however slowly or fast data arrives."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
import requests

from contract_tests.config.network import Route
from contract_tests.config.settings import Settings
from contract_tests.transport.timeouts import MOST_BYTES, DeadlineSession
from polar_contract import Contract
from tests.contract_tests.opening import why_it_cannot_be_opened

_HEAD = b"HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\n"
Say = Callable[[bytes], None]


def _dripping_body(say: Say, is_over: threading.Event) -> None:
    say(_HEAD + b"Content-Length: 100000\r\n\r\n")
    _drip(say, is_over, b" ")


def _dripping_to_the_end_of_the_connection(say: Say, is_over: threading.Event) -> None:
    say(_HEAD + b"\r\n{}")
    _drip(say, is_over, b" ")


def _dripping_head(say: Say, is_over: threading.Event) -> None:
    say(_HEAD + b"X-Long: ")
    _drip(say, is_over, b"a")


def _dripping_consent(say: Say, is_over: threading.Event) -> None:
    say(b"HTTP/1.1 200 OK\r\nX-Long: ")
    _drip(say, is_over, b"a")


def _drip(say: Say, is_over: threading.Event, byte: bytes) -> None:
    while not is_over.wait(0.05):
        say(byte)


def _endless(say: Say, is_over: threading.Event) -> None:
    say(_HEAD + b"\r\n")
    for _ in range(4 * MOST_BYTES // 2**20):
        say(b"a" * 2**20)


def _read_head(connection: socket.socket) -> None:
    """Read a whole request without a body, in as many pieces as it arrives."""
    seen = b""
    while b"\r\n\r\n" not in seen and (piece := connection.recv(65_536)):
        seen += piece


@contextmanager
def _server(answer: Callable[[Say, threading.Event], None]) -> Iterator[str]:
    """Sends the same raw response on every connection."""
    is_over = threading.Event()

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            _read_head(connection)
            answer(connection.sendall, is_over)

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(listening.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=accept, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            is_over.set()
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)


class GivenATargetWhoseAnswerNeverEnds:
    @pytest.mark.parametrize(
        ("answer", "said"),
        [
            (_dripping_body, "did not answer in time"),
            (_dripping_to_the_end_of_the_connection, "did not answer in time"),
            (_dripping_head, "did not answer in time"),
            (_endless, "response exceeds"),
        ],
    )
    def test_when_it_is_opened_then_the_reason_is_given_soon(
        self, contract: Contract, answer: Callable[[Say, threading.Event], None], said: str
    ) -> None:
        with _server(answer) as url:
            settings = Settings(base_url=url, timeout_seconds=0.5 if answer is not _endless else 10)
            assert said in why_it_cannot_be_opened(contract, settings)


def _quick(say: Say, is_over: threading.Event) -> None:
    say(_HEAD + b"Content-Length: 2\r\nConnection: close\r\n\r\n{}")


class GivenASessionWithATimeoutOfHalfASecond:
    def test_when_several_requests_hang_at_once_then_each_is_given_up(self) -> None:
        given_up: list[str] = []

        def ask(url: str) -> None:
            try:
                session.get(url)
            except requests.Timeout as problem:
                given_up.append(str(problem))

        with _server(_dripping_body) as url, DeadlineSession(0.5) as session:
            asking = [threading.Thread(target=ask, args=(url,)) for _ in range(5)]
            for one in asking:
                one.start()
            for one in asking:
                one.join(5)
        assert len(given_up) == 5

    def test_when_a_request_hangs_after_many_that_did_not_then_only_it_is_given_up(self) -> None:
        with _server(_quick) as quick, _server(_dripping_head) as slow, DeadlineSession(0.5) as session:
            assert [session.get(quick).status_code for _ in range(20)] == [401] * 20
            with pytest.raises(requests.Timeout):
                session.get(slow)
            assert session.get(quick).status_code == 401

    @pytest.mark.parametrize("scheme", ["http", "https"])
    def test_when_a_proxy_drips_then_it_is_given_up_too(self, scheme: str) -> None:
        with (
            _server(_dripping_consent) as slow,
            DeadlineSession(0.5, route=Route(proxy=slow)) as session,
            pytest.raises(requests.Timeout),
        ):
            session.get(f"{scheme}://mock.polar.test/")

    def test_when_it_is_closed_then_its_timer_thread_ends(self) -> None:
        with _server(_quick) as quick, DeadlineSession(30) as session:
            before = set(threading.enumerate())
            session.get(quick)
            timers = {thread for thread in threading.enumerate() if thread not in before and "enforce" in thread.name}
            assert len(timers) == 1
        for thread in timers:
            thread.join(5)
        assert not any(thread.is_alive() for thread in timers)
