"""What a check may use on a target: objects by name and tokens by name. On the mock from worlds, on a live account from listing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contract_tests.credentials import NONSENSE_TOKENS, Kind
from contract_tests.exchanges import Exchange
from contract_tests.findings import CannotJudge, NoTokenGiven
from contract_tests.requesting import Client
from contract_tests.worlds import World
from polar_contract.json_types import JsonObject, as_list, as_object

_LISTS = {Kind.CUSTOMER: "customer_portal:orders:list", Kind.ORGANIZATION: "orders:list"}
_ORDERS_LOOKED_AT = 100


@dataclass(frozen=True, slots=True)
class Stage:
    """Names to ids and tokens. `worlds` is empty on a live account."""

    ids: Mapping[str, str]
    tokens: Mapping[str, str]
    worlds: tuple[World, ...] = ()

    def object_id(self, name: str, *, portal: bool) -> str | None:
        """The id behind a name like `order:paid`, as seen from the portal or the organization; None when there is none."""
        if portal or self.worlds:
            return self.ids.get(name)
        return self.ids.get(f"organization_{name}")

    def token(self, credential: str) -> str | None:
        """The token behind a name, or None; nonsense tokens are always there."""
        return NONSENSE_TOKENS.get(credential) or self.tokens.get(credential)

    def object_ids(self, kind: str, *, portal: bool) -> list[str]:
        """Ids of all objects of a kind like `order`, in the order of their names."""
        prefix = f"{kind}:" if portal or self.worlds else f"organization_{kind}:"
        return [self.ids[name] for name in sorted(self.ids) if name.startswith(prefix)]


def stage_of(worlds: tuple[World, ...]) -> Stage:
    """One stage over several worlds; names must not repeat between them."""
    ids = {name: one for world in worlds for name, one in world.ids.items()}
    tokens = {name: token for world in worlds for name, token in world.tokens.items()}
    return Stage(ids, tokens, worlds)


def look_around(client: Client, tokens: Mapping[str, str]) -> Stage:
    """The stage of a live account: its newest orders, named by what they are good for.

    Errors: CannotJudge when no token is given, a token is not accepted, or no order is there.
    """
    given = {name: token for name, token in tokens.items() if token}
    if Kind.MEMBER in given:
        given.setdefault(Kind.CUSTOMER, given[Kind.MEMBER])
    if not set(given) & {Kind.CUSTOMER, Kind.ORGANIZATION}:
        raise NoTokenGiven("No token was given; set POLAR_CUSTOMER_TOKEN or POLAR_ORGANIZATION_TOKEN, or use --token.")
    ids: dict[str, str] = {}
    for kind, operation_id in _LISTS.items():
        if kind in given:
            seen = client.send(operation_id, token=given[kind], query={"limit": str(_ORDERS_LOOKED_AT)})
            for order in _listed(seen, kind):
                for name in _names(order):
                    ids.setdefault(name if kind == Kind.CUSTOMER else f"organization_{name}", str(order["id"]))
    if not ids:
        raise CannotJudge(
            "There is no usable order: the account behind the token shows none; create one and run again."
        )
    return Stage(ids, given)


def _listed(exchange: Exchange, kind: Kind) -> list[JsonObject]:
    if exchange.status == 401:
        raise CannotJudge(f"The target does not accept the {kind} token (401 {exchange.error_name()}); is it expired?")
    if exchange.status == 403:
        raise CannotJudge(f"The {kind} token may not list orders (403 {exchange.error_name()}).")
    try:
        orders = [as_object(order) for order in as_list(as_object(exchange.json()).get("items"))]
    except ValueError:
        return []
    return [order for order in orders if isinstance(order.get("id"), str)]


def _names(order: JsonObject) -> list[str]:
    has_billing = order.get("billing_name") is not None and order.get("billing_address") is not None
    names = {
        "order:any": True,
        "order:paid": bool(order.get("paid")) and has_billing,
        "order:unpaid": order.get("status") == "pending",
        "order:void": order.get("status") == "void",
        "order:refunded": order.get("status") == "refunded",
        "order:no_billing": bool(order.get("paid")) and not has_billing,
        "order:invoiced": order.get("is_invoice_generated") is True,
        "order:not_invoiced": order.get("is_invoice_generated") is False,
    }
    return [name for name, holds in names.items() if holds]
