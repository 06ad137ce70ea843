"""The threads that run jobs: no world takes another's threads, invoices never wait, and ended work ends at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Event, Lock, Thread
from typing import Any

import pytest

from mock_server.assembly import MockServer, Settings, assemble
from mock_server.delivery.addresses import WebhookAddress
from mock_server.delivery.sending import HttpSender, Receipt
from mock_server.domain.cancellation import Cancellation, Cancelled
from mock_server.domain.clocks import wall_now
from mock_server.services.places import Places
from mock_server.services.worker import JobWorker
from mock_server.store.state import World
from tests.mock_server.delivery.conftest import patch
from tests.mock_server.delivery.hostile import drips, receiving
from tests.mock_server.delivery.receivers import FINE
from tests.mock_server.store.test_state import a_world as a_bare_world
from tests.mock_server.web.conftest import Api

TIMEOUT_SECONDS = 30.0


class Receivers:
    """A sender whose receivers at port 1 never answer; it records its requests, and how many are under way."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.under_way = 0
        self._lock = Lock()

    def __call__(
        self, address: WebhookAddress, headers: Mapping[str, str], body: bytes, cancellation: Cancellation
    ) -> Receipt:
        with self._lock:
            self.sent.append(str(address))
        if address.port != 1:
            return FINE
        over = Event()
        self._count(1)
        try:
            with cancellation.ending(over.set):
                over.wait(TIMEOUT_SECONDS)
        finally:
            self._count(-1)
        raise Cancelled

    def _count(self, by: int) -> None:
        with self._lock:
            self.under_way += by


@contextmanager
def working(sender: Any) -> Iterator[MockServer]:
    server = assemble(Settings(), wall=wall_now, send=sender)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def a_shop(server: MockServer, url: str, endpoints: int = 1, **changes: Any) -> Api:
    api = Api(server)
    hook = {"url": url, "events": ["order.updated"]}
    document = {
        "customers": {"main": {"email": "jane@example.com", "name": "Jane", "billing_address": {"country": "FR"}}},
        "tokens": {"customer": {"kind": "customer_session", "customer": "main"}},
        "orders": {"paid": {"customer": "main"}, "second": {"customer": "main"}},
        "webhook_endpoints": {f"hook{number}": hook for number in range(endpoints)},
        "invoices": {"delay_seconds": 0.01},
        **changes,
    }
    api.world = api.control("POST", "/worlds", document)
    return api


def wait_until(holds: Callable[[], bool]) -> None:
    ends_at = time.monotonic() + TIMEOUT_SECONDS
    while not holds():
        assert time.monotonic() < ends_at, "what was waited for never came"
        Event().wait(0.005)


def is_issued(api: Api) -> bool:
    return bool(api.send("GET", f"{api.order('paid')}/invoice", token="customer").status_code == 200)


