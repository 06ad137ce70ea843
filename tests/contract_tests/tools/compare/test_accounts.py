"""A live account receives only reads and requests that it has to refuse, and a mock beside it becomes its copy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from contract_tests.config.credentials import NONSENSE_TOKENS
from contract_tests.targets.control_api import Control, World
from mock_server.testing import RunningMock
from mutants.proxy import Answer, Forward, Layer, Proxy, Request, proxy
from tests.contract_tests.tools.compare.comparing import Compared, run_compare


def hiding(layer: Layer) -> Layer:
    """A mock without its control API looks like a live account."""

    def hidden(request: Request, forward: Forward) -> Answer:
        if request.path.startswith("/_mock"):
            return Answer(404, {"content-type": "application/json"}, b'{"detail":"Not Found"}')
        return layer(request, forward)

    return hidden


def good(request: Request, forward: Forward) -> Answer:
    return forward(request)


@dataclass(frozen=True, slots=True)
class LiveRun:
    compared: Compared
    seen: list[Request]
    world: World


@pytest.fixture(scope="module")
def account(good_mock: RunningMock) -> Iterator[World]:
    world = Control(good_mock.base_url, lambda secret, name: None, 10.0).create_world("core", revision="0.1.0")
    yield world
    world.delete()


def _tokens(account: World, *sides: str) -> dict[str, str]:
    kinds = ("customer", "organization")
    return {f"POLAR_{side}_{kind.upper()}_TOKEN": account.tokens[kind] for side in sides for kind in kinds}


@pytest.fixture(scope="module")
def beside_a_mock(good_mock: RunningMock, account: World) -> Iterator[LiveRun]:
    with proxy(good_mock.base_url, hiding(good)) as live:
        arguments = ("--left", good_mock.base_url, "--right", live.base_url, "--steps", "60")
        compared = run_compare(*arguments, environment=_tokens(account, "RIGHT"))
        yield LiveRun(compared, _of_the_api(live), account)


def _of_the_api(live: Proxy) -> list[Request]:
    return [request for request in live.seen if not request.path.startswith("/_mock")]


class GivenAnAccountBesideAMock:
    def test_when_they_are_compared_then_only_reads_and_refusals_went_to_the_account(
        self, beside_a_mock: LiveRun
    ) -> None:
        writes = [one for one in beside_a_mock.seen if one.method != "GET"]
        assert {one.token for one in writes} <= {None, *NONSENSE_TOKENS.values()}
        assert writes, "refusals of writing operations are compared too"

    def test_when_they_are_compared_then_nothing_has_changed(self, beside_a_mock: LiveRun) -> None:
        world = beside_a_mock.world
        deliveries = world.control.call("GET", f"/_mock/worlds/{world.id}/deliveries")
        assert isinstance(deliveries, dict)
        assert deliveries["items"] == []

    def test_when_the_account_is_as_the_mock_then_all_answers_are_the_same(self, beside_a_mock: LiveRun) -> None:
        assert beside_a_mock.compared.exit_code == 0, beside_a_mock.compared.output
        assert "answer the same" in beside_a_mock.compared.last_line

    def test_when_they_are_compared_then_what_is_left_out_is_reported(self, beside_a_mock: LiveRun) -> None:
        assert "it writes, and a live account only gets reads and refusals" in beside_a_mock.compared.output
        assert "not in the mock's copy of the account" in beside_a_mock.compared.output

    def test_when_they_are_compared_then_no_world_is_left_on_the_mock(
        self, good_mock: RunningMock, account: World
    ) -> None:
        with proxy(good_mock.base_url, hiding(good)) as live:
            before = account.control.call("GET", "/_mock/worlds")
            arguments = ("--left", live.base_url, "--right", good_mock.base_url, "--steps", "0")
            compared = run_compare(*arguments, environment=_tokens(account, "LEFT"))
            assert compared.exit_code == 0, compared.output
            assert account.control.call("GET", "/_mock/worlds") == before

    @pytest.mark.parametrize("kind", ["customer", "organization"])
    def test_when_only_one_kind_of_token_is_given_then_its_side_is_compared(
        self, good_mock: RunningMock, account: World, kind: str
    ) -> None:
        with proxy(good_mock.base_url, hiding(good)) as live:
            arguments = ("--left", good_mock.base_url, "--right", live.base_url, "--steps", "20")
            compared = run_compare(*arguments, "--token-right", f"{kind}={account.tokens[kind]}")
        assert compared.exit_code == 0, compared.output
        assert account.tokens[kind] in {request.token for request in live.seen}

    def test_when_they_are_compared_then_no_token_is_printed(self, beside_a_mock: LiveRun) -> None:
        output = beside_a_mock.compared.output
        assert not [name for name, token in beside_a_mock.world.tokens.items() if token[:20] in output]


def _renamed(request: Request, forward: Forward) -> Answer:
    answer = forward(request)
    return answer.but(body=answer.body.replace(b"ResourceNotFound", b"NotThere"))


def _unpaid(request: Request, forward: Forward) -> Answer:
    answer = forward(request)
    return answer.but(body=answer.body.replace(b'"paid":true', b'"paid":false')) if request.method == "GET" else answer


def _nameless(request: Request, forward: Forward) -> Answer:
    answer = forward(request)
    return answer.but(body=answer.body.replace(b'"invoice_number"', b'"number"'))


class GivenAnAccountThatHasMovedOn:
    @pytest.mark.parametrize(
        ("layer", "found"),
        [
            (_renamed, ("error name", "customer_portal:orders:get")),
            (_unpaid, ("value", "customer_portal:orders:get")),
            (_nameless, ("shape", "orders:list")),
        ],
    )
    def test_when_it_is_compared_with_the_mock_then_it_is_found(
        self, good_mock: RunningMock, account: World, layer: Layer, found: tuple[str, str]
    ) -> None:
        with proxy(good_mock.base_url, hiding(layer)) as live:
            arguments = ("--left", good_mock.base_url, "--right", live.base_url, "--steps", "0")
            compared = run_compare(*arguments, environment=_tokens(account, "RIGHT"))
        assert compared.exit_code == 1, compared.output
        assert found in compared.found

    def test_when_two_accounts_are_compared_then_neither_gets_more_than_reads_and_refusals(
        self, good_mock: RunningMock, account: World
    ) -> None:
        with proxy(good_mock.base_url, hiding(good)) as left, proxy(good_mock.base_url, hiding(_renamed)) as right:
            arguments = ("--left", left.base_url, "--right", right.base_url, "--steps", "20")
            compared = run_compare(*arguments, environment=_tokens(account, "LEFT", "RIGHT"))
        writes = [one for one in (*_of_the_api(left), *_of_the_api(right)) if one.method != "GET"]
        assert {one.token for one in writes} <= {None, *NONSENSE_TOKENS.values()}
        assert ("error name", "orders:get") in compared.found
        assert {verdict for verdict, _ in compared.found} == {"error name"}
