"""Following a journal: an event for each request, from where the client left off, until it hangs up or the server stops."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mock_server.assembly import MockServer
from tests.mock_server.serving.serving_here import serving_here
from tests.mock_server.serving.wire import Client, connected, request
from tests.mock_server.web.conftest import ACME, Api, api, server, shared_server, world_of

__all__ = ["api", "server", "shared_server"]  # fixtures
ORDERS = "/v1/customer-portal/orders/"


@contextmanager
def following(port: int, path: str, *headers: str) -> Iterator[Client]:
    """A client that has got the beginning of the stream."""
    with connected(port) as client:
        # The control API answers only what is sent to this machine.
        client.send(request("GET", f"/_mock{path}", *headers).replace(b"Host: mock", b"Host: localhost"))
        head = read_until(client, b"still there")
        assert b"200 OK" in head
        assert b"text/event-stream" in head
        yield client


def read_until(client: Client, wanted: bytes) -> bytes:
    got = client.buffered
    while wanted not in got:
        piece = client.connection.recv(65_536)
        assert piece, got
        got += piece
    end = got.index(wanted) + len(wanted)
    client.buffered = got[end:]
    return got[:end]


def next_event(client: Client) -> tuple[int, dict[str, object]]:
    """The number and the entry of the next event."""
    read_until(client, b"id: ")
    number = int(read_until(client, b"\n"))
    read_until(client, b"data: ")
    entry: dict[str, object] = json.loads(read_until(client, b"\n\n"))
    return number, entry


def test_when_requests_arrive_then_each_is_an_event_and_other_worlds_have_none(api: Api) -> None:
    other = world_of(api.server, ACME)
    with (
        serving_here(api.server.app.wsgi_app) as port,
        following(port, f"/worlds/{api.world['id']}/journal/stream") as client,
    ):
        other.send("GET", ORDERS, token="customer")
        api.send("GET", ORDERS, token="customer")
        api.send("GET", f"{ORDERS}x", token="customer")

        first, second = next_event(client), next_event(client)

    assert [(first[0], first[1]["status"]), (second[0], second[1]["status"])] == [(1, 200), (2, 422)]
    assert first[1] == api.in_world("GET", "/journal")["items"][0]


@pytest.mark.parametrize(
    ("query", "header", "number"),
    [
        ("", "X-None: 1", 4),
        ("", "Last-Event-ID: 2", 3),
        ("?after=1", "X-None: 1", 2),
        ("?status=422&after=0", "X-None: 1", 3),
    ],
)
def test_when_a_client_comes_back_then_it_goes_on_after_what_it_knows(
    api: Api, query: str, header: str, number: int
) -> None:
    for path in (ORDERS, ORDERS, f"{ORDERS}x"):
        api.send("GET", path, token="customer")
    path = f"/worlds/{api.world['id']}/journal/stream{query}"

    with serving_here(api.server.app.wsgi_app) as port, following(port, path, header) as client:
        api.send("GET", f"{ORDERS}x", token="customer")

        assert next_event(client)[0] == number


def test_when_a_client_hangs_up_or_stays_then_others_are_answered_and_the_server_stops(server: MockServer) -> None:
    with serving_here(server.app.wsgi_app) as port:
        with following(port, "/journal/stream"):
            pass
        with following(port, "/journal/stream") as stays, connected(port) as client:
            assert client.ask(request("GET", "/v1/nowhere")).status == 404
            assert next_event(stays)[1]["path"] == "/v1/nowhere"


def test_when_the_world_is_removed_then_its_stream_ends(api: Api) -> None:
    path = f"/worlds/{api.world['id']}/journal/stream"
    with serving_here(api.server.app.wsgi_app) as port, following(port, path) as client:
        api.in_world("DELETE", "")

        assert read_until(client, b"0\r\n\r\n").endswith(b"0\r\n\r\n"), "the last chunk"


def test_when_only_numbers_are_wanted_then_an_event_has_nothing_else(api: Api) -> None:
    path = f"/worlds/{api.world['id']}/journal/stream?fields=number"
    with serving_here(api.server.app.wsgi_app) as port, following(port, path) as client:
        api.send("GET", ORDERS, token="customer")

        assert next_event(client) == (1, {"number": 1})


def test_when_a_secret_is_newer_than_the_stream_then_it_is_not_shown(api: Api) -> None:
    path, secret = f"/worlds/{api.world['id']}/journal/stream", "a secret of my own that is long enough"
    hook = {"url": "https://example.com/hook", "format": "raw", "events": ["order.paid"], "secret": secret}
    with serving_here(api.server.app.wsgi_app) as port, following(port, path) as client:
        made = api.send("POST", "/v1/webhooks/endpoints", token="oat", body=hook).json
        api.send("GET", f"/v1/webhooks/endpoints/{made['id']}", token="oat")

        assert secret not in json.dumps([next_event(client), next_event(client)])


def test_when_there_is_a_lot_to_catch_up_then_all_of_it_comes_in_order(api: Api) -> None:
    for _ in range(120):
        api.send("GET", ORDERS, token="customer")
    path = f"/worlds/{api.world['id']}/journal/stream?after=0&fields=number"

    with serving_here(api.server.app.wsgi_app) as port, following(port, path) as client:
        assert [next_event(client)[0] for _ in range(120)] == [*range(1, 121)]


@pytest.mark.parametrize("query", ["after=x", "fields=all"])
def test_when_a_filter_does_not_fit_then_there_is_no_stream(api: Api, query: str) -> None:
    answer = api.send("GET", f"/_mock/worlds/{api.world['id']}/journal/stream?{query}")

    assert (answer.status_code, answer.json["problems"][0]["path"]) == (422, query.partition("=")[0])
