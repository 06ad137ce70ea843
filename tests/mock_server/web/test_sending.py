"""Responses that faults send late, in pieces or without an end: what is sent, and that nothing outlives its client."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from typing import cast

import pytest

from mock_server.documents.journal_queries import Wanted
from mock_server.domain.faults import Connection
from mock_server.store.journal import Journal
from mock_server.web.control.live import LiveJournal
from mock_server.web.resetting import reset_connection
from mock_server.web.rsgi import Exchange, ResponseHeaders, Scope, Stream
from mock_server.web.sending import FaultySending

BODY = b"0123456789"
HEADERS = [("Content-Length", "10")]
FOR_EVER = 300.0


@dataclass
class Client:
    """The other end of a response: hangs up at once, or after it got this many pieces, or never."""

    hangs_up_after: int | None = None
    status: int | None = None
    headers: ResponseHeaders = field(default_factory=list)
    pieces: list[bytes] = field(default_factory=list)
    client: str = "127.0.0.1:1"
    server: str = "127.0.0.1:2"

    def __post_init__(self) -> None:
        self.gone = asyncio.Event()
        self._look()

    def _look(self) -> None:
        if self.hangs_up_after is not None and len(self.pieces) >= self.hangs_up_after:
            self.gone.set()

    def client_disconnect(self) -> Awaitable[bool]:
        return self.gone.wait()

    def response_bytes(self, status: int, headers: ResponseHeaders, body: bytes) -> None:
        self.status, self.headers, self.pieces = status, headers, [body]

    def response_stream(self, status: int, headers: ResponseHeaders) -> Stream:
        self.status, self.headers = status, headers
        return self

    async def send_bytes(self, piece: bytes) -> None:
        if self.gone.is_set():
            raise RuntimeError("the transport is closed")
        self.pieces.append(piece)
        self._look()


def sent(connection: Connection | None, *, hangs_up_after: int | None = None, seconds: float = 0.0) -> Client:
    async def run() -> Client:
        client = Client(hangs_up_after)
        sending = FaultySending(seconds, connection, 0.01 if hangs_up_after is None else FOR_EVER)
        await sending.send(cast(Scope, client), cast(Exchange, client), (200, HEADERS, BODY))
        return client

    return asyncio.run(run())


class GivenAClientThatWaits:
    def test_when_the_response_is_late_then_it_is_sent_whole(self) -> None:
        client = sent(None, seconds=0.001)

        assert (client.status, client.headers, client.pieces) == (200, HEADERS, [BODY])

    def test_when_the_body_is_slow_then_it_is_sent_in_pieces(self) -> None:
        client = sent(Connection.SLOW)

        assert len(client.pieces) > 1
        assert (client.headers, b"".join(client.pieces)) == (HEADERS, BODY)

    def test_when_the_body_is_cut_then_half_is_sent_with_the_whole_length(self) -> None:
        client = sent(Connection.CUT)

        assert (client.headers, client.pieces) == (HEADERS, [BODY[:5]])


class GivenAClientThatHangsUp:
    def test_when_the_response_is_late_then_nothing_is_sent_and_nothing_waits(self) -> None:
        assert sent(None, seconds=FOR_EVER, hangs_up_after=0).status is None

    def test_when_the_body_is_slow_then_the_rest_is_not_sent(self) -> None:
        assert len(sent(Connection.SLOW, hangs_up_after=1).pieces) == 1

    def test_when_the_body_has_no_end_then_it_ends(self) -> None:
        client = sent(Connection.ENDLESS, hangs_up_after=1)

        assert (client.headers, client.pieces) == ([], [BODY])


class GivenAFollowedJournal:
    @pytest.mark.parametrize("removed", [False, True], ids=["the client hangs up", "the world is removed"])
    def test_when_it_is_over_then_the_stream_ends(self, removed: bool) -> None:
        async def follow() -> Client:
            client = Client(None if removed else 1)
            stream = LiveJournal(Journal(), Wanted(), lambda _: [], lambda: removed)
            sending = stream.send(cast(Scope, client), cast(Exchange, client), (200, HEADERS, b""))
            # No more than a limit for a stream that would go on: it ends at its first look.
            await asyncio.wait_for(sending, FOR_EVER)
            return client

        assert len(asyncio.run(follow()).pieces) == 1


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def name_of(end: tuple[str, int]) -> str:
    return f"{end[0]}:{end[1]}"


class GivenConnectionsOfThisProcess:
    def test_when_one_is_reset_then_no_other_is(self, listener: socket.socket) -> None:
        with ExitStack() as open_ones:
            clients = [
                open_ones.enter_context(socket.create_connection(listener.getsockname(), timeout=60)) for _ in range(8)
            ]
            accepted = [open_ones.enter_context(closing(listener.accept()[0])) for _ in clients]
            struck = clients[3]

            assert reset_connection(name_of(struck.getsockname()), name_of(struck.getpeername()))

            # The owner of the socket sees the end, closes it, and that sends the reset.
            (owner,) = [one for one in accepted if one.getpeername() == struck.getsockname()]
            assert owner.recv(1) == b""
            owner.close()
            with pytest.raises(ConnectionResetError):
                struck.recv(1)
            for other in (one for one in accepted if one is not owner):
                other.sendall(b"x")
            assert [client.recv(1) for client in clients if client is not struck] == [b"x"] * 7

    def test_when_there_is_no_such_connection_then_nothing_happens(self, listener: socket.socket) -> None:
        with (
            socket.create_connection(listener.getsockname(), timeout=60) as client,
            closing(listener.accept()[0]) as one,
        ):
            port = client.getsockname()[1]
            assert not reset_connection(f"127.0.0.1:{port}", "127.0.0.1:9")
            assert not reset_connection(f"[::1]:{port}", name_of(client.getpeername()))
            assert not reset_connection("127.0.0.1:9", name_of(client.getpeername()))

            client.sendall(b"x")
            assert one.recv(1) == b"x"
