"""The text that the server prints at start: its address, the objects of its world and a request to paste."""

from __future__ import annotations

from mock_server.assembly import MockServer
from mock_server.domain.sessions import CredentialKind
from mock_server.store.state import World


def banner(mock: MockServer, base_url: str, *, control_key: str | None) -> str:
    lines = [
        f"polar-mock serves {base_url}",
        f"page for people   {base_url}/_mock/",
        f"control API       {base_url}/_mock",
    ]
    if control_key is not None:
        lines.append(f"control key       {control_key}  (send it as X-Mock-Key)")
    worlds = mock.services.worlds.all()
    for world in worlds:
        title = [] if len(worlds) == 1 else ["", _sentence(world)]
        lines += [*title, *_world_lines(world), *_curl_lines(world, base_url)]
    return "\n".join([*lines, "", "Ctrl-C stops it."])


def _sentence(world: World) -> str:
    versions = world.policies.versions.served or ()
    chosen = f"; Polar-Version chooses one of {', '.join(versions)}" if versions else ""
    return f"world {world.id}: requests with one of these tokens get revision {world.revision}{chosen}"


def _world_lines(world: World) -> list[str]:
    tokens = [f"  {name:<20}{token}" for name, token in world.world_seed.tokens.items()]
    orders = [
        f"  {name.removeprefix('order:'):<20}{order_id}"
        for name, order_id in world.ids.items()
        if name.startswith("order:")
    ]
    return ["", "tokens", *tokens, "", "orders", *orders]


def _curl_lines(world: World, base_url: str) -> list[str]:
    """A curl request for the invoice of the first order that can have one."""
    token = next((c for c in world.world_seed.credentials if c.kind is CredentialKind.CUSTOMER_SESSION), None)
    refused = world.behaviour.invoice.refused_statuses
    order = next(
        (
            o
            for o in world.world_seed.orders
            if token and o.customer_id == token.customer_id and o.status not in refused
        ),
        None,
    )
    if token is None or order is None:
        return []
    url = f"{base_url}/v1/customer-portal/orders/{order.id}/invoice"
    # Without it curl sends no Content-Length, which later revisions need.
    empty = " -d ''" if world.behaviour.request.is_length_required else ""
    return ["", "try it", f"  curl -i -X POST{empty} -H 'Authorization: Bearer {token.token}' {url}"]
