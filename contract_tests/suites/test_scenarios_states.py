"""Scenarios for an order's status: paid late, retried, refunded in steps, set with the control API. Mock server only."""

from __future__ import annotations

from contract_tests.checks.rules import Rule
from contract_tests.suites.scenario_dsl import WHEN_PENDING_IS_REFUSED, Story
from contract_tests.transport.exchanges import Exchange
from polar_contract.json_types import JsonObject, as_object

_DECLINED: JsonObject = {"status": "failed", "error": "Your card was declined."}
# Longer than the mock server's payment processor takes to report a payment.
_REPORT_SECONDS = 5.0


class GivenAnOrderWhosePaymentWasDeclined:
    def test_when_it_is_paid_later_then_the_failure_is_no_longer_shown(self, story: Story) -> None:
        story.ask("get_payment_status", "declined", status=200, shows=_DECLINED)
        story.ask("get", "declined", status=200, shows={"status": "pending", "paid": False, "modified_at": None})
        story.move("declined", "paid")
        story.ask("get_payment_status", "declined", status=200, shows={"status": "succeeded", "error": None})
        story.ask("get", "declined", status=200, shows={"next_payment_attempt_at": None})
        _expect_changed(story, "declined", {"status": "paid", "paid": True})


class GivenAnOrderThatWasRefusedAnInvoice:
    @WHEN_PENDING_IS_REFUSED
    def test_when_it_is_paid_then_it_gets_one(self, story: Story) -> None:
        story.request_invoice("unpaid", status=422, error="NotPaidOrder")
        story.move("unpaid", "paid")
        story.request_invoice("unpaid")
        story.world.settle()
        story.download_invoice("unpaid")


class GivenAnOrderThatIsPaidOnceMore:
    @WHEN_PENDING_IS_REFUSED
    def test_when_a_card_is_declined_and_the_next_one_good_then_it_is_paid_when_the_processor_says_so(
        self, story: Story
    ) -> None:
        story.world.hold_clock()
        _pay(story, "ctoken_declined", _DECLINED)
        story.ask("get_payment_status", "retried", status=200, shows=_DECLINED)
        _pay(story, "ctoken_succeeded", {"status": "succeeded", "error": None})
        story.ask("get_payment_status", "retried", status=200, shows={"status": "pending", "error": None})
        story.ask("get", "retried", status=200, shows={"status": "pending", "paid": False})
        story.patch("retried", billing_name="Ada Meanwhile")
        story.request_invoice("retried", status=422, error="NotPaidOrder")
        story.world.advance(_REPORT_SECONDS)
        story.ask("get_payment_status", "retried", status=200, shows={"status": "succeeded", "error": None})
        story.ask("get", "retried", status=200, shows={"status": "paid", "paid": True, "next_payment_attempt_at": None})

    def test_when_the_card_requires_action_then_it_is_not_paid_before_that(self, story: Story) -> None:
        story.world.hold_clock()
        asked = _pay(story, "ctoken_requires_action", {"status": "requires_action", "error": None})
        if not as_object(asked.json()).get("client_secret"):
            story.fail(asked, Rule.CLIENT_SECRET, "a client_secret", "client_secret is null")
        story.world.advance(_REPORT_SECONDS)
        story.ask("get_payment_status", "retried", status=200, shows={"status": "pending", "error": None})
        story.ask("get", "retried", status=200, shows={"status": "pending", "paid": False})

    def test_when_no_attempt_is_due_then_it_is_refused(self, story: Story) -> None:
        body: JsonObject = {"confirmation_token_id": "ctoken_succeeded"}
        story.ask("confirm_retry_payment", "not_retried", status=422, error="OrderNotEligibleForRetry", body=body)

    def test_when_it_is_void_then_no_further_attempt_is_shown(self, story: Story) -> None:
        story.move("retried", "void")
        story.ask("get", "retried", status=200, shows={"status": "void", "next_payment_attempt_at": None})


class GivenAnOrderOfWhichAPartWasRefunded:
    def test_when_the_rest_is_refunded_then_all_of_it_is_and_no_more(self, story: Story) -> None:
        part: JsonObject = {"status": "partially_refunded", "paid": True, "refunded_amount": 1000, "modified_at": None}
        story.ask("get", "stepwise", status=200, shows=part)
        story.move("stepwise", "refunded")
        _expect_changed(story, "stepwise", {"status": "refunded", "paid": True, "refunded_amount": 2500})


def _pay(story: Story, token: str, outcome: JsonObject) -> Exchange:
    body: JsonObject = {"confirmation_token_id": token}
    return story.ask("confirm_retry_payment", "retried", status=200, body=body, shows=outcome)


def _expect_changed(story: Story, order: str, wanted: JsonObject) -> None:
    """Both sides of the API show the change."""
    shown = story.ask("get", order, status=200, shows=wanted)
    if as_object(shown.json()).get("modified_at") is None:
        story.fail(shown, Rule.CHANGE_TIMED, "modified_at is a time", "modified_at is null")
    story.expect_for_organization(order, {**wanted, "modified_at": as_object(shown.json())["modified_at"]})
