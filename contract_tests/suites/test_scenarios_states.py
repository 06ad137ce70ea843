"""Scenarios for an order's status: paid late, retried, refunded in steps, set with the control API. Mock server only."""

from __future__ import annotations

from contract_tests.checks.rules import Rule
from contract_tests.suites.scenario_dsl import WHEN_PENDING_IS_REFUSED, Scenario
from contract_tests.transport.exchanges import Exchange
from polar_contract.json_types import JsonObject, as_object

_DECLINED: JsonObject = {"status": "failed", "error": "Your card was declined."}
# Longer than the mock server's payment processor takes to report a payment.
_REPORT_SECONDS = 5.0


class GivenAnOrderWhosePaymentWasDeclined:
    def test_when_it_is_paid_later_then_the_failure_is_no_longer_shown(self, scenario: Scenario) -> None:
        scenario.ask("get_payment_status", "declined", status=200, shows=_DECLINED)
        scenario.ask("get", "declined", status=200, shows={"status": "pending", "paid": False, "modified_at": None})
        scenario.move("declined", "paid")
        scenario.ask("get_payment_status", "declined", status=200, shows={"status": "succeeded", "error": None})
        scenario.ask("get", "declined", status=200, shows={"next_payment_attempt_at": None})
        _expect_changed(scenario, "declined", {"status": "paid", "paid": True})


class GivenAnOrderThatWasRefusedAnInvoice:
    @WHEN_PENDING_IS_REFUSED
    def test_when_it_is_paid_then_it_gets_one(self, scenario: Scenario) -> None:
        scenario.request_invoice("unpaid", status=422, error="NotPaidOrder")
        scenario.move("unpaid", "paid")
        scenario.request_invoice("unpaid")
        scenario.world.settle()
        scenario.download_invoice("unpaid")


class GivenAnOrderThatIsPaidOnceMore:
    def test_when_a_card_is_declined_and_the_next_one_good_then_it_is_paid_when_the_processor_says_so(
        self, scenario: Scenario
    ) -> None:
        scenario.world.hold_clock()
        _pay(scenario, "ctoken_declined", _DECLINED)
        scenario.ask("get_payment_status", "retried", status=200, shows=_DECLINED)
        _pay(scenario, "ctoken_succeeded", {"status": "succeeded", "error": None})
        scenario.ask("get_payment_status", "retried", status=200, shows={"status": "pending", "error": None})
        scenario.ask("get", "retried", status=200, shows={"status": "pending", "paid": False})
        scenario.patch("retried", billing_name="Ada Meanwhile")
        if scenario.refuses_invoice("pending"):
            scenario.request_invoice("retried", status=422, error="NotPaidOrder")
        scenario.world.advance(_REPORT_SECONDS)
        scenario.ask("get_payment_status", "retried", status=200, shows={"status": "succeeded", "error": None})
        scenario.ask(
            "get", "retried", status=200, shows={"status": "paid", "paid": True, "next_payment_attempt_at": None}
        )

    def test_when_the_card_requires_action_then_it_is_not_paid_before_that(self, scenario: Scenario) -> None:
        scenario.world.hold_clock()
        asked = _pay(scenario, "ctoken_requires_action", {"status": "requires_action", "error": None})
        if not as_object(asked.json()).get("client_secret"):
            scenario.fail(asked, Rule.CLIENT_SECRET, "a client_secret", "client_secret is null")
        scenario.world.advance(_REPORT_SECONDS)
        scenario.ask("get_payment_status", "retried", status=200, shows={"status": "pending", "error": None})
        scenario.ask("get", "retried", status=200, shows={"status": "pending", "paid": False})

    def test_when_no_attempt_is_due_then_it_is_refused(self, scenario: Scenario) -> None:
        body: JsonObject = {"confirmation_token_id": "ctoken_succeeded"}
        scenario.ask("confirm_retry_payment", "not_retried", status=422, error="OrderNotEligibleForRetry", body=body)

    def test_when_it_is_void_then_no_further_attempt_is_shown(self, scenario: Scenario) -> None:
        scenario.move("retried", "void")
        scenario.ask("get", "retried", status=200, shows={"status": "void", "next_payment_attempt_at": None})


class GivenAnOrderOfWhichAPartWasRefunded:
    def test_when_the_rest_is_refunded_then_all_of_it_is_and_no_more(self, scenario: Scenario) -> None:
        part: JsonObject = {"status": "partially_refunded", "paid": True, "refunded_amount": 1000, "modified_at": None}
        scenario.ask("get", "stepwise", status=200, shows=part)
        scenario.move("stepwise", "refunded")
        _expect_changed(scenario, "stepwise", {"status": "refunded", "paid": True, "refunded_amount": 2500})


def _pay(scenario: Scenario, token: str, outcome: JsonObject) -> Exchange:
    body: JsonObject = {"confirmation_token_id": token}
    return scenario.ask("confirm_retry_payment", "retried", status=200, body=body, shows=outcome)


def _expect_changed(scenario: Scenario, order: str, wanted: JsonObject) -> None:
    """Both sides of the API show the change."""
    shown = scenario.ask("get", order, status=200, shows=wanted)
    if as_object(shown.json()).get("modified_at") is None:
        scenario.fail(shown, Rule.CHANGE_TIMED, "modified_at is a time", "modified_at is null")
    scenario.expect_for_organization(order, {**wanted, "modified_at": as_object(shown.json())["modified_at"]})
