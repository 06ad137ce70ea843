"""Scenarios for customer.updated: one event for each change, with the customer as the organization sees it. Mock server only."""

from __future__ import annotations

from contract_tests.checks.rules import Rule
from contract_tests.suites.webhook_dsl import WebhookScenario
from contract_tests.transport.deliveries import Delivery
from polar_contract.json_types import JsonObject, as_object

_UPDATED, _ENDPOINT = "customer.updated", "customers"
_ALWAYS_THERE = (
    "id",
    "email",
    "name",
    "type",
    "external_id",
    "billing_address",
    "tax_id",
    "organization_id",
    "metadata",
)
_LYON: JsonObject = {"country": "FR", "city": "Lyon"}


class GivenAnEndpointForCustomerEvents:
    def test_when_the_record_is_changed_then_one_event_shows_the_customer(self, webhooks: WebhookScenario) -> None:
        webhooks.patch_customer(billing_name="Ada Chänged", billing_address=_LYON, tax_id="FR61954506077")
        (event,) = _expect(webhooks, 1)
        _expect_customer(webhooks, event)

    def test_when_several_changes_are_made_then_each_event_shows_its_own(self, webhooks: WebhookScenario) -> None:
        cities = ["Lyon", "Nice", "Metz"]
        for city in cities:
            webhooks.patch_customer(billing_address={"country": "FR", "city": city})
        shown = [as_object(_data(one).get("billing_address")).get("city") for one in _expect(webhooks, len(cities))]
        if shown != cities:
            webhooks.fail(Rule.CUSTOMER_PAYLOAD, ", ".join(cities), ", ".join(map(str, shown)))

    def test_when_a_change_is_refused_or_an_order_is_changed_then_no_event_is_sent(
        self, webhooks: WebhookScenario
    ) -> None:
        webhooks.patch_customer(status=422, billing_address=None)
        _expect(webhooks, 0)
        webhooks.patch("paid", billing_name="Ada on the Order")
        _expect(webhooks, 0)

    def test_when_the_record_is_changed_then_subscribers_of_order_events_get_nothing(
        self, webhooks: WebhookScenario
    ) -> None:
        webhooks.patch_customer(billing_name="Ada Unheard")
        _expect(webhooks, 1)
        paths = {one.path.strip("/") for one in webhooks.receiver.deliveries}
        if paths != {_ENDPOINT}:
            webhooks.fail(Rule.SUBSCRIBED, f"an event at {_ENDPOINT} only", f"events at {', '.join(sorted(paths))}")


def _expect(webhooks: WebhookScenario, count: int) -> list[Delivery]:
    """Exactly `count` events arrived, all of them customer.updated."""
    came = webhooks.arrived(_ENDPOINT)
    if [one.type for one in came] != [_UPDATED] * count:
        webhooks.fail(Rule.CUSTOMER_EVENT, f"{count} x {_UPDATED}", ", ".join(one.type for one in came) or "no event")
    return came


def _expect_customer(webhooks: WebhookScenario, event: Delivery) -> None:
    """The event shows the same values as an order shows of its customer; fields that only one of them has are ignored."""
    sent = _data(event)
    shown = as_object(webhooks.order_now("paid").get("customer"))
    for name in _ALWAYS_THERE:
        if name not in sent:
            webhooks.fail(Rule.CUSTOMER_PAYLOAD, f"data.{name}", "no such field", delivery=event)
    for name in sent.keys() & shown.keys():
        if sent[name] != shown[name]:
            webhooks.fail(Rule.CUSTOMER_PAYLOAD, f"data.{name} is {shown[name]!r}", f"{sent[name]!r}", delivery=event)


def _data(delivery: Delivery) -> JsonObject:
    return as_object(delivery.event().get("data"))
