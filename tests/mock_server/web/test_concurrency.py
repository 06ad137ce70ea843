"""Concurrent readers and writers of one world: no answer is a failure, and none mixes two states."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from threading import Barrier, Event, Thread
from typing import Any

import pytest

from mock_server.assembly import MockServer
from mock_server.documents.parsing import parse_world_document
from tests.mock_server.web.conftest import ACME, Api

ORDERS = 3_000
READERS = 3
_TIMEOUT_SECONDS = 120.0

# Calls that read more than one entity, mainly lists; {id} is an order's and {world} the world's.
READS = [
    ("customer", "/v1/customer-portal/orders/"),
    ("customer", "/v1/customer-portal/orders/?limit=100&sorting=-amount"),
    ("customer", "/v1/customer-portal/orders/{id}"),
    ("oat", "/v1/orders/?limit=100&sorting=customer"),
    ("oat", "/v1/orders/?external_customer_id=ext-main&metadata[a]=b"),
    ("oat", "/v1/orders/{id}"),
    ("oat", "/v1/webhooks/endpoints"),
    ("oat", "/v1/webhooks/deliveries?limit=100"),
    (None, "/_mock/worlds"),
    (None, "/_mock/worlds/{world}"),
    (None, "/_mock/worlds/{world}/deliveries"),
    (None, "/_mock/worlds/{world}/clock"),
]


@pytest.fixture(autouse=True)
def _threads_take_turns_all_the_time() -> Iterator[None]:
    """Switch threads often, so that a reader is interrupted in the middle of nearly every step, on any machine."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.fixture
def crowd(server: MockServer) -> Api:
    """A world of very many orders, in which nothing happens by itself."""
    api = Api(server)
    order = {"customer": "main", "product": "pro", "status": "paid"}
    orders = {f"o{n}": {**order, "invoice_number": f"ACME-{n}"} for n in range(ORDERS)}
    api.world = api.control("POST", "/worlds", {**ACME, "orders": {**ACME["orders"], **orders}})
    api.in_world("PATCH", "/clock", {"mode": "held"})
    return api


def at_once(reads: list[Callable[[], None]], write: Callable[[int], None], *, writes: int) -> list[BaseException]:
    """Run the readers repeatedly until the writer has written this often; returns what any of them raised."""
    done, start = Event(), Barrier(len(reads) + 1)
    raised: list[BaseException] = []

    def reading(read: Callable[[], None]) -> None:
        start.wait(_TIMEOUT_SECONDS)
        while not done.is_set() and not raised:
            _noting(raised, read)

    threads = [Thread(target=reading, args=(read,), daemon=True) for read in reads]
    for thread in threads:
        thread.start()
    start.wait(_TIMEOUT_SECONDS)
    for number in range(writes):
        _noting(raised, lambda: write(number))  # noqa: B023  called at once
        if raised:
            break
    done.set()
    for thread in threads:
        thread.join(_TIMEOUT_SECONDS)
    assert not any(thread.is_alive() for thread in threads)
    return raised


def _noting(raised: list[BaseException], act: Callable[[], None]) -> None:
    try:
        act()
    except BaseException as error:
        raised.append(error)


def get(api: Api, read: tuple[str | None, str], *, expected: tuple[int, ...] = (200,)) -> Any:
    token, path = read
    path = path.format(id=api.world["ids"]["order:paid"], world=api.world["id"])
    answer = api.send("GET", path, token=token)
    assert answer.status_code in expected, f"{path}: {answer.status_code} {answer.text[:200]}"
    return json.loads(answer.data)


def add_order(api: Api, key: str) -> None:
    api.in_world("POST", "/orders", {"key": key, "customer": "main", "product": "pro", "invoice_number": key})


