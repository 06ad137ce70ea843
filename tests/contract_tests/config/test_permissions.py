"""Permissions, limits, budgets and waiting: read from options, enforced exactly, with clear error messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from contract_tests.config.credentials import NONSENSE_TOKENS
from contract_tests.config.errors import CannotRun
from contract_tests.config.gaps import NotChecked
from contract_tests.config.permissions import Limits, Permissions, read_limits, read_permissions
from contract_tests.transport.budgets import Budget
from contract_tests.transport.guards import OnlyWhatIsAllowed, RefusedToSend
from contract_tests.transport.polling import wait_for

ORDER, OTHER = "3fa85f64-5717-4562-b3fc-2c963f66afa6", "11111111-1111-4111-8111-111111111111"
ALL = Permissions(writes=True, invoice_ids=(ORDER,))
PORTAL, ORGANIZATION = "/v1/customer-portal/orders", "/v1/orders"


def request(method: str, path: str) -> requests.PreparedRequest:
    return requests.Request(method, f"http://x{path}", headers={"Authorization": "Bearer polar_cst_x"}).prepare()


class GivenPermissions:
    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("PATCH", f"{PORTAL}/{ORDER}"),
            ("PATCH", f"{ORGANIZATION}/{OTHER}"),
            ("POST", f"{PORTAL}/{ORDER}/invoice"),
            ("POST", f"{ORGANIZATION}/{ORDER}/invoice"),
            ("POST", "/v1/customer-sessions/"),
        ],
    )
    def test_when_something_was_allowed_then_it_may_leave(self, method: str, path: str) -> None:
        OnlyWhatIsAllowed(ALL).check(request(method, path))

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("PATCH", f"{PORTAL}/{ORDER}/invoice"),
            ("PATCH", "/v1/customer-portal/customers/me"),
            ("PATCH", f"/v1/webhooks/endpoints/{ORDER}"),
            ("POST", f"{PORTAL}/{OTHER}/invoice"),
            ("POST", f"{PORTAL}/{ORDER}/confirm-payment"),
            # Drafts can't be deleted, and finalizing one charges the customer: no permission allows them.
            ("POST", f"{ORGANIZATION}/"),
            ("POST", f"{ORGANIZATION}"),
            ("POST", f"{ORGANIZATION}/{ORDER}/finalize"),
            ("POST", f"{ORGANIZATION}/{OTHER}/finalize"),
            ("POST", "/v1/member-sessions/"),
            ("DELETE", f"{PORTAL}/{ORDER}"),
            ("PUT", f"{PORTAL}/{ORDER}"),
            ("OPTIONS", f"{PORTAL}/{ORDER}"),
        ],
    )
    def test_when_something_else_would_be_sent_then_it_is_stopped(self, method: str, path: str) -> None:
        with pytest.raises(RefusedToSend):
            OnlyWhatIsAllowed(ALL).check(request(method, path))

    @pytest.mark.parametrize("path", [f"{ORGANIZATION}/", f"{ORGANIZATION}/{ORDER}/finalize"])
    @pytest.mark.parametrize("token", [None, *NONSENSE_TOKENS.values()])
    def test_when_a_draft_can_only_be_refused_then_the_request_leaves(self, path: str, token: str | None) -> None:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        OnlyWhatIsAllowed(Permissions()).check(requests.Request("POST", f"http://x{path}", headers=headers).prepare())

    @pytest.mark.parametrize("side", [PORTAL, ORGANIZATION])
    def test_when_a_receipt_is_read_then_it_needs_no_permission(self, side: str) -> None:
        OnlyWhatIsAllowed(Permissions(session=False)).check(request("GET", f"{side}/{ORDER}/receipt"))

    @pytest.mark.parametrize("times", [0, 1, 3])
    def test_when_an_invoice_is_allowed_n_times_then_n_requests_are_sent_from_either_side(self, times: int) -> None:
        guard = OnlyWhatIsAllowed(Permissions(invoice_ids=(ORDER,) * times))
        sides = [PORTAL, ORGANIZATION] * 2
        for side in sides[:times]:
            guard.check(request("POST", f"{side}/{ORDER}/invoice"))
        for side in (PORTAL, ORGANIZATION):
            with pytest.raises(RefusedToSend):
                guard.check(request("POST", f"{side}/{ORDER}/invoice"))

    @pytest.mark.parametrize(("method", "path"), [("PATCH", f"{PORTAL}/{ORDER}"), ("POST", "/v1/customer-sessions/")])
    def test_when_nothing_was_allowed_then_nothing_leaves(self, method: str, path: str) -> None:
        with pytest.raises(RefusedToSend):
            OnlyWhatIsAllowed(Permissions(session=False)).check(request(method, path))

    @pytest.mark.parametrize("spelling", [ORDER, ORDER.upper(), f" {ORDER} ", ORDER.replace("-", "")])
    def test_when_an_id_is_spelled_otherwise_then_it_is_the_same_order(self, spelling: str) -> None:
        read = read_permissions(writes=False, invoice_ids=[spelling], downloads=False, session=True)
        assert read.invoice_ids == (ORDER,)

    @pytest.mark.parametrize("text", ["", "all", "*", f"{ORDER}0"])
    def test_when_an_id_is_none_then_a_sentence_says_so(self, text: str) -> None:
        with pytest.raises(CannotRun, match="--allow-invoice"):
            read_permissions(writes=False, invoice_ids=[text], downloads=False, session=True)


class GivenLimits:
    @pytest.mark.parametrize(
        ("name", "value", "option"),
        [
            ("requests_per_minute", 0, "--requests-per-minute"),
            ("max_requests", 9, "--max-requests"),
            ("max_seconds", 0.0, "--max-time"),
            ("max_seconds", float("nan"), "--max-time"),
            ("ready_within_seconds", -1.0, "--ready-within"),
            ("ready_within_seconds", float("inf"), "--ready-within"),
        ],
    )
    def test_when_a_limit_makes_no_sense_then_the_option_is_named(self, name: str, value: Any, option: str) -> None:
        usual: dict[str, Any] = {
            "requests_per_minute": None,
            "max_requests": None,
            "max_seconds": None,
            "ready_within_seconds": 1.0,
        }
        with pytest.raises(CannotRun, match=option):
            read_limits(**{**usual, name: value})


class GivenABudget:
    @pytest.mark.parametrize("limits", [Limits(max_requests=2), Limits(max_seconds=3.0)])
    def test_when_it_is_spent_then_checks_are_left_out_but_what_has_to_be_done_is_done(self, limits: Limits) -> None:
        now = iter(range(100))
        budget = Budget(limits, clock=lambda: float(next(now)))
        budget.spend()
        budget.spend()
        with pytest.raises(NotChecked, match="--max-"):
            budget.spend()
        assert budget.is_spent
        with budget.suspended():
            budget.spend()

    def test_when_more_is_needed_than_is_left_then_it_is_not_begun(self) -> None:
        budget = Budget(Limits(max_requests=10))
        budget.require(10)
        with pytest.raises(NotChecked):
            budget.require(11)


class GivenSomethingThatComesEventually:
    @pytest.mark.parametrize(
        ("comes_after", "within", "is_found"), [(0.0, 5.0, True), (4.9, 5.0, True), (9.0, 5.0, False)]
    )
    def test_when_it_is_waited_for_then_it_is_found_if_it_comes_in_time(
        self, comes_after: float, within: float, is_found: bool
    ) -> None:
        now, asked = [0.0], [0]

        def ask() -> str | None:
            asked[0] += 1
            return "here" if now[0] >= comes_after else None

        sleep: Callable[[float], None] = lambda seconds: now.__setitem__(0, now[0] + seconds)  # noqa: E731
        found = wait_for(ask, within, clock=lambda: now[0], sleep=sleep)
        assert (found == "here") is is_found
        assert now[0] <= within
        assert asked[0] <= 8
