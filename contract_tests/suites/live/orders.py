"""One order of a live account, read and written through the portal or the organization API."""

from __future__ import annotations

from dataclasses import dataclass

from contract_tests.config.gaps import Remedy, not_checked
from contract_tests.runner.context import RunContext
from contract_tests.targets.fixtures import Fixtures
from contract_tests.transport.exchanges import Exchange
from polar_contract.json_types import JsonObject, JsonValue, as_object

# The operation prefix of each side, by its credential.
OPERATION_PREFIXES = {"customer": "customer_portal:orders:", "organization": "orders:"}


@dataclass(frozen=True, slots=True)
class LiveOrder:
    """An order by its id, and the side through which it is used. Every response of `ask` is checked."""

    context: RunContext
    prefix: str
    token: str
    id: str

    def send(self, operation: str, body: JsonValue = None) -> Exchange:
        """Send one request about it, without checking the response."""
        return self.context.client.send(self.prefix + operation, token=self.token, object_id=self.id, body=body)

    def ask(
        self,
        operation: str,
        *,
        status: int,
        error: str | None = None,
        body: JsonValue = None,
        shows: JsonValue = None,
    ) -> Exchange:
        """Send one request about it and check the response. Errors: ContractBroken."""
        return self.context.rules.check(self.send(operation, body), status=status, error=error, shows=shows)

    def note(self, what: str) -> None:
        """Tell the user what was done to it."""
        self.context.notes.append(f"Order {self.id}: {what}.")

    def read(self) -> JsonObject:
        """The order as it is shown now."""
        return as_object(self.ask("get", status=200).json())


def find_order(context: RunContext, fixtures: Fixtures, order_id: str) -> LiveOrder:
    """The order from the first side that shows it. Errors: Skipped when none does."""
    seen_from = [
        LiveOrder(context, prefix, token, order_id)
        for who, prefix in OPERATION_PREFIXES.items()
        if (token := fixtures.token(who)) is not None
    ]
    order = next((one for one in seen_from if one.send("get").status == 200), None)
    if order is None:
        not_checked(
            "invoices", f"no token shows the order {order_id}", Remedy.TOKENS, f"one that shows order {order_id}"
        )
    return order
