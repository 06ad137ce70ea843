"""Scenarios for failing receivers: how often a delivery is retried, and what a failing receiver delays. Mock server only."""

from __future__ import annotations

import pytest

from contract_tests.checks.rules import Rule
from contract_tests.suites.webhook_dsl import WebhookScenario, for_all_endpoints
from contract_tests.transport.deliveries import Delivery
from contract_tests.transport.polling import wait_for

# Source: facts of the service: events are sent by a background job, and wait only for earlier events of the same endpoint.
_SOON_SECONDS = 10.0
# More than the longest pause between two attempts. Source: 1 to 2 seconds in April 2026.
_PAUSE_SECONDS = 30.0


class GivenAReceiverThatFails:
    @pytest.mark.parametrize("status", [500, 307, 404, 410])
    def test_when_it_refuses_at_first_then_the_same_event_comes_again_until_it_is_taken(
        self, webhooks: WebhookScenario, status: int
    ) -> None:
        webhooks.scenario.world.hold_clock()
        webhooks.patch("paid", billing_name="Ada Again")
        webhooks.receiver.statuses.extend(for_all_endpoints(status))
        attempts = webhooks.arrived(settled=False)
        for _ in range(3):
            webhooks.scenario.world.advance(_PAUSE_SECONDS)
            attempts += webhooks.arrived(settled=False)
        attempts += webhooks.arrived()
        if [one.answered for one in attempts] != [status, 200]:
            answered = ", ".join(str(one.answered) for one in attempts)
            webhooks.fail(Rule.RETRIED, f"two attempts, answered {status} and 200", f"attempts answered {answered}")
        webhooks.expect_same_event(attempts, Rule.RETRIED)
        self._expect_records(webhooks, status)

    def _expect_records(self, webhooks: WebhookScenario, status: int) -> None:
        got = [(one.get("http_code"), one.get("succeeded"), one.get("response")) for one in webhooks.listed()]
        expected = [(200, True, "ok"), (status, False, "ok")]
        if got != expected:
            webhooks.fail(Rule.DELIVERIES, f"{expected}", f"{got}")
        webhooks.expect_outcome(succeeded=True, last_code=200)

    def test_when_it_is_switched_off_between_two_attempts_then_nothing_more_comes(
        self, webhooks: WebhookScenario
    ) -> None:
        webhooks.scenario.world.hold_clock()
        webhooks.receiver.statuses.extend(for_all_endpoints(500))
        webhooks.patch("paid", billing_name="Ada Skipped")
        webhooks.scenario.world.advance(0)
        first = webhooks.arrived(settled=False)
        if len(first) != 1:
            webhooks.fail(Rule.RETRIED, "one attempt now and the next one later", f"{len(first)} attempts")
        webhooks.expect_outcome(succeeded=None, last_code=500)
        webhooks.ask("update_webhook_endpoint", status=200, body={"enabled": False})
        webhooks.expect_nothing()
        webhooks.expect_outcome(succeeded=None, last_code=500, is_skipped=True)
        webhooks.ask("redeliver_webhook_event", status=202, on=first[0].event_id)
        webhooks.expect_nothing()

    def test_when_it_refuses_for_good_then_ten_attempts_are_made_and_the_next_event_comes_all_the_same(
        self, webhooks: WebhookScenario
    ) -> None:
        _leave_one_endpoint(webhooks)
        attempts = _refused_event(webhooks, "Ada Refused")
        webhooks.expect_same_event(attempts, Rule.RETRIED)
        codes = [one.get("http_code") for one in webhooks.listed()]
        if codes != [500] * webhooks.rules.most_attempts:
            webhooks.fail(Rule.DELIVERIES, f"{webhooks.rules.most_attempts} deliveries answered 500", f"{codes}")
        webhooks.expect_outcome(succeeded=False, last_code=500)
        self._expect_one_more_attempt(webhooks, attempts[0].event_id)
        webhooks.patch("paid", billing_name="Ada Taken")
        webhooks.expect("order.updated")

    def _expect_one_more_attempt(self, webhooks: WebhookScenario, event_id: str) -> None:
        """A redelivery after the last attempt makes one attempt only, even if it fails."""
        webhooks.receiver.statuses.append(500)
        webhooks.ask("redeliver_webhook_event", status=202, on=event_id)
        answered = [one.answered for one in webhooks.arrived()]
        if answered != [500]:
            webhooks.fail(Rule.RETRIED, "one more attempt", f"attempts answered {answered}")

    def test_when_ten_events_in_a_row_fail_then_it_is_switched_off_and_not_before(
        self, webhooks: WebhookScenario
    ) -> None:
        _leave_one_endpoint(webhooks)
        _refused_event(webhooks, "Ada 0")
        # One accepted event resets the count of failed events.
        webhooks.patch("paid", billing_name="Ada Taken")
        webhooks.expect("order.updated")
        for number in range(1, webhooks.rules.failed_events_before_disabling + 1):
            _refused_event(webhooks, f"Ada {number}")
            is_enabled = webhooks.ask("get_webhook_endpoint", status=200).get("enabled")
            if is_enabled is not (number < webhooks.rules.failed_events_before_disabling):
                webhooks.fail(
                    Rule.DISABLED,
                    f"enabled is {not is_enabled} after {number} failed events",
                    f"enabled is {is_enabled}",
                )
        webhooks.patch("paid", billing_name="Ada Off")
        webhooks.expect_nothing()


