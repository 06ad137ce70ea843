"""Scenarios for the version and the signature of webhooks, which an endpoint and its secret decide. Mock server only."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from contract_tests.checks.deliveries import signature_of
from contract_tests.checks.rules import Rule
from contract_tests.runner.context import RunContext
from contract_tests.suites.webhook_dsl import WebhookScenario, webhook_scenario
from contract_tests.transport.deliveries import Delivery
from polar_contract import revisions, served_beside
from polar_contract.json_types import JsonObject, as_object

WHEN_VERSIONED = pytest.mark.when({"webhook.version_header": "webhook-api-version"})
_CHOSEN = "a-secret-of-the-receivers-own-choice-for-events"
_KEYS = ["type", "timestamp", "api_version", "data"]


@WHEN_VERSIONED
class GivenAnEndpoint:
    def test_when_it_names_no_version_then_its_events_have_the_current_one(
        self, webhooks: WebhookScenario, context: RunContext
    ) -> None:
        current = context.case.contract.revision
        got = webhooks.ask("get_webhook_endpoint", status=200).get("api_version")
        if got != current:
            webhooks.fail(Rule.EVENT_VERSION, f"api_version is {current!r}", f"api_version is {got!r}")
        webhooks.patch("paid", billing_name="Ada Versioned")
        came = webhooks.expect("order.updated")[0]
        if list(came.event()) != _KEYS:
            webhooks.fail(Rule.FORMED, ", ".join(_KEYS), ", ".join(came.event()), delivery=came)

    def test_when_its_version_is_changed_then_earlier_events_keep_theirs_also_when_sent_again(
        self, webhooks: WebhookScenario, context: RunContext
    ) -> None:
        current = context.case.contract.revision
        other = next(one for one in served_beside(current, revisions()) if one != current)
        webhooks.patch("paid", billing_name="Ada Before")
        first = webhooks.expect("order.updated")[0]
        webhooks.ask("update_webhook_endpoint", status=200, body={"api_version": other})
        webhooks.patch("paid", billing_name="Ada After")
        webhooks.expect("order.updated")
        webhooks.ask("redeliver_webhook_event", status=202, on=first.event_id)
        again = webhooks.expect("order.updated")
        webhooks.expect_same_event([first, *again], Rule.REDELIVERED)
        recorded = [as_object(one.get("webhook_event")).get("api_version") for one in webhooks.listed()]
        if recorded != [current, other, current]:
            webhooks.fail(Rule.EVENT_VERSION, f"deliveries of the versions {[current, other, current]}", f"{recorded}")

    def test_when_it_is_a_channel_then_the_header_names_the_version_and_the_message_does_not(
        self, webhooks: WebhookScenario
    ) -> None:
        webhooks.patch("paid", billing_name="Ada Channel")
        for delivery in [*webhooks.arrived("discord"), *webhooks.arrived("slack")]:
            if "api_version" in delivery.event():
                webhooks.fail(Rule.CHANNEL_FORMAT, "no api_version in a message", "api_version", delivery=delivery)


@WHEN_VERSIONED
@pytest.mark.usefixtures("refused_earlier")
class GivenASecret:
    @pytest.mark.parametrize(("seconds", "is_standard"), [(-1, False), (0, True)], ids=["before", "since"])
    def test_when_it_was_generated_then_the_day_decides_how_it_signs(
        self, context: RunContext, seconds: int, is_standard: bool
    ) -> None:
        made = _day_of_change(context) + timedelta(seconds=seconds)
        with webhook_scenario(context, {"all": {"created_at": made.isoformat()}}) as webhooks:
            _expect_scheme(webhooks, is_standard=is_standard)

    @pytest.mark.parametrize(
        ("settings", "is_standard"),
        [
            ({"secret": _CHOSEN}, False),
            ({"secret": "whsec_" + "a" * 43}, False),
            ({"secret": "whsec_" + "QUJD" * 10 + "QUI="}, True),
            ({"secret": "whsec_" + "QUJD" * 10 + "QUI=", "signature": "legacy"}, False),
        ],
        ids=["chosen", "of the former form", "of the standard form", "of the standard form, declared as legacy"],
    )
    def test_when_a_document_gives_it_then_its_form_decides_unless_the_document_does(
        self, context: RunContext, settings: JsonObject, is_standard: bool
    ) -> None:
        with webhook_scenario(context, {"all": settings}) as webhooks:
            _expect_scheme(webhooks, is_standard=is_standard)

    def test_when_an_old_one_is_renewed_then_the_endpoint_moves_over(self, context: RunContext) -> None:
        made = _day_of_change(context) - timedelta(days=1)
        with webhook_scenario(context, {"all": {"created_at": made.isoformat()}}) as webhooks:
            _expect_scheme(webhooks, is_standard=False)
            webhooks.secrets["all"] = str(webhooks.ask("reset_webhook_endpoint_secret", status=200).get("secret"))
            context.case.redactor.learn(webhooks.secrets["all"], "<renewed secret>")
            _expect_scheme(webhooks, is_standard=True)

    @pytest.mark.when({"webhook.secret_can_be_sent": True})
    def test_when_a_request_chooses_it_then_it_signs_with_its_whole_text(self, webhooks: WebhookScenario) -> None:
        webhooks.secrets["all"] = _CHOSEN
        webhooks.ask("update_webhook_endpoint", status=200, body={"secret": _CHOSEN})
        _expect_scheme(webhooks, is_standard=False)

    @pytest.mark.when({"webhook.secret_can_be_sent": False})
    def test_when_a_request_sends_one_that_can_not_be_chosen_then_the_old_one_still_signs(
        self, webhooks: WebhookScenario
    ) -> None:
        shown = webhooks.ask("update_webhook_endpoint", status=200, body={"secret": _CHOSEN}).get("secret")
        if shown != webhooks.secrets["all"]:
            webhooks.fail(Rule.SECRET_RENEWED, "the secret that the endpoint had", "another secret")
        webhooks.patch("paid", billing_name="Ada Kept")
        webhooks.expect("order.updated")


def _day_of_change(context: RunContext) -> datetime:
    since = context.behaviour.webhook.standard_signing_since
    assert since is not None, "services with versions have it"
    return since


def _expect_scheme(webhooks: WebhookScenario, *, is_standard: bool) -> None:
    """The endpoint says how its secret signs, and its delivery has that one signature."""
    shown = webhooks.ask("get_webhook_endpoint", status=200).get("uses_standard_webhook_signature")
    if shown is not is_standard:
        webhooks.fail(Rule.SIGNING_SCHEME, f"uses_standard_webhook_signature is {is_standard}", f"{shown}")
    webhooks.patch("paid", billing_name="Ada Signed")
    came = webhooks.expect("order.updated")[0]
    if _signatures(came) != [signature_of(came, webhooks.secrets["all"], is_standard=is_standard)]:
        webhooks.fail(Rule.SIGNED, "one signature", f"{len(_signatures(came))} signatures", delivery=came)


def _signatures(delivery: Delivery) -> list[str]:
    return delivery.headers.get("webhook-signature", "").split()
