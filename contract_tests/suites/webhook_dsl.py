"""The steps of webhook scenarios on a mock server: change something, then check the deliveries that arrive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from contract_tests.checks.deliveries import delivery_problems, version_problems
from contract_tests.checks.findings import ContractBroken, Problem
from contract_tests.checks.rules import Rule
from contract_tests.runner.context import RunContext
from contract_tests.suites.scenario_dsl import Scenario
from contract_tests.targets.fixtures import fixtures_of
from contract_tests.targets.webhook_receiver import Receiver, receiver
from contract_tests.transport.deliveries import Delivery
from contract_tests.transport.exchanges import Exchange
from polar_contract.behaviour import WebhookRules
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object

_ALL_EVENTS = ("order.created", "order.updated", "order.paid", "order.refunded")
# Endpoints by name: their format, and the events that they subscribe to.
ENDPOINTS: dict[str, tuple[str, Sequence[str]]] = {
    "all": ("raw", _ALL_EVENTS),
    "paid_only": ("raw", ("order.paid",)),
    "discord": ("discord", ("order.updated", "order.refunded")),
    "slack": ("slack", ("order.updated", "order.refunded")),
    "customers": ("raw", ("customer.updated",)),
}


@dataclass(slots=True)
class WebhookScenario:
    """A world whose endpoints lead to a receiver. `last` is the last exchange; findings about deliveries are reported with it.

    `shown` are the endpoints as the API shows them, by name, where revisions differ in what that says of deliveries.
    """

    scenario: Scenario
    receiver: Receiver
    secrets: dict[str, str]
    shown: dict[str, JsonObject] = field(default_factory=dict)
    last: Exchange | None = None
    _versions: dict[tuple[str, str], str] = field(default_factory=dict)
    _seen: int = 0
    _found: list[tuple[Problem, Delivery]] = field(default_factory=list)

    @property
    def rules(self) -> WebhookRules:
        """The rules of the revision for webhooks."""
        return self.scenario.context.behaviour.webhook

    def patch(self, order: str, **billing: JsonValue) -> None:
        """The customer changes billing details."""
        self.last = self.scenario.patch(order, **billing)

    def patch_as_organization(self, order: str, **billing: JsonValue) -> None:
        """The organization changes billing details."""
        context, fixtures = self.scenario.context, self.scenario.fixtures
        exchange = context.client.send(
            "orders:update",
            token=fixtures.token("organization"),
            object_id=fixtures.ids[f"order:{order}"],
            body=dict(billing),
        )
        self.last = context.rules.check(exchange, status=200)

    def patch_customer(self, *, status: int = 200, **changes: JsonValue) -> None:
        """The customer changes their own record."""
        context = self.scenario.context
        exchange = context.client.send(
            "customer_portal:customers:update", token=self.scenario.fixtures.token("customer"), body=dict(changes)
        )
        self.last = context.rules.check(exchange, status=status)

    def ask(self, operation: str, *, status: int, body: JsonValue = None, on: str = "all") -> JsonObject:
        """Send a request of the organization about an endpoint or event. Returns the parsed answer."""
        context, fixtures = self.scenario.context, self.scenario.fixtures
        exchange = context.client.send(
            f"webhooks:{operation}",
            token=fixtures.token("organization"),
            object_id=fixtures.ids.get(f"endpoint:{on}", on),
            body=body,
        )
        self.last = context.rules.check(exchange, status=status)
        answer = as_object(exchange.json()) if exchange.body else {}
        if on in self.shown and "secret" in answer:
            self.shown[on] = answer
        return answer

    def read_endpoints(self) -> None:
        """Read how the endpoints sign, and which versions their events have."""
        names = {one: name.removeprefix("endpoint:") for name, one in self.scenario.fixtures.ids.items()}
        listed = as_list(self.ask("list_webhook_endpoints", status=200, on="").get("items"))
        self.shown = {names[str(one["id"])]: one for one in map(as_object, listed)}

    def signs_as_standard(self, endpoint: str) -> bool:
        """Whether an endpoint says that its secret signs as in Standard Webhooks."""
        return self.shown.get(endpoint, {}).get("uses_standard_webhook_signature") is True

    def move(self, order: str, status: str, **refund: int) -> None:
        """Set the status of an order, and read the order. For a partial refund, `refund` has the amount."""
        self.move_without_reading(order, status, **refund)
        self.last = self.scenario.ask("get", order, status=200, shows={"status": status, **refund})

    def move_without_reading(self, order: str, status: str, **refund: int) -> None:
        """The same, without reading the order afterwards."""
        world = self.scenario.world
        path = f"/_mock/worlds/{world.id}/orders/{self.scenario.fixtures.ids[f'order:{order}']}"
        world.control.call("PATCH", path, {"status": status, **refund})

    def arrived(self, endpoint: str = "all", *, settled: bool = True) -> list[Delivery]:
        """Check every new delivery by itself. Returns those to one endpoint; the others are skipped."""
        if settled:
            self.scenario.world.settle()
        new = self.receiver.deliveries[self._seen :]
        self._seen += len(new)
        for delivery in new:
            name = delivery.path.strip("/")
            if name not in ENDPOINTS:
                self.fail(
                    Rule.REDIRECTS,
                    "no request to another path",
                    f"{delivery.method} {delivery.path}",
                    delivery=delivery,
                )
            else:
                for problem in self._problems(delivery, name):
                    self.fail(*problem, delivery=delivery)
        return [delivery for delivery in new if delivery.path.strip("/") == endpoint]

    def _problems(self, delivery: Delivery, name: str) -> Iterator[Problem]:
        is_standard, header = self.signs_as_standard(name), self.rules.version_header
        is_raw = self.shown.get(name, {}).get("format", ENDPOINTS[name][0]) == "raw"
        yield from delivery_problems(delivery, self.secrets[name], is_raw=is_raw, is_standard=is_standard)
        if header is not None:
            # The first delivery of an event has the endpoint's version; all later ones have the same.
            now = str(self.shown[name].get("api_version"))
            version = self._versions.setdefault((name, delivery.event_id), now)
            yield from version_problems(delivery, header, version, is_raw=is_raw)

    def expect(self, *types: str, endpoint: str = "all") -> list[Delivery]:
        """Exactly these events arrived, in this order, each with its own id."""
        came = self.arrived(endpoint)
        got = [delivery.type for delivery in came]
        if got != list(types):
            self.fail(Rule.ANNOUNCED, ", ".join(types) or "no event", ", ".join(got) or "no event")
        if len({delivery.event_id for delivery in came}) != len(came):
            self.fail(Rule.ANNOUNCED, "a different webhook-id for each event", "the same webhook-id for two events")
        return came

    def expect_nothing(self) -> None:
        """Nothing arrived."""
        came = self.arrived()
        if came:
            self.fail(Rule.SUBSCRIBED, "no event", ", ".join(one.type for one in came), delivery=came[0])

    def expect_same_event(self, deliveries: Sequence[Delivery], rule: Rule) -> None:
        """All deliveries have the same id and the same bytes."""
        if len({one.event_id for one in deliveries}) != 1:
            self.fail(rule, "one webhook-id", ", ".join(one.event_id for one in deliveries))
        if len({one.body for one in deliveries}) != 1:
            self.fail(rule, "the same bytes in every delivery", "different bytes", delivery=deliveries[-1])

    def expect_order_shown(self, delivery: Delivery, order: str) -> None:
        """The event shows the order as the organization reads it now."""
        wanted = self.order_now(order)
        shown = delivery.event().get("data")
        if shown != wanted:
            place, expected, got = _first_difference(wanted, shown)
            self.fail(Rule.PAYLOAD, f"{place} is {expected!r}", f"{place} is {got!r}", delivery=delivery)

    def order_now(self, order: str) -> JsonObject:
        """The order as the organization reads it now."""
        context, fixtures = self.scenario.context, self.scenario.fixtures
        exchange = context.client.send(
            "orders:get", token=fixtures.token("organization"), object_id=fixtures.ids[f"order:{order}"]
        )
        return as_object(context.rules.check(exchange, status=200).json())

    def listed(self, *endpoints: str, **filters: str | list[str]) -> list[JsonObject]:
        """The records of deliveries to these endpoints (default: `all`) that match the filters, newest first."""
        return self.listed_anywhere(
            endpoint_id=[self.scenario.fixtures.ids[f"endpoint:{name}"] for name in endpoints or ("all",)], **filters
        )

    def listed_anywhere(self, **filters: str | list[str]) -> list[JsonObject]:
        """The records of deliveries to any endpoint that match the filters, newest first."""
        context, fixtures = self.scenario.context, self.scenario.fixtures
        query: dict[str, str | list[str]] = {**filters, "limit": "100"}
        exchange = context.client.send(
            "webhooks:list_webhook_deliveries", token=fixtures.token("organization"), query=query
        )
        self.last = context.rules.check(exchange, status=200)
        return [as_object(one) for one in as_list(as_object(exchange.json()).get("items"))]

    def expect_outcome(self, *, succeeded: bool | None, last_code: int, is_skipped: bool = False) -> None:
        """All records of deliveries to `all` show this outcome of their events."""
        events = [as_object(one.get("webhook_event")) for one in self.listed()]
        for name, value in (("succeeded", succeeded), ("last_http_code", last_code), ("skipped", is_skipped)):
            got = [event.get(name) for event in events]
            if got != [value] * len(got) or not got:
                self.fail(Rule.OUTCOME, f"{name} is {value}", f"{got}")

    def fail(self, rule: Rule, expected: str, got: str, *, delivery: Delivery | None = None) -> None:
        """Report a broken rule. Errors: ContractBroken, always."""
        assert self.last is not None, "a request is sent before a delivery is checked"
        rules = self.scenario.context.rules
        finding = rules.finding(self.last, rule, expected, got, source="observed")
        if delivery is not None:
            finding = replace(finding, exchange=f"{finding.exchange}\n\n{rules.redact(delivery.transcript())}")
        raise ContractBroken([finding])


def for_all_endpoints(status: int) -> list[int]:
    """The same status once for each endpoint that subscribes to `order.updated`."""
    return [status] * sum("order.updated" in events for _, events in ENDPOINTS.values())


@contextmanager
def webhook_scenario(
    context: RunContext, settings: Mapping[str, JsonObject] = MappingProxyType({})
) -> Iterator[WebhookScenario]:
    """A new world with its own receiver. `settings`: what its document says of endpoints besides, by their names."""
    assert context.target.control is not None, "webhook scenarios run on a mock server"
    with receiver() as made:
        endpoints: JsonObject = {
            name: {"url": f"{made.base_url}/{name}", "format": form, "events": list(events), **settings.get(name, {})}
            for name, (form, events) in ENDPOINTS.items()
        }
        changes: JsonObject = {"webhook_endpoints": endpoints}
        world = context.target.control.create_world("webhooks", revision=context.target.revision, changes=changes)
        try:
            scenario = WebhookScenario(Scenario(context, fixtures_of((world,))), made, dict(world.secrets))
            if scenario.rules.version_header is not None:
                scenario.read_endpoints()
            yield scenario
        finally:
            world.delete()


@contextmanager
def refused_scenario(context: RunContext) -> Iterator[WebhookScenario]:
    """A world with a held clock, whose receiver has refused the first attempt of one event; all later attempts are pending."""
    with webhook_scenario(context) as made:
        made.scenario.world.hold_clock()
        made.receiver.statuses.extend(for_all_endpoints(500))
        made.move_without_reading("spare", "void")
        made.scenario.world.advance(0)
        yield made


def _first_difference(wanted: JsonValue, got: JsonValue, place: str = "data") -> tuple[str, JsonValue, JsonValue]:
    if isinstance(wanted, dict) and isinstance(got, dict):
        for key in [*wanted, *(key for key in got if key not in wanted)]:
            one, other = wanted.get(key, "(absent)"), got.get(key, "(absent)")
            if one != other:
                return _first_difference(one, other, f"{place}.{key}")
    return place, wanted, got