class GivenReceiversThatNeverAnswer:
    def test_then_webhooks_of_other_worlds_and_invoices_of_their_own_do_not_wait_for_them(self) -> None:
        receivers = Receivers()
        with working(receivers) as server:
            stuck = a_shop(server, "http://127.0.0.1:1/", endpoints=40)
            patch(stuck)
            wait_until(lambda: receivers.under_way == 16)

            other = a_shop(server, "http://127.0.0.1:2/")
            patch(other)
            assert stuck.send("POST", f"{stuck.order('paid')}/invoice", token="customer").status_code == 202

            wait_until(lambda: "http://127.0.0.1:2/" in receivers.sent)
            wait_until(lambda: is_issued(stuck))
            assert receivers.under_way == 16

    @pytest.mark.parametrize("worlds", [20])
    def test_when_many_worlds_have_them_then_one_more_world_still_gets_its_turn(self, worlds: int) -> None:
        receivers = Receivers()
        with working(receivers) as server:
            for _ in range(worlds):
                patch(a_shop(server, "http://127.0.0.1:1/", endpoints=20))
            wait_until(lambda: receivers.under_way >= 64)

            other = a_shop(server, "http://127.0.0.1:2/")
            patch(other)

            wait_until(lambda: "http://127.0.0.1:2/" in receivers.sent)
            assert receivers.under_way <= 256

    @pytest.mark.parametrize(("method", "path"), [("DELETE", ""), ("POST", "/reset")])
    def test_when_the_world_ends_or_begins_anew_then_its_attempts_are_cut_and_what_waited_is_never_sent(
        self, method: str, path: str
    ) -> None:
        receivers = Receivers()
        with working(receivers) as server:
            stuck = a_shop(server, "http://127.0.0.1:1/", endpoints=40)
            patch(stuck)
            wait_until(lambda: receivers.under_way == 16)

            stuck.in_world(method, path)

            wait_until(lambda: receivers.under_way == 0)
            other = a_shop(server, "http://127.0.0.1:2/")
            patch(other)
            wait_until(lambda: "http://127.0.0.1:2/" in receivers.sent)
            assert receivers.sent.count("http://127.0.0.1:1/") == 16

    def test_when_the_server_stops_then_nothing_is_under_way_any_more(self) -> None:
        receivers = Receivers()
        with working(receivers) as server:
            patch(a_shop(server, "http://127.0.0.1:1/", endpoints=16))
            wait_until(lambda: receivers.under_way == 16)

            began = time.monotonic()
            server.stop()

            assert receivers.under_way == 0
            assert time.monotonic() - began < TIMEOUT_SECONDS / 2

    @pytest.mark.parametrize("ending", ["the server stops", "the world ends", "the world is reset"])
    def test_when_a_call_settles_then_that_ends_too_and_reports_what_ran(self, ending: str) -> None:
        receivers = Receivers()
        server = assemble(Settings(), wall=wall_now, send=receivers)
        stuck = a_shop(server, "http://127.0.0.1:1/", endpoints=2)
        patch(stuck)
        answers: list[Any] = []
        path = f"/_mock/worlds/{stuck.world['id']}/settle"
        settling = Thread(target=lambda: answers.append(stuck.send("POST", path)), daemon=True)
        settling.start()
        wait_until(lambda: receivers.under_way == 1)

        match ending:
            case "the server stops":
                server.stop()
            case "the world ends":
                stuck.in_world("DELETE", "")
            case _:
                stuck.in_world("POST", "/reset")

        settling.join(TIMEOUT_SECONDS)
        assert [(answer.status_code, answer.json) for answer in answers] == [(200, {"ran": [], "failed": []})]
        assert len(receivers.sent) == 1

    def test_when_real_ones_drip_then_a_stop_cuts_them(self) -> None:
        with (
            receiving(drips(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x")) as receiver,
            working(HttpSender(timeout_seconds=600)) as server,
        ):
            patch(a_shop(server, receiver.url, endpoints=16))
            assert receiver.asked.wait(TIMEOUT_SECONDS)

            server.stop()

            assert receiver.hung_up.wait(TIMEOUT_SECONDS)


class GivenAReceiverThatIsBusy:
    def test_when_more_events_are_raised_then_nothing_is_planned_and_all_arrive(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        let_go, sent = Event(), []
        looked_at: list[World] = []
        look_at = JobWorker._look_at

        def counted(worker: JobWorker, world: World, now: float) -> None:
            looked_at.append(world)
            look_at(worker, world, now)

        def receiver(_: WebhookAddress, headers: Mapping[str, str], body: bytes, __: Cancellation) -> Receipt:
            sent.append(headers["webhook-id"])
            let_go.wait(TIMEOUT_SECONDS)
            return FINE

        monkeypatch.setattr(JobWorker, "_look_at", counted)
        with working(receiver) as server:
            others = [a_shop(server, "http://127.0.0.1:2/") for _ in range(20)]
            busy = a_shop(server, "http://127.0.0.1:1/")
            patch(busy)
            wait_until(lambda: len(sent) == 1)
            assert {world.id for world in looked_at} == {busy.world["id"]}, "other worlds are not looked at"
            planned = len(looked_at)
            for number in range(50):
                patch(busy, f"Name {number}")
            assert len(looked_at) == planned

            let_go.set()

            wait_until(lambda: len(set(sent)) == 51)
            assert len(sent) == 51
            assert len(others) == 20


class GivenPlaces:
    def test_then_each_world_has_its_share_and_one_that_has_none_gets_its_first_beyond_it(self) -> None:
        places = Places(of_a_world=2, shared=3, most=5)
        worlds = [a_bare_world(f"w{number}") for number in range(6)]

        taken = [(n, queue) for n, world in enumerate(worlds) for queue in "abc" if places.take((world, queue))]

        assert taken == [(0, "a"), (0, "b"), (1, "a"), (2, "a"), (3, "a")]
        assert places.take((worlds[0], "a")) is False
        places.give_back((worlds[0], "a"))
        assert places.take((worlds[5], "a")) is True
        assert places.wait_until_free(0) is False
