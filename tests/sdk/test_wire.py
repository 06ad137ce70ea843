"""Requests of SDKs, sent byte for byte. Go and PHP have no other test; unusual requests have to do no harm."""

from __future__ import annotations

import http.client
import json
import re
import socket
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from mock_server.testing import RunningMock

UNKNOWN_ID = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
WORLD: dict[str, Any] = {
    "products": {"pro": {"name": "Pro Plan"}, "club": {"name": "Monthly Club", "recurring_interval": "month"}},
    "customers": {"main": {"email": "jane@example.com", "name": "Jane Doe", "billing_address": {"country": "FR"}}},
    "tokens": {
        "customer": {"kind": "customer_session", "customer": "main"},
        "organization": {"kind": "organization_access_token"},
    },
    "orders": {
        "paid": {"customer": "main", "product": "pro", "metadata": {"channel": "web"}},
        "renewal": {"customer": "main", "product": "club"},
        "unpaid": {"customer": "main", "product": "pro", "status": "pending"},
        "missing_billing": {"customer": "main", "product": "pro", "billing_name": None, "billing_address": None},
    },
}

# The headers of the page's samples in the languages whose SDKs can't be installed here. Go's client requests gzip by itself.
GO = (
    "User-Agent: speakeasy-sdk/go 0.9.0 2.709.0 0.1.0 github.com/polarsource/polar-go",
    "Content-Length: 0",
    "Accept: application/json",
    "Authorization: Bearer {token}",
    "Accept-Encoding: gzip",
)
PHP = (
    "Accept: application/json",
    "user-agent: speakeasy-sdk/php 0.10.0 2.879.6 0.1.0 polar-sh/sdk",
    "Authorization: Bearer {token}",
    "Content-Length: 0",
)
SAMPLES = {"go": GO, "php": PHP}

# What the other SDKs send besides `Host` and `Authorization`.
HEADERS = {
    "python 0.31.7": (
        "accept: application/json",
        "user-agent: speakeasy-sdk/python 0.31.7 2.737.0 0.1.0 polar-sdk",
        "accept-encoding: gzip, deflate",
    ),
    "typescript 0.48.1": (
        "accept: application/json",
        "cookie: ",
        "user-agent: speakeasy-sdk/typescript 0.48.1 2.893.0 0.1.0 @polar-sh/sdk",
    ),
    "python 1.0.2": ("accept: */*", "user-agent: python-httpx/0.28.1", "polar-version: 2026-04"),
    "typescript 1.0.1": (
        "accept: */*",
        "content-type: application/json",
        "polar-version: 2027-01",
        "user-agent: node",
    ),
    "with an organization": ("accept: */*", f"polar-organization: {UNKNOWN_ID}", "polar-version: 2026-10"),
}


@dataclass(frozen=True)
class Answer:
    status: int
    content_type: str | None
    length: str | None
    body: bytes


@dataclass
class Wire:
    """Sends requests as lines of text and reads what comes back."""

    host: str
    world: dict[str, Any]

    def order(self, key: str) -> str:
        return str(self.world["ids"][f"order:{key}"])

    def send(self, line: str, headers: tuple[str, ...], token: str = "customer", body: str = "") -> Answer:
        token = self.world["tokens"].get(token, token)
        lines = [f"{line} HTTP/1.1", f"Host: {self.host}", *(header.format(token=token) for header in headers)]
        name, _, port = self.host.partition(":")
        with socket.create_connection((name, int(port)), timeout=10) as connection:
            connection.sendall(("\r\n".join(lines) + "\r\n\r\n" + body).encode())
            response = http.client.HTTPResponse(connection)
            response.begin()
            return Answer(
                response.status, response.headers["content-type"], response.headers["content-length"], response.read()
            )


@pytest.fixture
def wire(mock: RunningMock) -> Wire:
    world = requests.post(f"{mock.base_url}/_mock/worlds", json=WORLD, timeout=10).json()
    return Wire(urlsplit(mock.base_url).netloc, world)


@pytest.mark.parametrize("language", SAMPLES)
class GivenASampleOfThePage:
    def generate(self, wire: Wire, language: str, order_id: str, token: str = "customer") -> Answer:
        return wire.send(f"POST /v1/customer-portal/orders/{order_id}/invoice", SAMPLES[language], token)

    def test_when_the_order_is_paid_then_the_answer_is_202_with_null(self, wire: Wire, language: str) -> None:
        answer = self.generate(wire, language, wire.order("paid"))

        assert answer == Answer(202, "application/json", "4", b"null")

    @pytest.mark.parametrize(
        ("key", "name", "detail"),
        [
            ("unpaid", "NotPaidOrder", "Order {id} is not paid, so an invoice cannot be generated."),
            (
                "missing_billing",
                "MissingInvoiceBillingDetails",
                "Billing name and address are required to generate an invoice for this order.",
            ),
        ],
    )
    def test_when_the_order_may_have_none_then_the_answer_is_one_of_the_two_422(
        self, wire: Wire, language: str, key: str, name: str, detail: str
    ) -> None:
        answer = self.generate(wire, language, wire.order(key))

        assert (answer.status, answer.content_type) == (422, "application/json")
        body = json.loads(answer.body)
        assert body == {"error": name, "detail": detail.format(id=wire.order(key))}

    def test_when_the_order_is_nobodys_then_the_answer_is_404(self, wire: Wire, language: str) -> None:
        answer = self.generate(wire, language, UNKNOWN_ID)

        assert (answer.status, json.loads(answer.body)) == (404, {"error": "ResourceNotFound", "detail": "Not found"})

    def test_when_the_placeholder_is_left_in_then_the_answer_names_the_id(self, wire: Wire, language: str) -> None:
        answer = self.generate(wire, language, "%3Cvalue%3E")

        body = json.loads(answer.body)
        assert (answer.status, body["error"]) == (422, "RequestValidationError")
        assert [(item["type"], item["loc"], item["input"]) for item in body["detail"]] == [
            ("uuid_parsing", ["path", "id"], "<value>")
        ]

    def test_when_the_token_is_a_placeholder_then_the_answer_is_401(self, wire: Wire, language: str) -> None:
        answer = self.generate(wire, language, wire.order("paid"), token="<YOUR_BEARER_TOKEN_HERE>")

        assert (answer.status, json.loads(answer.body)["error"]) == (401, "invalid_token")


