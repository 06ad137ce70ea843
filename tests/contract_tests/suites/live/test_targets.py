"""A live account is never changed: only reads and refused requests, only to its own host, and no token in any report."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
import requests

from contract_tests.config.credentials import NONSENSE_TOKENS
from contract_tests.config.gaps import NotChecked
from contract_tests.config.permissions import DEFAULT_PERMISSIONS, Limits
from contract_tests.transport.budgets import Budget
from contract_tests.transport.guards import OnlyWhatIsAllowed, Paced, RateLimited, RefusedToSend
from mock_server.testing import RunningMock
from mutants.proxy import Answer, Forward, Request
from polar_contract.json_types import as_list, as_object
from tests.contract_tests.running import run_contract
from tests.contract_tests.services import without_control_api
from tests.contract_tests.suites.live.accounts import account


class GivenTheGuard:
    @pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE", "PUT", "OPTIONS", "HEAD"])
    def test_when_a_valid_token_would_be_sent_with_anything_but_get_then_it_is_stopped(self, method: str) -> None:
        request = requests.Request(
            method, "http://x/", headers={"Authorization": f"Bearer polar_cst_{uuid.uuid4().hex}"}
        )
        with pytest.raises(RefusedToSend):
            OnlyWhatIsAllowed(DEFAULT_PERMISSIONS).check(request.prepare())

    @pytest.mark.parametrize("authorization", [None, *(f"Bearer {token}" for token in NONSENSE_TOKENS.values())])
    def test_when_the_request_has_to_be_refused_then_it_may_leave(self, authorization: str | None) -> None:
        headers = {"Authorization": authorization} if authorization else {}
        OnlyWhatIsAllowed(DEFAULT_PERMISSIONS).check(requests.Request("POST", "http://x/", headers=headers).prepare())


class GivenAPace:
    def test_when_requests_follow_each_other_then_they_are_evenly_spaced(self) -> None:
        slept: list[float] = []
        pace = Paced(60, clock=lambda: 100.0, sleep=slept.append)
        for _ in range(3):
            pace.wait()
        assert slept == [1.0, 2.0]

    def test_when_the_target_limits_the_rate_then_a_request_is_retried_at_most_twice(self) -> None:
        slept: list[float] = []
        pace = Paced(60, clock=lambda: 100.0, sleep=slept.append)
        answer = requests.Response()
        answer.status_code = 429
        answer.headers["Retry-After"] = "7"
        pace.wait()
        assert [pace.should_retry(answer, lambda seconds: None) for _ in range(3)] == [True, True, False]
        assert slept == [7.0, 7.0]

    def test_when_a_mock_is_tested_slowly_then_an_expected_429_is_not_retried(
        self, good_mock: RunningMock, tmp_path: Path
    ) -> None:
        limits = ("--requests-per-minute", "60000", "--max-time", "30", "--max-requests", "100")
        result = run_contract(tmp_path, "--base-url", good_mock.base_url, "--only", "core", *limits)
        assert result.exit_code == 0, result.output
        assert "--max-time" not in str(result.summary["not_checked"])
        assert '"status": 429' in (tmp_path / "exchanges.har").read_text("utf-8")

    def test_when_a_live_target_still_limits_the_rate_then_the_run_ends(self) -> None:
        pace = Paced(60, is_last_word=False, clock=lambda: 100.0, sleep=lambda seconds: None)
        answer = requests.Response()
        answer.status_code = 429
        pace.wait()
        assert [pace.should_retry(answer, lambda seconds: None) for _ in range(2)] == [True, True]
        with pytest.raises(RateLimited):
            pace.should_retry(answer, lambda seconds: None)

    def test_when_the_wait_exceeds_the_time_left_then_it_is_skipped_and_no_request_is_sent(
        self,
    ) -> None:
        slept: list[float] = []
        budget = Budget(Limits(max_seconds=30.0), clock=lambda: 100.0)
        pace = Paced(60, clock=lambda: 100.0, sleep=slept.append)
        answer = requests.Response()
        answer.status_code = 429
        answer.headers["Retry-After"] = "31"
        with pytest.raises(NotChecked):
            pace.should_retry(answer, budget.require_seconds)
        with pytest.raises(NotChecked):
            budget.spend()
        assert slept == []


class GivenALiveAccountThatLimitsRequestsForGood:
    def test_when_it_is_tested_then_no_violation_is_reported(self, good_mock: RunningMock, tmp_path: Path) -> None:
        answered = [0]

        def layer(request: Request, forward: Forward) -> Answer:
            answered[0] += 1
            return without_control_api(request, forward) if answered[0] < 40 else Answer(429, {"retry-after": "0"}, b"")

        with account(good_mock, tmp_path, layer) as live:
            result = live.run_contract("--only", "core", kinds=("customer",))
        assert result.exit_code == 2, result.output
        assert "still answers 429" in result.last_line
        assert {"reason": "checks: not reached: the run ended early"}.items() <= as_object(
            as_list(result.summary["not_checked"])[-1]
        ).items()
