"""A server may close a connection after any answer without notice. No command reports that as a violation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from contract_tests.checks.rules import Rule
from contract_tests.config.credentials import Kind
from contract_tests.config.settings import Settings
from contract_tests.runner.context import RunContext, prepare_case
from contract_tests.suites.properties import check_operation
from contract_tests.targets.control_api import Control, World
from contract_tests.targets.open import open_target
from mock_server.testing import RunningMock
from mutants.proxy import Answer, Forward, HangUp, Request, proxy
from polar_contract import Contract
from polar_contract.json_types import as_list, as_object
from tests.contract_tests.running import run_contract
from tests.contract_tests.services import quick_world, without_control_api
from tests.contract_tests.tools.capture.copies import captured, document_in
from tests.contract_tests.tools.compare.comparing import run_compare


def _hanging_up(request: Request, forward: Forward) -> Answer:
    return forward(request).but(hangs_up=True)


def _hanging_up_live(request: Request, forward: Forward) -> Answer:
    return without_control_api(request, forward).but(hangs_up=True)


@pytest.fixture
def account(good_mock: RunningMock) -> Iterator[World]:
    world = Control(good_mock.base_url, lambda secret, name: None, 10.0).create_world("core", revision="0.1.0")
    yield world
    world.delete()


def _tokens(world: World) -> dict[str, str]:
    kinds = (Kind.CUSTOMER, Kind.ORGANIZATION)
    return {f"POLAR_{kind.upper()}_TOKEN": world.tokens[kind] for kind in kinds}


class GivenAServerThatHangsUpAfterEveryAnswer:
    def test_when_it_is_tested_then_no_violation_is_found(self, good_mock: RunningMock, tmp_path: Path) -> None:
        with proxy(good_mock.base_url, _hanging_up) as server:
            result = run_contract(tmp_path, "--base-url", server.base_url, "--only", "webhooks")
        assert result.exit_code == 0, result.output

    def test_when_requests_are_generated_then_no_violation_is_found(
        self, good_mock: RunningMock, contract: Contract
    ) -> None:
        with proxy(good_mock.base_url, _hanging_up) as server:
            case = prepare_case(Settings(base_url=server.base_url, max_examples=1), contract)
            opened = open_target(case.settings, case.operations, ledger=case.ledger, learn=case.redactor.learn)
            with opened as target, target.fixtures("core", "members") as fixtures:
                for name in ("orders:list", "orders:generate_invoice"):
                    check_operation(RunContext(case, target), fixtures, case.operations.by_id[name])
        assert len(server.seen) > 100

    def test_when_it_is_a_live_account_then_no_violation_is_found(self, good_mock: RunningMock, tmp_path: Path) -> None:
        with (
            quick_world(good_mock, reissue="as-documented") as account,
            proxy(good_mock.base_url, _hanging_up_live) as server,
        ):
            allowed = ("--allow-writes", "--allow-invoice", account.ids["order:paid"], "--follow-downloads")
            arguments = ("--base-url", server.base_url, "--only", "scenarios", *allowed)
            result = run_contract(tmp_path, *arguments, environment=_tokens(account))
        assert result.exit_code == 0, result.output
        asked = [one for one in server.seen if one.token in account.tokens.values() and one.is_on("POST", "/invoice")]
        assert len(asked) == 1

    def test_when_it_is_compared_then_it_answers_the_same(self, good_mock: RunningMock) -> None:
        with proxy(good_mock.base_url, _hanging_up) as server:
            sides = ("--left", good_mock.base_url, "--right", server.base_url)
            compared = run_compare(*sides, "--steps", "30", "--no-checks", table={"orders:update", "orders:list"})
        assert compared.exit_code == 0, compared.output

    def test_when_it_is_copied_then_the_copy_is_made(self, good_mock: RunningMock, account: World) -> None:
        with proxy(good_mock.base_url, _hanging_up_live) as server:
            tokens = {str(kind): account.tokens[kind] for kind in (Kind.CUSTOMER, Kind.ORGANIZATION)}
            copy = document_in(captured(server.base_url, tokens))
        assert len(as_object(copy["orders"])) > 5


_DROPPED = {
    ("GET", "/payment-status"): "customer_portal:orders:get_payment_status",
    ("POST", "/invoice"): "customer_portal:orders:generate_invoice",
}


def _dropping_some_and_failing(request: Request, forward: Forward) -> Answer:
    if request.token is not None and any(request.is_on(*one) for one in _DROPPED):
        raise HangUp
    if not request.path.startswith("/v1/"):
        return forward(request)
    return Answer(500, {"content-type": "text/plain"}, b"Internal Server Error", hangs_up=True)


class GivenAServerThatDropsSomeRequestsAndHangsUpAfterItsFailures:
    def test_when_hundreds_of_requests_fail_then_only_those_dropped_got_no_answer_and_findings_say_how_to_repeat_them(
        self, good_mock: RunningMock, tmp_path: Path
    ) -> None:
        with proxy(good_mock.base_url, _dropping_some_and_failing) as server:
            some = ("--only", "core", "--max-requests", "250")
            result = run_contract(tmp_path, "--base-url", server.base_url, *some)
        assert result.exit_code == 1, result.output
        assert len(server.seen) > 200
        assert Rule.NO_FAILURE in {rule for rule, _ in result.findings()}
        no_response = [
            one for one in map(as_object, as_list(result.summary["findings"])) if one["rule_id"] == Rule.COMPLETE.id
        ]
        assert {one["operation_id"] for one in no_response} == {*_DROPPED.values()}
        for one in no_response:
            assert f"Authorization: Bearer {one['credential']}" in str(one["reproduce"])
            assert "(no complete answer)" in str(one["exchange"])
        of_customers = {one["operation_id"] for one in no_response if one["credential"] == "<customer token>"}
        assert of_customers == {*_DROPPED.values()}
