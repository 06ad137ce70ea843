"""Requests for invoices say before that they can't be undone, and after what came of them; a wrong order gets none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from contract_tests.checks.findings import CAUTION
from mock_server.testing import RunningMock
from mutants.proxy import Answer, Forward, HangUp, Request
from polar_contract.json_types import as_list, as_object
from tests.contract_tests.services import without_control_api
from tests.contract_tests.suites.live.accounts import account

_PERHAPS = "the invoice may have been made all the same; look before you ask again."
_NO_ORDER = "11111111-1111-4111-8111-111111111111"


class GivenOrdersOfTheAccount:
    def test_when_their_invoices_are_requested_then_each_is_announced_and_its_outcome_told(
        self, good_mock: RunningMock, tmp_path: Path
    ) -> None:
        names = ("for_portal_invoice", "no_billing", "invoiced")
        with account(good_mock, tmp_path, without_control_api) as live:
            result = live.run_contract("--only", "scenarios", *live.allow(*names), "--ready-within", "3")
            ready, lacking, invoiced = (live.world.ids[f"order:{name}"] for name in names)
            number = as_object(live.order("for_portal_invoice")).get("invoice_number")
        assert result.exit_code == 0, result.output
        ahead = [line for line in result.output.splitlines() if line.startswith("--allow-invoice: ")]
        assert [
            order in line and "can't be undone" in line
            for order, line in zip((ready, lacking, invoiced), ahead, strict=True)
        ] == [True] * 3
        assert f"Order {ready}: invoice {number} was issued." in result.output
        assert f"Order {lacking}: refused, 422 MissingInvoiceBillingDetails: no invoice was made." in result.output
        assert re.search(rf"Order {invoiced}: invoice \S+, issued before, was requested again\.", result.output)

    @pytest.mark.parametrize(
        ("has_answer", "said"), [(True, "answered 500"), (False, "requested, but no answer was seen")]
    )
    def test_when_a_request_fails_then_its_outcome_is_open_and_its_repetition_has_a_warning(
        self, good_mock: RunningMock, tmp_path: Path, has_answer: bool, said: str
    ) -> None:
        def layer(request: Request, forward: Forward) -> Answer:
            answer = without_control_api(request, forward)
            if not request.is_on("POST", "/invoice"):
                return answer
            if has_answer:
                return Answer(500, {"content-type": "text/plain"}, b"Internal Server Error")
            raise HangUp

        with account(good_mock, tmp_path, layer) as live:
            result = live.run_contract("--only", "scenarios", *live.allow("for_portal_invoice"))
            order = live.world.ids["order:for_portal_invoice"]
        assert result.exit_code == 1, result.output
        assert f"Order {order}: {said}: {_PERHAPS}" in result.output
        found = [as_object(one) for one in as_list(result.summary["findings"])]
        assert [str(one["reproduce"]).startswith(f"{CAUTION}curl ") for one in found] == [True] * len(found)
        assert found
        assert not re.search(r"reproduce +curl", result.output)
        assert CAUTION.strip() in result.output
        assert CAUTION.strip().replace("'", "&#x27;") in (tmp_path / "report.html").read_text("utf-8")

    def test_when_no_scenario_is_chosen_then_no_invoice_is_announced(
        self, good_mock: RunningMock, tmp_path: Path
    ) -> None:
        with account(good_mock, tmp_path, without_control_api) as live:
            arguments = ("--only", "model", "--max-examples", "1", *live.allow("for_portal_invoice"))
            result = live.run_contract(*arguments)
            assert live.sent("POST") == {}
        assert result.output.splitlines()[1].startswith("--allow-invoice: no invoice is requested")


class GivenAnOrderOfNobody:
    @pytest.mark.parametrize(
        ("order", "kind"), [("", "organization"), ("order:other", "customer")], ids=["nobody's", "another customer's"]
    )
    def test_when_its_invoice_is_allowed_then_the_run_ends_before_it_opens_a_session(
        self, good_mock: RunningMock, tmp_path: Path, order: str, kind: str
    ) -> None:
        with account(good_mock, tmp_path, without_control_api) as live:
            wrong = live.world.ids.get(order, _NO_ORDER)
            result = live.run_contract("--allow-invoice", wrong, kinds=(kind,))
            assert live.sent("POST") == {}
        assert result.exit_code == 2, result.output
        said = f"Order {wrong} is not among the account's orders (404 ResourceNotFound); no invoice was requested."
        assert result.last_line == said