class GivenAReceiverThatDoesNotRespond:
    def test_when_billing_is_changed_then_the_answer_does_not_wait_for_it(self, webhooks: WebhookScenario) -> None:
        with webhooks.receiver.no_response("/all"):
            webhooks.patch("paid", billing_name="Ada Unheard")
        if webhooks.receiver.has_timed_out:
            webhooks.fail(
                Rule.NOT_BLOCKED,
                "an answer while a receiver does not respond",
                "an answer after the receiver responded",
            )
        webhooks.expect("order.updated")

    def test_when_another_endpoint_wants_the_event_then_it_does_not_wait_either(
        self, webhooks: WebhookScenario
    ) -> None:
        with webhooks.receiver.no_response("/all"):
            webhooks.move("pending", "paid")
            wait_for(lambda: _came_to(webhooks, "/paid_only") or None, _SOON_SECONDS)
        if webhooks.receiver.has_timed_out or not _came_to(webhooks, "/paid_only"):
            webhooks.fail(
                Rule.NOT_BLOCKED,
                "order.paid at one endpoint while another does not respond",
                "no event before the other responded",
            )
        webhooks.expect("order.updated", "order.paid")


class GivenAReceiverWithAnEmptyResponse:
    def test_when_it_answers_204_then_the_event_is_delivered(self, webhooks: WebhookScenario) -> None:
        webhooks.receiver.statuses.extend(for_all_endpoints(204))
        webhooks.patch("paid", billing_name="Ada Quiet")
        webhooks.expect("order.updated")
        got = [(one.get("http_code"), one.get("succeeded")) for one in webhooks.listed()]
        if got != [(204, True)]:
            webhooks.fail(Rule.DELIVERIES, "one delivery, answered 204, that succeeded", f"{got}")


def _came_to(webhooks: WebhookScenario, path: str) -> list[Delivery]:
    return [one for one in webhooks.receiver.deliveries if one.path == path]


def _leave_one_endpoint(webhooks: WebhookScenario) -> None:
    for name in ("discord", "slack", "paid_only"):
        webhooks.ask("delete_webhook_endpoint", status=204, on=name)


def _refused_event(webhooks: WebhookScenario, name: str) -> list[Delivery]:
    """Cause one event and refuse every attempt. Returns all attempts."""
    webhooks.receiver.statuses.extend([500] * webhooks.rules.most_attempts)
    webhooks.patch("paid", billing_name=name)
    attempts = webhooks.arrived()
    if [one.answered for one in attempts] != [500] * webhooks.rules.most_attempts:
        answered = ", ".join(str(one.answered) for one in attempts)
        webhooks.fail(
            Rule.RETRIED, f"{webhooks.rules.most_attempts} attempts, each answered 500", f"attempts answered {answered}"
        )
    return attempts
