"""A live account receives only reads and requests that it has to refuse, and a mock beside it becomes its copy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from contract_tests.config.credentials import NONSENSE_TOKENS
from contract_tests.targets.control_api import Control, World
from mock_server.testing import RunningMock
from mutants.proxy import Answer, Forward, Layer, Proxy, Request, proxy
from tests.contract_tests.tools.compare.comparing import run_compare

_PORTAL_GET = "customer_portal:orders:get"


def hiding(layer: Layer) -> Layer:
    """A mock without its control API looks like a live account."""

    def hidden(request: Request, forward: Forward) -> Answer:
        if request.path.startswith("/_mock"):
            return Answer(404, {"content-type": "application/json"}, b'{"detail":"Not Found"}')
        return layer(request, forward)

    return hidden


def good(request: Request, forward: Forward) -> Answer:
    return forward(request)


@pytest.fixture(scope="module")
def account(good_mock: RunningMock) -> Iterator[World]:
    world = Control(good_mock.base_url, lambda secret, name: None, 10.0).create_world("core", revision="0.1.0")
    yield world
    world.delete()


def _tokens(account: World, *sides: str) -> dict[str, str]:
    kinds = ("customer", "organization")
    return {f"POLAR_{side}_{kind.upper()}_TOKEN": account.tokens[kind] for side in sides for kind in kinds}


def _expect_only_refused_writes(live: Proxy) -> None:
    writes = [one for one in live.seen if one.method != "GET" and not one.path.startswith("/_mock")]
    assert {one.token for one in writes} <= {None, *NONSENSE_TOKENS.values()}
    assert writes, "refusals of writing operations are compared too"


class GivenAnAccountBesideAMock:
    def test_when_they_are_compared_then_all_answers_are_the_same_and_the_account_has_not_changed(
        self, good_mock: RunningMock, account: World
    ) -> None:
        with proxy(good_mock.base_url, hiding(good)) as live:
            arguments = ("--left", good_mock.base_url, "--right", live.base_url, "--steps", "60")
            compared = run_compare(*arguments, environment=_tokens(account, "RIGHT"))
        assert compared.exit_code == 0, compared.output
        assert "answer the same" in compared.last_line
        assert "it writes, and a live account only gets reads and refusals" in compared.output
        assert "not in the mock's copy of the account" in compared.output
        assert not [name for name, token in account.tokens.items() if token[:20] in compared.output]
        _expect_only_refused_writes(live)
        deliveries = account.control.call("GET", f"/_mock/worlds/{account.id}/deliveries")
        assert isinstance(deliveries, dict)
        assert deliveries["items"] == []

    def test_when_they_are_compared_then_no_world_is_left_on_the_mock(
        self, good_mock: RunningMock, account: World
    ) -> None:
        with proxy(good_mock.base_url, hiding(good)) as live:
            before = account.control.call("GET", "/_mock/worlds")
            arguments = ("--left", live.base_url, "--right", good_mock.base_url, "--steps", "0")
            compared = run_compare(*arguments, environment=_tokens(account, "LEFT"), table={"orders:get"})
            assert compared.exit_code == 0, compared.output
            assert account.control.call("GET", "/_mock/worlds") == before

    @pytest.mark.parametrize("kind", ["customer", "organization"])
    def test_when_only_one_kind_of_token_is_given_then_its_side_is_compared(
        self, good_mock: RunningMock, account: World, kind: str
    ) -> None:
        with proxy(good_mock.base_url, hiding(good)) as live:
            arguments = ("--left", good_mock.base_url, "--right", live.base_url, "--steps", "20")
            token = f"{kind}={account.tokens[kind]}"
            compared = run_compare(*arguments, "--token-right", token, table={"orders:get", _PORTAL_GET})
        assert compared.exit_code == 0, compared.output
        assert account.tokens[kind] in {request.token for request in live.seen}


def _renamed(request: Request, forward: Forward) -> Answer:
    answer = forward(request)
    return answer.but(body=answer.body.replace(b"ResourceNotFound", b"NotThere"))


def _moved_on(request: Request, forward: Forward) -> Answer:
    """Another name of an error, another value for customers, another shape for organizations."""
    answer = _renamed(request, forward)
    is_portal = request.path.startswith("/v1/customer-portal/")
    changes = (b'"paid":true', b'"paid":false') if is_portal else (b'"invoice_number"', b'"number"')
    return answer.but(body=answer.body.replace(*changes)) if request.method == "GET" else answer


class GivenAnAccountThatHasMovedOn:
    def test_when_it_is_compared_with_the_mock_then_it_is_found(self, good_mock: RunningMock, account: World) -> None:
        with proxy(good_mock.base_url, hiding(_moved_on)) as live:
            sides = ("--left", good_mock.base_url, "--right", live.base_url)
            tokens = _tokens(account, "RIGHT")
            compared = run_compare(*sides, "--steps", "0", environment=tokens, table={_PORTAL_GET, "orders:list"})
        assert compared.exit_code == 1, compared.output
        assert compared.found == {("error name", _PORTAL_GET), ("value", _PORTAL_GET), ("shape", "orders:list")}

    def test_when_two_accounts_are_compared_then_neither_gets_more_than_reads_and_refusals(
        self, good_mock: RunningMock, account: World
    ) -> None:
        with proxy(good_mock.base_url, hiding(good)) as left, proxy(good_mock.base_url, hiding(_renamed)) as right:
            arguments = ("--left", left.base_url, "--right", right.base_url, "--steps", "20")
            tokens, table = _tokens(account, "LEFT", "RIGHT"), {"orders:get", "orders:update"}
            compared = run_compare(*arguments, environment=tokens, table=table)
        for account_of_one in (left, right):
            _expect_only_refused_writes(account_of_one)
        assert ("error name", "orders:get") in compared.found
        assert {verdict for verdict, _ in compared.found} == {"error name"}
