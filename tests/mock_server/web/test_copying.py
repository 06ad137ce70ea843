"""What is copied from the journal does what was done: the curl command in a shell, the test in pytest's form."""

from __future__ import annotations

import subprocess
from itertools import pairwise
from typing import Any, NamedTuple

import pytest
import requests

from mock_server.assembly import MockServer
from mock_server.cli.variables import variables
from mock_server.web.pages.copying import as_curl, as_test, token_variable
from polar_contract.json_types import JsonObject
from tests.mock_server.web.conftest import ACME, world_of

BASE = "http://127.0.0.1:8000"


def entry(**given: Any) -> JsonObject:
    headers = given.pop("headers", {"Authorization": "Bearer <customer>"})
    body = given.pop("body", None)
    answer = given.pop("answer", None)
    return {
        "method": "GET",
        "path": "/v1/orders/",
        "query": "",
        "operation": "orders:list",
        "token": "customer",
        "status": 200,
        "request": {"headers": headers, "body": body},
        "answer": {"headers": {}, "body": answer},
        **given,
    }


def arguments_of(command: str) -> list[str]:
    """What curl gets from a shell in which the token is set."""
    program = f"curl() {{ printf '%s\\0' \"$@\"; }}\n{command}"
    environment = {"POLAR_TOKEN_CUSTOMER": "polar_cst_secret", "POLAR_ACCESS_TOKEN": "polar_oat_secret"}
    done = subprocess.run(["bash", "-euc", program], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.split("\0")[:-1]


JSON = {"Authorization": "Bearer <customer>", "Content-Type": "application/json"}
HOSTILE = "$(touch x) `id` 'quoted' \"twice\" \\ $HOME\n"


class Sent(NamedTuple):
    method: str
    url: str
    headers: dict[str, str]
    body: str | None = None


AUTHORIZED = {"Authorization": "Bearer polar_cst_secret"}
REQUESTS = {
    "a read": (
        entry(query="limit=1&sorting=-created_at"),
        Sent("GET", "/v1/orders/?limit=1&sorting=-created_at", AUTHORIZED),
    ),
    "a change": (
        entry(method="PATCH", headers=JSON, body='{"billing_name": "Zoë 😀"}'),
        Sent("PATCH", "/v1/orders/", {**AUTHORIZED, "Content-Type": "application/json"}, '{"billing_name": "Zoë 😀"}'),
    ),
    "without a token": (entry(headers={}, token=None), Sent("GET", "/v1/orders/", {})),
    "an unnamed token": (
        entry(headers={"Authorization": "Bearer polar_oat_…"}, token=None),
        Sent("GET", "/v1/orders/", {"Authorization": "Bearer polar_oat_secret"}),
    ),
    "what a client adds": (
        entry(
            headers={"Host": "x", "User-Agent": "y", "Accept": "*/*", "Sec-Fetch-Mode": "cors", "Content-Length": "0"}
        ),
        Sent("GET", "/v1/orders/", {}),
    ),
    "a version": (
        entry(headers={"Polar-Version": "2026-10"}),
        Sent("GET", "/v1/orders/", {"Polar-Version": "2026-10"}),
    ),
    "an odd path": (entry(path="/v1/a b?c#é", headers={}), Sent("GET", "/v1/a%20b%3Fc%23%C3%A9", {})),
    "hostile texts": (
        entry(method="POST", query="a='b'&c=$(id)", headers={"X-Name": HOSTILE.strip()}, body=HOSTILE),
        Sent("POST", "/v1/orders/?a='b'&c=$(id)", {"X-Name": HOSTILE.strip()}, HOSTILE),
    ),
}


@pytest.mark.parametrize(("said", "wanted"), REQUESTS.values(), ids=REQUESTS)
def test_a_shell_sends_the_same_request(said: JsonObject, wanted: Sent) -> None:
    arguments = arguments_of(as_curl(said, BASE))

    pairs = list(pairwise(arguments))
    assert wanted.method == next((value for option, value in pairs if option == "-X"), "GET")
    assert BASE + wanted.url in arguments
    assert {f"{name}: {value}" for name, value in wanted.headers.items()} == {
        of for option, of in pairs if option == "-H"
    }
    assert wanted.body == next((value for option, value in pairs if option == "--data-raw"), None)


@pytest.mark.parametrize(("said", "wanted"), REQUESTS.values(), ids=REQUESTS)
def test_the_copied_test_sends_the_same_request(
    said: JsonObject, wanted: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Sent] = []

    def request(method: str, url: str, *, headers: Any = None, data: bytes | None = None, timeout: int) -> Any:
        sent.append(Sent(method, url.removeprefix(BASE), headers or {}, None if data is None else data.decode()))
        return type("Answer", (), {"status_code": 200})

    monkeypatch.setattr(requests, "request", request)
    monkeypatch.setenv("POLAR_TOKEN_CUSTOMER", "polar_cst_secret")
    monkeypatch.setenv("POLAR_ACCESS_TOKEN", "polar_oat_secret")
    monkeypatch.delenv("POLAR_SERVER_URL", raising=False)
    names: dict[str, Any] = {}

    exec(as_test(said, BASE), names)  # the whole point of what is copied
    names["test_orders_list"]()

    assert sent == [wanted]


def test_the_copied_test_expects_the_status_and_the_error() -> None:
    text = as_test(entry(status=422, answer='{"error":"NotPaidOrder","detail":"no"}'), BASE)

    assert "assert answer.status_code == 422\n" in text
    assert 'assert answer.json()["error"] == "NotPaidOrder"\n' in text


@pytest.mark.parametrize("name", ["customer", "member-plain 2", "é"])
def test_a_tokens_variable_is_the_one_that_exec_sets(server: MockServer, name: str) -> None:
    tokens = {name: {"kind": "customer_session", "customer": "main"}}
    api = world_of(server, {**ACME, "tokens": tokens})

    assert (
        variables(server.services.worlds.get(api.world["id"]), BASE)[token_variable(name)] == api.world["tokens"][name]
    )


def test_a_token_without_a_name_is_the_one_that_clients_have() -> None:
    assert token_variable(None) == "POLAR_ACCESS_TOKEN"
