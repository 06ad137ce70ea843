"""The field's words for telling a story on a mock: ask for an invoice, read it, pass time, count events. Stories stand in the tests."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from contract_tests.documents import document_problems
from contract_tests.exchanges import Exchange
from contract_tests.findings import ContractBroken
from contract_tests.fixtures import Fixtures
from contract_tests.links import link_problems
from contract_tests.rules import Rule
from contract_tests.run_context import RunContext
from contract_tests.settings import is_same_server
from contract_tests.worlds import World
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object

_PORTAL = "customer_portal:orders:"
RENDERING_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Story:
    """One customer and their orders in a world of their own. Every answer on the way is judged."""

    context: RunContext
    fixtures: Fixtures

    @property
    def world(self) -> World:
        """The world, for passing time."""
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
        """One request about an order by its name in the world; the answer has to be the one given."""
        exchange = self.context.client.send(
            _PORTAL + operation,
            token=self.fixtures.token(who),
            object_id=self.fixtures.ids[f"order:{order}"],
            body=body,
        )
        return self.context.rules.check(exchange, status=status, error=error, shows=shows)

    def request_invoice(
        self, order: str, *, status: int = 202, error: str | None = None, who: str = "customer"
    ) -> Exchange:
        """POST the invoice."""
        return self.ask("generate_invoice", order, status=status, error=error, who=who)

    def patch(self, order: str, **billing: JsonValue) -> Exchange:
        """Change billing details; the answer has to show them."""
        return self.ask("update", order, status=200, body=dict(billing))

    def move(self, order: str, status: str) -> None:
        """The order takes another status, as only a mock can be told to do."""
        path = f"/_mock/worlds/{self.world.id}/orders/{self.fixtures.ids[f'order:{order}']}"
        self.world.control.call("PATCH", path, {"status": status})

    def expect_for_organization(self, order: str, wanted: JsonObject) -> None:
        """The organization's side shows the same."""
        answer = self.context.client.send(
            "orders:get", token=self.fixtures.token("organization"), object_id=self.fixtures.ids[f"order:{order}"]
        )
        self.context.rules.check(answer, status=200, shows=wanted)

    def expect_no_invoice(self, order: str) -> None:
        """There is no invoice (yet), and the order says so too."""
        self.ask("invoice", order, status=404, error="InvoiceDoesNotExist")
        self.ask("get", order, status=200, shows={"is_invoice_generated": False})

    def invoice_link(self, order: str, *, who: str = "customer") -> str:
        """The issued invoice's link, without its host. Errors: ContractBroken."""
        issued = self.ask("invoice", order, status=200, who=who)
        link = str(as_object(issued.json()).get("url"))
        for problem in link_problems(link):
            self.fail(issued, *problem)
        url = urlsplit(link)
        if not is_same_server(link, self.context.target.base_url):
            self.fail(issued, Rule.LINK, f"a link to the mock itself, {self.context.target.base_url}", link)
        return f"{url.path}?{url.query}"

    def download_invoice(self, order: str, *, is_new: bool = False, who: str = "customer") -> bytes:
        """The bytes of the issued PDF; `is_new` when the order's billing details are still those that it bills."""
        link = self.invoice_link(order, who=who)
        shown = self.ask("get", order, status=200, shows={"is_invoice_generated": True}, who=who)
        # Without a token: the link is all that is needed.
        download = self.context.client.send_to("GET", link)
        if download.status != 200:
            self.fail(download, Rule.LEADS_TO_PDF, "200 with a PDF document")
        told = as_object(shown.json())
        for problem in document_problems(download.body, download.headers, told, is_new=is_new, is_mocked=True):
            self.fail(download, *problem)
        return download.body

    def field(self, order: str, name: str) -> JsonValue:
        """One field of the order as it is shown."""
        return as_object(self.ask("get", order, status=200).json()).get(name)

    def updated_events(self, order: str) -> set[str]:
        """Ids of the `order.updated` events about an order, as the mock's own records tell."""
        order_id = self.fixtures.ids[f"order:{order}"]
        told = self.world.control.call("GET", f"/_mock/worlds/{self.world.id}/deliveries")
        listed = as_object(told).get("items") if isinstance(told, dict) else told
        return {
            str(event["id"])
            for event in map(as_object, as_list(listed))
            if event.get("type") == "order.updated" and order_id in str(event.get("payload"))
        }

    def redeliver(self, event_id: str) -> Exchange:
        """Ask for one more delivery of an event."""
        exchange = self.context.client.send(
            "webhooks:redeliver_webhook_event", token=self.fixtures.token("organization"), object_id=event_id
        )
        return self.context.rules.check(exchange, status=202)

    def fail(self, exchange: Exchange, rule: Rule, expected: str, got: str | None = None) -> None:
        """A rule that spans several requests is broken. Errors: ContractBroken, always."""
        raise ContractBroken([self.context.rules.finding(exchange, rule, expected, got)])


def address(**changes: JsonValue) -> JsonObject:
    """A full US address with some parts changed."""
    usual: JsonObject = {
        "line1": "9 Fixed Street",
        "line2": None,
        "city": "New York",
        "state": "US-NY",
        "postal_code": "10003",
        "country": "US",
    }
    return {**usual, **changes}
