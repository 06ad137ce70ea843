"""Changes the billing details of one order of a live account, checks the result, and always restores them."""

from __future__ import annotations

from contract_tests.config.credentials import way_to_token
from contract_tests.config.gaps import Remedy, not_checked
from contract_tests.runner.context import RunContext
from contract_tests.suites.live.orders import OPERATION_PREFIXES, LiveOrder
from contract_tests.suites.live.restoring import billing_of, put_back
from contract_tests.targets.fixtures import Fixtures
from contract_tests.targets.live_names import CHANGED_MARK
from polar_contract.json_types import JsonObject, as_object

REFUSED = "PolarRequestValidationError"
# The requests of one scenario, including restoring. Accepted PATCHes: an empty one, name, address, and both restored.
ACCEPTED_PATCHES, REFUSED_PATCHES, READS = 5, 2, 5
REQUESTS = ACCEPTED_PATCHES + REFUSED_PATCHES + READS


def check_writes(context: RunContext, fixtures: Fixtures, who: str) -> None:
    """Check PATCH on one order with billing details, from one side. Errors: ContractBroken; Skipped; NotPutBack."""
    if not context.case.settings.permissions.writes:
        item = "PATCH of billing details that are put back"
        not_checked(OPERATION_PREFIXES[who] + "update", "PATCH needs --allow-writes", Remedy.WRITES, item)
    context.target.budget.require(REQUESTS)
    order = _order_with_billing(context, fixtures, who)
    before = billing_of(order.read())
    _expect_scope(order)
    with put_back(order, before):
        _expect_changes(order, before)
        _expect_refusals(order, before)


def order_to_be_put_back(fixtures: Fixtures, who: str) -> str | None:
    """The id of the order whose billing details this side may change; None when there is none."""
    return fixtures.object_id("order:to_be_put_back", portal=who == "customer")


def left_changed(fixtures: Fixtures) -> list[str]:
    """The ids of orders that an earlier run changed and did not put back; they are not changed again."""
    seen = (fixtures.object_id("order:left_changed", portal=is_portal) for is_portal in (True, False))
    return list(dict.fromkeys(one for one in seen if one is not None))


def _order_with_billing(context: RunContext, fixtures: Fixtures, who: str) -> LiveOrder:
    order_id = order_to_be_put_back(fixtures, who)
    token = fixtures.token(who)
    if token is None:
        remedy, item = way_to_token(who)
        not_checked(OPERATION_PREFIXES[who] + "update", f"it needs {item}", remedy, item)
    if order_id is None:
        item = "a paid order with billing details that can be put back"
        not_checked(OPERATION_PREFIXES[who] + "update", f"it needs {item}", Remedy.ORDERS, item)
    return LiveOrder(context, OPERATION_PREFIXES[who], token, order_id)


def _expect_scope(order: LiveOrder) -> None:
    """Check the token's scope with an empty PATCH, which changes nothing. Errors: Skipped when the token may not write."""
    answer = order.send("update", {})
    if answer.status == 403:
        operation = order.context.operations.by_id[order.prefix + "update"]
        not_checked(
            operation.id, "the token may not write orders", Remedy.SCOPES, " or ".join(sorted(operation.scopes))
        )
    order.context.rules.check(answer, status=200)


def _expect_changes(order: LiveOrder, before: JsonObject) -> None:
    name, address = _otherwise(str(before["billing_name"])), as_object(before["billing_address"])
    order.ask(
        "update", status=200, body={"billing_name": name}, shows={"billing_name": name, "billing_address": address}
    )
    order.ask("get", status=200, shows={"billing_name": name})
    changed = {**address, "line2": _otherwise(str(address.get("line2") or "")).strip()}
    order.ask("update", status=200, body={"billing_address": changed}, shows={"billing_address": changed})
    order.ask("get", status=200, shows={"billing_name": name, "billing_address": changed})


def _otherwise(text: str) -> str:
    """The text with a mark, by which a later run recognises what this one could not put back."""
    return f"{text} {CHANGED_MARK}"


def _expect_refusals(order: LiveOrder, before: JsonObject) -> None:
    """Check that country and state cannot change."""
    for other in others_than(as_object(before["billing_address"])):
        order.ask("update", status=422, error=REFUSED, body={"billing_address": other})


def others_than(address: JsonObject) -> tuple[JsonObject, JsonObject]:
    """Two addresses elsewhere: in another state where the order's country has states that are checked, else in another country."""
    first, second = [country for country in ("DE", "FR", "NL") if country != address.get("country")][:2]
    if address.get("country") == "US" and address.get("state") is not None:
        return {"country": first}, {"country": "US", "state": "US-NY" if address["state"] != "US-NY" else "US-CA"}
    return {"country": first}, {"country": second}
