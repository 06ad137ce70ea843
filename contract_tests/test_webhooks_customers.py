"""Stories of a customer's own record as webhooks tell of it: each change once, as the organization sees it. Mock only."""

from __future__ import annotations

from contract_tests.rules import Rule
from contract_tests.webhooks.receiving import Delivery
from contract_tests.webhooks.stories import WebhookStory
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


class GivenAnEndpointThatWantsCustomers:
    def test_when_the_record_is_changed_then_one_event_shows_the_customer(self, webhooks: WebhookStory) -> None:
        webhooks.patch_customer(billing_name="Ada Chänged", billing_address=_LYON, tax_id="FR61954506077")
        (event,) = _expect(webhooks, 1)
        _expect_customer(webhooks, event)

    def test_when_several_changes_are_made_then_each_event_shows_its_own(self, webhooks: WebhookStory) -> None:
        cities = ["Lyon", "Nice", "Metz"]
        for city in cities:
            webhooks.patch_customer(billing_address={"country": "FR", "city": city})
        shown = [as_object(_data(one).get("billing_address")).get("city") for one in _expect(webhooks, len(cities))]
        if shown != cities:
            webhooks.fail(Rule.CUSTOMER_PAYLOAD, ", ".join(cities), ", ".join(map(str, shown)))

    def test_when_a_change_is_refused_or_an_order_is_changed_then_nothing_is_told(self, webhooks: WebhookStory) -> None:
        webhooks.patch_customer(status=422, billing_address=None)
        _expect(webhooks, 0)
        webhooks.patch("paid", billing_name="Ada on the Order")
        _expect(webhooks, 0)

    def test_when_the_record_is_changed_then_who_asked_for_orders_hears_nothing(self, webhooks: WebhookStory) -> None:
        webhooks.patch_customer(billing_name="Ada Unheard")
        _expect(webhooks, 1)
        paths = {one.path.strip("/") for one in webhooks.receiver.deliveries}
        if paths != {_ENDPOINT}:
            webhooks.fail(Rule.SUBSCRIBED, f"an event at {_ENDPOINT} alone", f"events at {', '.join(sorted(paths))}")


def _expect(webhooks: WebhookStory, count: int) -> list[Delivery]:
    """So many events came, all of them of customers."""
    came = webhooks.arrived(_ENDPOINT)
    if [one.type for one in came] != [_UPDATED] * count:
        webhooks.fail(
            Rule.CUSTOMER_EVENT, f"{count} times {_UPDATED}", ", ".join(one.type for one in came) or "no event"
        )
    return came


def _expect_customer(webhooks: WebhookStory, event: Delivery) -> None:
    """The same as an order shows of its customer; a field that only one of them has is free."""
    told = _data(event)
    shown = as_object(webhooks.order_now("paid").get("customer"))
    for name in _ALWAYS_THERE:
        if name not in told:
            webhooks.fail(Rule.CUSTOMER_PAYLOAD, f"data.{name}", "no such field", delivery=event)
    for name in told.keys() & shown.keys():
        if told[name] != shown[name]:
            webhooks.fail(Rule.CUSTOMER_PAYLOAD, f"data.{name} is {shown[name]!r}", f"{told[name]!r}", delivery=event)


def _data(delivery: Delivery) -> JsonObject:
    return as_object(delivery.event().get("data"))
