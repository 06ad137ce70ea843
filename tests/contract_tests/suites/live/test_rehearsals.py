"""A mock that is tested as if it were a live account: same requests, limits and reports, no use of its control API."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from contract_tests.config.settings import Settings
from contract_tests.targets.open import pace_of
from mock_server.testing import RunningMock
from mutants.proxy import Request, proxy
from polar_contract.json_types import as_object
from tests.contract_tests.running import run_contract
from tests.contract_tests.services import without_control_api
from tests.contract_tests.suites.live.accounts import account

_QUICKLY = ("--requests-per-minute", "60000")
# An order of the demo world, with which the bundled mock starts.
_DEMO_ORDER = "ed12e160-a4cf-4c9b-9fdb-a2631871aa88"


class GivenAMockAtABaseUrl:
    def test_when_it_is_tested_as_live_then_it_gets_what_a_live_account_gets(
        self, good_mock: RunningMock, tmp_path: Path
    ) -> None:
        checks = ("--only", "scenarios", "--only", "model", "--max-requests", "80")
        with account(good_mock, tmp_path / "live", without_control_api) as hidden:
            live = hidden.run_contract(*checks, kinds=("organization",))
        with account(good_mock, tmp_path, lambda request, forward: forward(request)) as front:
            rehearsed = front.run_contract(*checks, "--as-live", *_QUICKLY, kinds=("organization",))
        assert rehearsed.exit_code == 0, rehearsed.output
        assert live.exit_code == 0, live.output
        assert not [one.path for one in front.seen if one.path.startswith("/_mock")]
        asked = [one for one in hidden.seen if not one.path.startswith("/_mock")]
        assert _methods(front.seen) == _methods(asked)
        assert as_object(rehearsed.summary["target"])["kind"] == "live"
        assert rehearsed.summary["not_checked"] == live.summary["not_checked"]

    def test_when_no_token_is_given_then_it_is_reported_and_nothing_is_sent(
        self, good_mock: RunningMock, tmp_path: Path
    ) -> None:
        with proxy(good_mock.base_url, lambda request, forward: forward(request)) as front:
            allowed = ("--allow-writes", "--allow-invoice", _DEMO_ORDER)
            result = run_contract(tmp_path, "--base-url", front.base_url, "--as-live", *allowed)
        assert result.exit_code == 2, result.output
        assert "No token was given" in result.last_line
        assert front.seen == []


class GivenTheBundledMock:
    def test_when_an_invoice_of_its_demo_account_is_allowed_then_it_is_made_with_a_token_of_this_account(
        self, tmp_path: Path
    ) -> None:
        allowed = ("--allow-invoice", _DEMO_ORDER, "--follow-downloads", "--workers", "2")
        result = run_contract(tmp_path, "--as-live", *_QUICKLY, "--only", "scenarios", *allowed)
        assert result.exit_code == 0, result.output
        target = as_object(result.summary["target"])
        assert target["kind"] == "live"
        assert str(target["account"]).startswith("orders seen: 12;")
        assert "polar_oat_" not in result.output.replace("polar_oat_Nonsense", "")
        reached = (tmp_path / "exchanges.har").read_text("utf-8")
        assert f"/orders/{_DEMO_ORDER}/invoice" in reached


@pytest.mark.parametrize(
    ("base_url", "as_live", "pace"),
    [
        (None, False, 60_000),
        (None, True, 80),
        ("http://127.0.0.1:9", False, 60_000),
        ("http://127.0.0.1:9", True, 80),
        ("https://sandbox-api.polar.sh", False, 80),
        ("https://sandbox-api.polar.sh", True, 80),
    ],
)
def test_a_rehearsal_has_the_pace_of_a_live_run(base_url: str | None, as_live: bool, pace: int) -> None:
    assert pace_of(Settings(base_url=base_url, as_live=as_live), base_url) == pace


def _methods(sent: list[Request]) -> Counter[tuple[str, bool]]:
    """How often each method was sent, with a token and without."""
    return Counter((one.method, one.token is not None) for one in sent)
