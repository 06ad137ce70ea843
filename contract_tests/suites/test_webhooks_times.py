"""Scenario for the timestamps of later attempts: a retry and a redelivery after time has passed. Mock server only.

This file runs last of the webhook files: the event was refused at the start of the first one, and signed timestamps have
a resolution of one second.
"""

from __future__ import annotations

import time

from contract_tests.checks.rules import Rule
from contract_tests.suites.webhook_dsl import WebhookScenario
from contract_tests.transport.deliveries import Delivery
from contract_tests.transport.polling import wait_for

_LONGEST_WAIT_SECONDS = 2.0


class GivenAnEventThatWasRefusedAWhileAgo:
    def test_when_it_is_sent_again_then_each_attempt_has_its_own_time(self, refused_earlier: WebhookScenario) -> None:
        refused_earlier.last = refused_earlier.scenario.ask("get", "spare", status=200)
        first = _one(refused_earlier, refused_earlier.arrived(settled=False))
        _let_a_second_pass(first)
        again = _one(refused_earlier, refused_earlier.arrived())
        refused_earlier.ask("redeliver_webhook_event", status=202, on=first.event_id)
        once_more = _one(refused_earlier, refused_earlier.arrived())
        for later in (again, once_more):
            if _signed_time(later) <= _signed_time(first):
                refused_earlier.fail(
                    Rule.SIGNED_ANEW,
                    f"webhook-timestamp after {_signed_time(first)}, that of the first attempt",
                    f"{_signed_time(later)}",
                    delivery=later,
                )


def _one(webhooks: WebhookScenario, came: list[Delivery]) -> Delivery:
    if len(came) != 1:
        webhooks.fail(Rule.ANNOUNCED, "one attempt", f"{len(came)} attempts")
    return came[0]


def _let_a_second_pass(since: Delivery) -> None:
    wait_for(lambda: time.time() - since.received_at > 1.0 or None, _LONGEST_WAIT_SECONDS)


def _signed_time(delivery: Delivery) -> int:
    return int(delivery.headers["webhook-timestamp"])
