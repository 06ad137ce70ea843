"""The steps of scenarios on a mock server: request an invoice, read it, advance time, count events. The scenarios are in the tests."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from contract_tests.checks.findings import ContractBroken
from contract_tests.checks.invoice_link import link_problems
from contract_tests.checks.invoice_pdf import document_problems
from contract_tests.checks.rules import Rule
from contract_tests.config.settings import is_same_server
from contract_tests.runner.context import RunContext
from contract_tests.targets.control_api import World
from contract_tests.targets.fixtures import Fixtures
from contract_tests.transport.exchanges import Exchange
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object

_PORTAL = "customer_portal:orders:"
RENDERING_SECONDS = 3.0


_NOT_PAID = {"error.invoice_refused": "422 NotPaidOrder"}
WHEN_PENDING_IS_REFUSED = pytest.mark.when({"invoice.refused_statuses": "pending", **_NOT_PAID})
WHEN_INVOICES_ARE_KEPT = pytest.mark.when({"invoice.reissue": "keep"})
WHEN_VOID_IS_REFUSED = pytest.mark.when({"invoice.refused_statuses": "void", **_NOT_PAID})


@dataclass(frozen=True, slots=True)
class Scenario:
    """One customer and their orders in a separate world. Every answer is checked."""

    context: RunContext
    fixtures: Fixtures

    @property
    def world(self) -> World:
        """The world of the customer."""
        return self.fixtures.worlds[0]

    def ask(
        self,
        operation: str,
        order: str,
        *,
        status: int,
        error: str | None = None,
        who: str = "customer",
        body: JsonValue = None,
        shows: JsonValue = None,
    ) -> Exchange:
        """Send a portal request about an order, given by its name in the world, and check the answer. Errors: ContractBroken."""
        exchange = self.context.client.send(
            _PORTAL + operation,
            token=self.fixtures.token(who),
            object_id=self.fixtures.ids[f"order:{order}"],
            body=body,
        )
        return self.context.rules.check(exchange, status=status, error=error, shows=shows)

    @property
    def link_seconds(self) -> int:
        """How long the link of an invoice works."""
        return self.context.behaviour.invoice.link_lifetime_seconds

    def request_invoice(
        self, order: str, *, status: int = 202, error: str | None = None, who: str = "customer"
    ) -> Exchange:
        """Request the invoice of an order."""
        return self.ask("generate_invoice", order, status=status, error=error, who=who)

    def refuses_invoice(self, status: str) -> bool:
        """Whether an order in this status can't have an invoice."""
        return status in self.context.behaviour.invoice.refused_statuses

    def patch(self, order: str, **billing: JsonValue) -> Exchange:
        """Change billing details and check that the answer shows them."""
        return self.ask("update", order, status=200, body=dict(billing))

    def move(self, order: str, status: str) -> None:
        """Set the status of an order, with the control API of the mock server."""
        path = f"/_mock/worlds/{self.world.id}/orders/{self.fixtures.ids[f'order:{order}']}"
        self.world.control.call("PATCH", path, {"status": status})

    def expect_for_organization(self, order: str, wanted: JsonObject) -> None:
        """The organization API shows these values of the order."""
        answer = self.context.client.send(
            "orders:get", token=self.fixtures.token("organization"), object_id=self.fixtures.ids[f"order:{order}"]
        )
        self.context.rules.check(answer, status=200, shows=wanted)

    def expect_no_invoice(self, order: str) -> None:
        """The invoice does not exist (yet), and is_invoice_generated is false."""
        refusal = self.context.behaviour.error.invoice_not_issued
        self.ask("invoice", order, status=refusal.status, error=refusal.error)
        self.ask("get", order, status=200, shows={"is_invoice_generated": False})

    def invoice_link(self, order: str, *, who: str = "customer") -> str:
        """The path and query of the issued invoice's link. Errors: ContractBroken."""
        issued = self.ask("invoice", order, status=200, who=who)
        link = str(as_object(issued.json()).get("url"))
        for problem in link_problems(link, lifetime_seconds=self.link_seconds):
            self.fail(issued, *problem)
        url = urlsplit(link)
        if not is_same_server(link, self.context.target.base_url):
            self.fail(issued, Rule.LINK, f"a link to the mock server, {self.context.target.base_url}", link)
        return f"{url.path}?{url.query}"

    def download_invoice(self, order: str, *, is_new: bool = False, who: str = "customer") -> bytes:
        """The bytes of the issued PDF. `is_new`: the order's billing details are still those of the invoice."""
        link = self.invoice_link(order, who=who)
        shown = self.ask("get", order, status=200, shows={"is_invoice_generated": True}, who=who)
        # Without a token: the link is sufficient.
        download = self.context.client.send_to("GET", link)
        if download.status != 200:
            self.fail(download, Rule.LEADS_TO_PDF, "200 with a PDF document")
        order_shown = as_object(shown.json())
        for problem in document_problems(download.body, download.headers, order_shown, is_new=is_new, is_mocked=True):
            self.fail(download, *problem)
        return download.body

    def field(self, order: str, name: str) -> JsonValue:
        """One field of the order as the portal shows it."""
        return as_object(self.ask("get", order, status=200).json()).get(name)

    def updated_events(self, order: str) -> set[str]:
        """Ids of the `order.updated` events about an order, from the records of the mock server."""
        events = self.events_about(self.fixtures.ids[f"order:{order}"])
        return {str(event["id"]) for event in events if event.get("type") == "order.updated"}

    def events_about(self, object_id: str) -> list[JsonObject]:
        """The events whose payload has this id, from the records of the mock server."""
        answer = self.world.control.call("GET", f"/_mock/worlds/{self.world.id}/deliveries")
        listed = as_object(answer).get("items") if isinstance(answer, dict) else answer
        return [event for event in map(as_object, as_list(listed)) if object_id in str(event.get("payload"))]

    def redeliver(self, event_id: str) -> Exchange:
        """Request a redelivery of an event."""
        exchange = self.context.client.send(
            "webhooks:redeliver_webhook_event", token=self.fixtures.token("organization"), object_id=event_id
        )
        return self.context.rules.check(exchange, status=202)

    def fail(self, exchange: Exchange, rule: Rule, expected: str, got: str | None = None) -> None:
        """Report a broken rule that spans several requests. Errors: ContractBroken, always."""
        raise ContractBroken([self.context.rules.finding(exchange, rule, expected, got)])


def address(**changes: JsonValue) -> JsonObject:
    """A complete US address with some parts changed."""
    usual: JsonObject = {
        "line1": "9 Fixed Street",
        "line2": None,
        "city": "New York",
        "state": "US-NY",
        "postal_code": "10003",
        "country": "US",
    }
    return {**usual, **changes}