class GivenVeryManyOrders:
    def test_when_they_are_read_while_others_are_added_and_changed_then_no_answer_is_a_failure(
        self, crowd: Api
    ) -> None:
        def write(number: int) -> None:
            add_order(crowd, f"new{number}")
            answer = crowd.send("PATCH", crowd.order("paid"), token="customer", body={"billing_name": f"{number}"})
            assert answer.status_code == 200
            opened = {"external_customer_id": "ext-main"}
            assert crowd.send("POST", "/v1/customer-sessions/", token="oat", body=opened).status_code == 201

        def reader(offset: int) -> Callable[[], None]:
            own = iter([*READS[offset:], *READS[:offset]] * 1_000)
            return lambda: get(crowd, next(own))

        raised = at_once([reader(4 * number) for number in range(READERS)], write, writes=25)

        assert raised == []

    def test_when_their_customer_is_renamed_then_every_list_shows_one_name(self, crowd: Api) -> None:
        def rename(number: int) -> None:
            body = {"billing_name": f"Name {number}"}
            answer = crowd.send("PATCH", "/v1/customer-portal/customers/me", token="customer", body=body)
            assert answer.status_code == 200

        def read() -> None:
            items = get(crowd, ("oat", "/v1/orders/?limit=100&sorting=invoice_number"))["items"]
            names = {item["customer"]["billing_name"] for item in items if item["customer"]["external_id"]}
            assert len(names) == 1

        assert at_once([read, read], rename, writes=40) == []


def test_when_customers_sign_up_then_each_document_that_is_read_meanwhile_makes_a_world(team: Api) -> None:
    """Orders refer to customers and tokens to members: a document of half a change would be rejected."""

    def sign_up(number: int) -> None:
        key = f"c{number}"
        token = {"kind": "member_session", "customer": key, "member": key}
        order = {"customer": key, "product": "kit", "discount": {"amount": number + 1}}
        team.in_world("POST", "/customers", {"key": key, "members": {key: {"role": "owner"}}})
        team.in_world("POST", "/tokens", {"key": key, **token})
        team.in_world("POST", "/orders", {"key": key, **order})

    def read() -> None:
        parse_world_document(team.in_world("GET", ""))

    assert at_once([read], sign_up, writes=60) == []
    assert len(team.in_world("GET", "")["orders"]) == 61


class GivenAWorldThatIsReset:
    def test_then_its_tokens_lead_to_it_all_the_time_and_every_read_is_whole(self, api: Api) -> None:
        def write(number: int) -> None:
            add_order(api, f"new{number}")
            api.in_world("POST", "/reset")

        def read_all() -> None:
            for read in READS:
                get(api, read)

        def read_document() -> None:
            orders = get(api, (None, "/_mock/worlds/{world}"))["orders"]
            assert len(orders) - len(ACME["orders"]) in (0, 1)

        assert at_once([read_all, read_document], write, writes=60) == []

    def test_when_others_write_then_what_they_write_is_taken_or_gone_and_nothing_fails(self, api: Api) -> None:
        def change() -> None:
            answer = api.send("PATCH", api.order("paid"), token="customer", body={"billing_name": "New Name"})
            assert answer.status_code == 200
            answer = api.send("POST", f"{api.order('paid')}/invoice", token="customer")
            assert answer.status_code == 202
            api.in_world("POST", "/settle")

        assert at_once([change, change], lambda _: api.in_world("POST", "/reset") and None, writes=60) == []

    def test_when_it_is_removed_then_a_session_that_is_opened_meanwhile_has_no_world(self, server: MockServer) -> None:
        api = Api(server)

        def make_and_remove(number: int) -> None:
            api.world = made = api.control("POST", "/worlds", ACME)
            worlds.append(made)
            api.control("DELETE", f"/worlds/{made['id']}")

        def open_session() -> None:
            for world in worlds[-1:]:
                body = {"external_customer_id": "ext-main"}
                shop = Api(server, world)
                opened = shop.send("POST", "/v1/customer-sessions/", token="oat", body=body)
                assert opened.status_code in (201, 401)
                if opened.status_code == 201:
                    tokens.append(opened.json["token"])

        worlds: list[dict[str, Any]] = []
        tokens: list[str] = []
        assert at_once([open_session, open_session], make_and_remove, writes=60) == []
        for token in tokens:
            assert api.send("GET", "/v1/customer-portal/orders/", token=token).status_code == 401
