"""Faults of the connection as clients see them, on a served mock; other requests are answered meanwhile."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
import urllib3

from mock_server.assembly import MockServer, Settings, assemble
from mock_server.documents.extending import read_world_document
from mock_server.services.faults import add_faults, remove_faults
from tests.mock_server.serving.serving_here import serving_here
from tests.mock_server.serving.wire import Client, connected, request

CONNECTIONS = 16
LIST, GET = "orders:list", "orders:get"


class Served:
    """A served mock, whose faults each test replaces."""

    def __init__(self, mock: MockServer, port: int) -> None:
        assert mock.world is not None
        self.mock, self.world, self.port = mock, mock.world, port
        self.token = mock.world.tokens["organization"]
        self.base_url = f"http://127.0.0.1:{port}"
        self.headers = {"Authorization": f"Bearer {self.token}"}

    def with_fault(self, **rule: Any) -> None:
        remove_faults(self.world)
        add_faults(self.mock.services, self.world, rule)

    def ask(self, target: str = "/v1/orders/", method: str = "GET") -> bytes:
        return request(method, target, f"Authorization: Bearer {self.token}")

    @property
    def order(self) -> str:
        return f"/v1/orders/{self.world.ids['order:paid']}"

    def is_served(self) -> bool:
        with connected(self.port) as client:
            return client.ask(self.ask(self.order)).status == 200


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    document = read_world_document({"scenario": "demo"}, has_fresh_identity=False)
    mock = assemble(Settings(world=document))
    with serving_here(mock.app.wsgi_app, api_body_bytes=mock.body_limit_bytes) as port:
        yield Served(mock, port)


def ending_of(client: Client) -> str:
    """How the connection ends: by a reset or in order, with nothing sent before."""
    try:
        return "in order" if client.connection.recv(1) == b"" else "with an answer"
    except ConnectionResetError:
        return "reset"


class GivenAConnectionThatIsReset:
    @pytest.mark.parametrize("kept_alive", [0, 3], ids=["new", "kept alive"])
    def test_then_the_client_sees_a_reset_and_no_answer(self, served: Served, kept_alive: int) -> None:
        served.with_fault(operation=LIST, connection="reset", **{"from": kept_alive + 1})

        with connected(served.port) as client:
            for _ in range(kept_alive):
                assert client.ask(served.ask()).status == 200
            client.send(served.ask())

            assert ending_of(client) == "reset"
        assert served.is_served()

    def test_when_many_are_open_then_only_the_struck_ones_are_reset(self, served: Served) -> None:
        served.with_fault(operation=LIST, connection="reset")
        clients = [connected(served.port) for _ in range(CONNECTIONS)]
        opened = [client.__enter__() for client in clients]
        for client in opened:
            assert client.ask(served.ask(served.order)).status == 200

        struck, others = opened[::2], opened[1::2]
        for client in struck:
            client.send(served.ask())
        with ThreadPoolExecutor(CONNECTIONS) as threads:
            statuses = threads.map(lambda client: client.ask(served.ask(served.order)).status, others)
            endings = threads.map(ending_of, struck)

            assert list(statuses) == [200] * len(others)
            assert list(endings) == ["reset"] * len(struck)
        for client in others:
            assert client.ask(served.ask(served.order)).status == 200
        for manager in clients:
            manager.__exit__(None, None, None)

    def test_when_it_strikes_after_the_effect_then_the_change_is_made(self, served: Served) -> None:
        served.with_fault(operation="orders:update", connection="reset", effect="after")
        body = json.dumps({"billing_name": "Reset Roe"})
        ask = request(
            "PATCH",
            served.order,
            f"Authorization: Bearer {served.token}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
            body=body,
        )

        with connected(served.port) as client:
            client.send(ask)
            assert ending_of(client) == "reset"
        with connected(served.port) as client:
            assert json.loads(client.ask(served.ask(served.order)).body)["billing_name"] == "Reset Roe"

    def test_then_the_libraries_report_a_connection_error(self, served: Served) -> None:
        served.with_fault(operation=LIST, connection="reset")
        url = f"{served.base_url}/v1/orders/"

        with pytest.raises(requests.ConnectionError):
            requests.get(url, headers=served.headers, timeout=60)
        with urllib3.PoolManager() as pool, pytest.raises(urllib3.exceptions.ProtocolError):
            pool.request("GET", url, headers=served.headers, retries=False)
        plain = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
        plain.request("GET", "/v1/orders/", headers=served.headers)
        with pytest.raises(ConnectionResetError):
            plain.getresponse()
        plain.close()

    @pytest.mark.parametrize(
        ("listens_on", "reached_at"), [("::1", "::1"), ("0.0.0.0", "127.0.0.1"), ("::", "127.0.0.1")]
    )
    def test_when_the_server_listens_on_another_address_then_it_is_reset_too(
        self, served: Served, listens_on: str, reached_at: str
    ) -> None:
        served.with_fault(operation=LIST, connection="reset")
        app, limit = served.mock.app.wsgi_app, served.mock.body_limit_bytes
        with serving_here(app, api_body_bytes=limit, host=listens_on) as port:
            plain = http.client.HTTPConnection(reached_at, port, timeout=60)
            plain.request("GET", "/v1/orders/", headers=served.headers)
            with pytest.raises(ConnectionResetError):
                plain.getresponse()
            plain.close()


class GivenABodyThatIsCut:
    def test_then_half_of_the_announced_length_arrives(self, served: Served) -> None:
        served.with_fault(operation=GET, connection="cut")
        plain = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
        plain.request("GET", served.order, headers=served.headers)
        answer = plain.getresponse()

        with pytest.raises(http.client.IncompleteRead) as caught:
            answer.read()

        plain.close()
        assert answer.status == 200
        assert len(caught.value.partial) == int(answer.headers["Content-Length"]) // 2

    def test_then_requests_reports_a_broken_answer(self, served: Served) -> None:
        served.with_fault(operation=GET, connection="cut")

        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            requests.get(served.base_url + served.order, headers=served.headers, timeout=60)

    def test_when_the_body_is_a_given_one_then_that_is_cut(self, served: Served) -> None:
        served.with_fault(operation=GET, connection="cut", answer={"status": 502, "body": "Bad Gateway!"})
        plain = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
        plain.request("GET", served.order, headers=served.headers)
        answer = plain.getresponse()

        with pytest.raises(http.client.IncompleteRead) as caught:
            answer.read()

        plain.close()
        assert (answer.status, caught.value.partial) == (502, b"Bad Ga")

    def test_when_there_is_no_body_then_the_connection_is_reset(self, served: Served) -> None:
        served.with_fault(operation=GET, connection="cut", answer={"status": 204})

        with connected(served.port) as client:
            client.send(served.ask(served.order))
            assert ending_of(client) == "reset"


class GivenABodyThatIsSlow:
    def test_then_it_arrives_whole_and_the_connection_is_kept(self, served: Served) -> None:
        served.with_fault(operation=GET, connection="slow", body_ms=20, times=1)

        with connected(served.port) as client:
            slow = client.ask(served.ask(served.order))
            quick = client.ask(served.ask(served.order))

        assert (slow.status, slow.body) == (200, quick.body)


class GivenAnAnswerWithoutAnEnd:
    def test_then_the_whole_body_arrives_and_no_end(self, served: Served) -> None:
        served.with_fault(operation=GET, connection="endless")

        with connected(served.port) as client:
            client.send(served.ask(served.order))
            while b"}\r\n" not in client.buffered:
                client.buffered += client.connection.recv(65_536)
            client.connection.setblocking(False)
            assert b"transfer-encoding: chunked" in client.buffered.lower()
            assert b"\r\n0\r\n" not in client.buffered
            with connected(served.port) as other:
                assert other.ask(served.ask()).status == 200


class GivenAnAnswerThatIsLate:
    def test_when_others_ask_then_they_do_not_wait(self, served: Served) -> None:
        served.with_fault(operation=LIST, latency=300_000)
        waiting = [connected(served.port) for _ in range(CONNECTIONS)]
        opened = [client.__enter__() for client in waiting]
        for client in opened:
            client.send(served.ask())

        with connected(served.port) as other:
            for _ in range(CONNECTIONS):
                assert other.ask(served.ask(served.order)).status == 200

        for client in opened:
            client.connection.setblocking(False)
            with pytest.raises(BlockingIOError):
                client.connection.recv(1)
        for manager in waiting:
            manager.__exit__(None, None, None)

    def test_then_it_is_the_same_answer(self, served: Served) -> None:
        served.with_fault(operation=GET, latency={"min": 1, "max": 5}, times=1)

        with connected(served.port) as client:
            late, quick = client.ask(served.ask(served.order)), client.ask(served.ask(served.order))

        assert (late.status, late.body) == (200, quick.body)


class GivenAFaultOfEveryCall:
    @pytest.mark.parametrize("connection", ["reset", "cut", "slow", "endless"])
    def test_when_a_call_reaches_no_operation_then_it_is_answered_as_ever(
        self, served: Served, connection: str
    ) -> None:
        served.with_fault(connection=connection)
        page = ("Origin: http://a.example", "Access-Control-Request-Method: GET")

        with connected(served.port) as client:
            assert client.ask(request("OPTIONS", served.order, *page)).status == 200
            client.send(served.ask(served.order, "HEAD"))
            assert client.answer(has_body=False).status == 405
            assert client.ask(request("GET", "/_mock/health")).status == 200
            assert client.ask(request("GET", served.order)).status == 401


class GivenAnswersUnderWay:
    def test_when_the_server_stops_then_they_do_not_hold_it(self, served: Served) -> None:
        app, limit = served.mock.app.wsgi_app, served.mock.body_limit_bytes
        served.with_fault(operation=GET, connection="endless")
        add_faults(served.mock.services, served.world, {"operation": LIST, "latency": 300_000})
        threads = threading.active_count()
        with serving_here(app, api_body_bytes=limit) as port:
            clients = [connected(port) for _ in range(2 * CONNECTIONS)]
            opened = [client.__enter__() for client in clients]
            for client, target in zip(opened, [served.order, "/v1/orders/"] * CONNECTIONS, strict=True):
                client.send(served.ask(target))
            for client in opened[::2]:
                assert client.connection.recv(1) == b"H"
            # The loop's own thread of the new server, and no thread for any answer.
            assert threading.active_count() <= threads + CONNECTIONS // 2

        for client in opened[1::2]:
            assert client.is_hung_up_on()
        for manager in clients:
            manager.__exit__(None, None, None)
