"""Repeated header lines, as a started server handles them."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from mock_server.testing import running_mock

Line = tuple[str, str]


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    with running_mock() as mock:
        yield mock.base_url


def send(
    base_url: str, method: str, path: str, *lines: Line, body: bytes = b""
) -> tuple[http.client.HTTPResponse, Any]:
    """A request with exactly these header lines, and its answer."""
    with closing(http.client.HTTPConnection(base_url.removeprefix("http://"), timeout=30)) as connection:
        connection.putrequest(method, path, skip_host=True)
        for name, value in (*lines, ("Content-Length", str(len(body)))):
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        raw = answer.read()
        return answer, json.loads(raw) if raw else None


@pytest.fixture(scope="module")
def token(base_url: str) -> str:
    as_json = ("Content-Type", "application/json")
    _, world = send(base_url, "POST", "/_mock/worlds", ("Host", "127.0.0.1"), as_json, body=b'{"scenario": "demo"}')
    return str(world["tokens"]["customer"])


class GivenAHeaderInTwoLines:
    @pytest.mark.parametrize(("lines", "status"), [("good wrong", 200), ("wrong good", 401)])
    def test_when_it_names_the_caller_then_the_first_line_counts(
        self, base_url: str, token: str, lines: str, status: int
    ) -> None:
        values = {"good": f"Bearer {token}", "wrong": "Bearer polar_cst_wrong"}
        headers = [("Host", "127.0.0.1"), *(("Authorization", values[line]) for line in lines.split())]

        answer, _ = send(base_url, "GET", "/v1/customer-portal/orders/", *headers)

        assert answer.status == status

    def test_when_it_names_the_host_then_links_lead_to_the_first(self, base_url: str) -> None:
        hosts = [("Host", "localhost:1234"), ("Host", "elsewhere.example")]

        answer, _ = send(base_url, "GET", "/v1/customer-portal/orders", *hosts)

        assert answer.getheader("Location") == "http://localhost:1234/v1/customer-portal/orders/"