@pytest.mark.parametrize("sender", HEADERS)
class GivenTheHeadersOfAnSdk:
    def test_when_it_reads_then_it_gets_the_order(self, wire: Wire, sender: str) -> None:
        answer = wire.send(
            f"GET /v1/customer-portal/orders/{wire.order('paid')}", (*HEADERS[sender], "authorization: Bearer {token}")
        )

        assert (answer.status, answer.content_type) == (200, "application/json")
        assert json.loads(answer.body)["id"] == wire.order("paid")

    def test_when_it_posts_nothing_then_the_answer_is_202_with_null(self, wire: Wire, sender: str) -> None:
        answer = wire.send(
            f"POST /v1/customer-portal/orders/{wire.order('paid')}/invoice",
            (*HEADERS[sender], "authorization: Bearer {token}", "content-length: 0"),
        )

        assert answer == Answer(202, "application/json", "4", b"null")

    def test_when_it_deletes_then_the_answer_is_204_without_a_body(self, wire: Wire, sender: str) -> None:
        bearer = (*HEADERS[sender], "authorization: Bearer {token}")
        hook = '{"url":"https://example.com/hook","format":"raw","events":["order.updated"]}'
        json_body = ("content-type: application/json", f"content-length: {len(hook)}")
        plain = tuple(header for header in bearer if not header.startswith("content-type"))
        made = wire.send("POST /v1/webhooks/endpoints", (*plain, *json_body), "organization", hook)

        answer = wire.send(f"DELETE /v1/webhooks/endpoints/{json.loads(made.body)['id']}", bearer, "organization")

        assert (made.status, answer.status, answer.body) == (201, 204, b"")


LISTS = {
    # query, token's side, keys of the orders that are answered
    "the default of 0.x": ("page=1&limit=10", "customer", {"paid", "renewal", "unpaid", "missing_billing"}),
    "the default of 1.x": (
        "page=1&limit=10&sorting=-created_at",
        "customer",
        {"paid", "renewal", "unpaid", "missing_billing"},
    ),
    "repeated parameters": (f"product_id={{club}}&product_id={UNKNOWN_ID}", "customer", {"renewal"}),
    "a space as plus": ("query=monthly+club", "customer", {"renewal"}),
    "a space as %20": ("query=monthly%20club", "customer", {"renewal"}),
    "metadata": ("metadata%5Bchannel%5D=web", "organization", {"paid"}),
    "metadata, brackets as they are": ("metadata[channel]=web", "organization", {"paid"}),
}


@pytest.mark.parametrize("case", LISTS)
def test_a_list_is_asked_for_in_each_sdks_way(case: str, wire: Wire) -> None:
    query, token, keys = LISTS[case]
    path = "/v1/customer-portal/orders/" if token == "customer" else "/v1/orders/"
    query = query.format(club=wire.world["ids"]["product:club"])

    answer = wire.send(f"GET {path}?{query}", ("accept: */*", "authorization: Bearer {token}"), token)

    shown = json.loads(answer.body)
    assert answer.status == 200, shown
    assert {order["id"] for order in shown["items"]} == {wire.order(key) for key in keys}


PATHS = {
    "a base URL that ends in a slash": "//v1/customer-portal/orders/{id}",
    "an id with a slash that was not escaped": "/v1/customer-portal/orders/a/b",
    "a receipt, which the revision has not": "/v1/customer-portal/orders/{id}/receipt",
}


@pytest.mark.parametrize("case", PATHS)
def test_a_path_that_is_no_route_is_answered_404_as_the_service_does(case: str, wire: Wire) -> None:
    path = PATHS[case].format(id=wire.order("paid"))

    answer = wire.send(f"GET {path}", ("accept: application/json", "authorization: Bearer {token}"))

    assert answer == Answer(404, "application/json", "22", b'{"detail":"Not Found"}')


def test_a_list_path_without_its_slash_is_redirected_by_an_address_that_keeps_the_query(wire: Wire) -> None:
    """Python 1.x does not follow redirects, so the path with the slash has to answer itself: see the lists above."""
    answer = requests.get(
        f"http://{wire.host}/v1/customer-portal/orders?limit=1",
        headers={"Authorization": f"Bearer {wire.world['tokens']['customer']}"},
        allow_redirects=False,
        timeout=10,
    )

    assert answer.status_code == 307
    assert re.fullmatch(r"http://[^/]+/v1/customer-portal/orders/\?limit=1", answer.headers["location"])
