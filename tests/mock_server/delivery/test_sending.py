"""One attempt: it ends in time whatever the receiver does, and at once if it is cancelled."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from threading import Event, Thread

import pytest

from mock_server.delivery.addresses import read_webhook_address
from mock_server.delivery.lookups import IpAddresses, Lookups
from mock_server.delivery.sending import HttpSender, Receipt
from mock_server.delivery.wire import Deadline, Wire
from mock_server.domain.cancellation import Cancellation, Cancelled
from tests.mock_server.delivery.hostile import (
    ENDLESS,
    TIMEOUT_SECONDS,
    Behaviour,
    Hostile,
    drips,
    full_backlog,
    never_reads,
    never_responds,
    receiving,
    says,
)

SHORT_SECONDS = 0.3
LATE = f"The receiver did not answer within {SHORT_SECONDS:g} seconds."
MUCH = b"x" * 20_000_000


def send(
    url: str,
    *,
    body: bytes = b"{}",
    seconds: float = SHORT_SECONDS,
    cancellation: Cancellation | None = None,
    lookups: Lookups | None = None,
) -> Receipt:
    sender = HttpSender(timeout_seconds=seconds, lookups=lookups)
    return sender(read_webhook_address(url), {"webhook-id": "e"}, body, cancellation or Cancellation())


def in_a_thread(act: Callable[[], Receipt]) -> Future[Receipt]:
    """The result of `act`, or how it ends; a test that waits for it has a time limit."""
    outcome: Future[Receipt] = Future()

    def run() -> None:
        try:
            outcome.set_result(act())
        except BaseException as error:
            outcome.set_exception(error)

    Thread(target=run, daemon=True).start()
    return outcome


def never_found(_: str) -> IpAddresses:
    Event().wait(TIMEOUT_SECONDS)
    return ()


class GivenAReceiverThatNeverComesToAnEnd:
    @pytest.mark.parametrize("name", ENDLESS)
    def test_then_the_attempt_ends_when_its_time_is_over_and_says_so(self, name: str) -> None:
        with receiving(ENDLESS[name]) as receiver:
            receipt = in_a_thread(lambda: send(receiver.url)).result(TIMEOUT_SECONDS)

        assert receipt == Receipt(None, LATE)

    @pytest.mark.parametrize("name", ENDLESS)
    def test_when_it_is_cancelled_then_it_ends_at_once_and_hangs_up(self, name: str) -> None:
        cancellation = Cancellation()
        with receiving(ENDLESS[name]) as receiver:
            outcome = in_a_thread(lambda: send(receiver.url, seconds=600, cancellation=cancellation))
            assert receiver.asked.wait(TIMEOUT_SECONDS)

            cancellation.cancel()

            with pytest.raises(Cancelled):
                outcome.result(TIMEOUT_SECONDS)
            assert receiver.hung_up.wait(TIMEOUT_SECONDS)

    def test_when_it_never_reads_then_sending_ends_in_time_too(self) -> None:
        with receiving(never_reads) as receiver:
            receipt = in_a_thread(lambda: send(receiver.url, body=MUCH)).result(TIMEOUT_SECONDS)

        assert receipt == Receipt(None, LATE)

    def test_when_it_does_not_take_the_connection_then_connecting_ends_in_time(self) -> None:
        with full_backlog() as port:
            receipt = in_a_thread(lambda: send(f"http://127.0.0.1:{port}/")).result(TIMEOUT_SECONDS)

        assert receipt == Receipt(None, LATE)

    def test_when_its_name_is_not_found_in_time_then_the_attempt_ends(self) -> None:
        lookups = Lookups(never_found)
        outcome = in_a_thread(lambda: send("http://hooks.example.com/", lookups=lookups))

        assert outcome.result(TIMEOUT_SECONDS) == Receipt(None, LATE)

    def test_when_it_is_cancelled_while_its_name_is_looked_up_then_it_ends_at_once(self) -> None:
        cancellation, looked_up = Cancellation(), Event()

        def resolve(host: str) -> IpAddresses:
            looked_up.set()
            return never_found(host)

        url = "http://hooks.example.com/"
        outcome = in_a_thread(lambda: send(url, seconds=600, cancellation=cancellation, lookups=Lookups(resolve)))
        assert looked_up.wait(TIMEOUT_SECONDS)
        cancellation.cancel()

        with pytest.raises(Cancelled):
            outcome.result(TIMEOUT_SECONDS)

    def test_when_it_says_nothing_in_tls_then_the_handshake_ends_in_time(self) -> None:
        with receiving(never_responds) as receiver:
            outcome = in_a_thread(lambda: send(f"https://127.0.0.1:{receiver.port}/"))

            assert outcome.result(TIMEOUT_SECONDS) == Receipt(None, LATE)

    def test_when_it_was_cancelled_before_then_nothing_is_sent(self) -> None:
        cancellation = Cancellation()
        cancellation.cancel()
        with receiving(never_responds) as receiver, pytest.raises(Cancelled):
            send(receiver.url, cancellation=cancellation)

        assert not receiver.asked.is_set()


class GivenAReceiverThatSaysMoreThanItsAnswer:
    @pytest.mark.parametrize(
        ("answer", "receipt"),
        [
            (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more", Receipt(200, "ok")),
            (
                b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
                b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n",
                Receipt(202, ""),
            ),
            (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", Receipt(101, "")),
            (b"HTTP/1.1 204 No Content\r\n\r\n", Receipt(204, "")),
        ],
        ids=["more bytes", "informational answers first", "switching protocols", "no content"],
    )
    def test_then_its_final_answer_counts_and_nobody_waits_for_the_end_of_the_connection(
        self, answer: bytes, receipt: Receipt
    ) -> None:
        with receiving(says(answer)) as receiver:
            assert in_a_thread(lambda: send(receiver.url, seconds=600)).result(TIMEOUT_SECONDS) == receipt

    def test_when_it_speaks_no_http_then_the_receipt_says_that_it_could_not_be_reached(self) -> None:
        with receiving(says(b"220 mail.example.com ESMTP\r\n")) as receiver:
            receipt = send(receiver.url, seconds=600)

        assert receipt.http_code is None
        assert "could not be reached" in receipt.text


class GivenANameToLookUp:
    def test_then_everybody_who_asks_meanwhile_gets_the_same_answer_from_one_question(self) -> None:
        asked: list[str] = []
        answered = Event()

        def resolve(host: str) -> IpAddresses:
            asked.append(host)
            answered.wait(TIMEOUT_SECONDS)
            return ("127.0.0.1",)

        lookups = Lookups(resolve)
        found = [lookups.find("hooks.example.com") for _ in range(20)]
        answered.set()

        assert {one.result(TIMEOUT_SECONDS) for one in found} == {("127.0.0.1",)}
        assert asked == ["hooks.example.com"]

    def test_when_nothing_is_found_then_the_receipt_says_so_and_the_next_attempt_asks_again(self) -> None:
        answers = iter([OSError("no such host"), UnicodeError("label too long")])

        def resolve(_: str) -> IpAddresses:
            raise next(answers)

        lookups = Lookups(resolve)
        texts = [send("http://hooks.example.com/", seconds=600, lookups=lookups).text for _ in range(2)]

        assert texts == [
            "The receiver could not be reached: no such host",
            "The receiver could not be reached: label too long",
        ]

    @pytest.mark.parametrize(("host", "found"), [("127.0.0.1", 1), ("::1", 1), ("localhost", 2)])
    def test_when_it_is_this_machine_then_nobody_is_asked(self, host: str, found: int) -> None:
        lookups = Lookups(never_found)

        assert len(lookups.find(host).result(0)) == found


def anonymous(purpose: int) -> ssl.SSLContext:
    """TLS without certificates: the test is about time, not about trust."""
    context = ssl.SSLContext(purpose)
    if purpose == ssl.PROTOCOL_TLS_CLIENT:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("aNULL:@SECLEVEL=0")
    return context


def secured(behave: Behaviour) -> Behaviour:
    def handshake(connection: socket.socket, receiver: Hostile) -> None:
        context = anonymous(ssl.PROTOCOL_TLS_SERVER)
        with closing(context.wrap_socket(connection, server_side=True)) as secure:
            behave(secure, receiver)

    return handshake


@contextmanager
def secure_wire(receiver: Hostile, seconds: float) -> Iterator[Wire]:
    with closing(Wire(Deadline(seconds))) as wire:
        wire.connect(("127.0.0.1",), receiver.port)
        wire.secure(anonymous(ssl.PROTOCOL_TLS_CLIENT), "localhost")
        yield wire


class GivenASecureConnection:
    def test_then_what_drips_in_does_not_lengthen_its_time(self) -> None:
        with receiving(secured(drips(b"", b"x"))) as receiver, secure_wire(receiver, 1) as wire:
            wire.sendall(b"hello")

            with pytest.raises(TimeoutError):
                wire.makefile("rb").read(8_000)

    def test_when_it_is_cut_while_it_waits_then_the_wait_ends(self) -> None:
        with receiving(secured(never_responds)) as receiver, secure_wire(receiver, 600) as wire:
            wire.sendall(b"hello")
            assert receiver.asked.wait(TIMEOUT_SECONDS)
            outcome = in_a_thread(lambda: Receipt(len(wire.makefile("rb").read(8_000)), ""))

            wire.cut()

            error = outcome.exception(TIMEOUT_SECONDS)
            assert isinstance(error, OSError) or outcome.result() == Receipt(0, "")
            with pytest.raises(ConnectionAbortedError):
                wire.sendall(b"more")

    def test_when_it_is_never_read_then_sending_ends_in_time(self) -> None:
        with receiving(secured(never_reads)) as receiver, secure_wire(receiver, 1) as wire, pytest.raises(TimeoutError):
            wire.sendall(MUCH)
