"""Signed, expiring links to the documents of invoices and receipts, and the documents behind them.

The links have the form of the service's presigned object-store URLs; the signature is the mock's own HMAC over path and
query, so that a link can be neither altered nor extended.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote

from mock_server.domain.invoices import Invoice
from mock_server.domain.orders import Order
from mock_server.domain.receipts import Receipt
from mock_server.services.context import Services
from mock_server.store.errors import WorldUnknown
from mock_server.store.state import World

_INVOICES = "/polar-customer-invoices/"
_RECEIPTS = "/polar-customer-receipts/"
DOWNLOAD_ROOTS = (_INVOICES, _RECEIPTS)
_AMZ_TIME = "%Y%m%dT%H%M%SZ"
_SIGNATURE = "X-Amz-Signature"
# Percent-encoded already, because encoding each part of each link took two thirds of the request that asks for it.
# The disposition is `attachment; filename="NAME"`.
_QUERY = (
    "response-content-disposition=attachment%3B%20filename%3D%22{name}%22"
    "&response-content-type=application%2Fpdf"
    "&X-Amz-Algorithm=AWS4-HMAC-SHA256"
    "&X-Amz-Credential=mock%2F{day}%2Fus-east-2%2Fs3%2Faws4_request"
    "&X-Amz-Date={time}"
    "&X-Amz-Expires={seconds}"
    "&X-Amz-SignedHeaders=host"
)


class LinkRefused(Exception):
    """A link that does not work: altered, expired, or its world is gone."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Download:
    filename: str
    body: bytes


def link_to_invoice(services: Services, world: World, *, order: Order, invoice: Invoice) -> str:
    """Path and query of a fresh link; it works for its lifetime on the world's clock, without a token."""
    filename = _filename("Invoice", invoice.number)
    return _link(services, world, folder=f"{_INVOICES}{world.id}/{order.id}/", key=filename, filename=filename)


def link_to_receipt(services: Services, world: World, *, order: Order, receipt: Receipt) -> str:
    """As for an invoice; the document's key is the time at which it was made. Source: polar's receipts, August 2026."""
    folder = f"{_RECEIPTS}{world.tables.organization.id}/{order.id}/"
    key = f"{receipt.generated_at.strftime(_AMZ_TIME)}.pdf"
    return _link(services, world, folder=folder, key=key, filename=_filename("Receipt", receipt.number))


def _link(services: Services, world: World, *, folder: str, key: str, filename: str) -> str:
    time = world.clock.now().strftime(_AMZ_TIME)
    query = _QUERY.format(
        name=quote(filename, safe=""),
        day=time[:8],
        time=time,
        seconds=world.behaviour.invoice.link_lifetime_seconds,
    )
    signature = _sign(services, f"{folder}{key}", query)
    return f"{folder}{quote(key, safe='')}?{query}&{_SIGNATURE}={signature}"


def follow_link(services: Services, *, path: str, query: str) -> Download:
    """The document behind a link. Errors: LinkRefused, with the object store's own wording."""
    world, order = _find(services, path)
    signed, _, signature = query.rpartition(f"&{_SIGNATURE}=")
    if not hmac.compare_digest(_sign(services, path, signed), signature):
        raise LinkRefused("SignatureDoesNotMatch")
    if world.clock.now() >= _expiry(signed):
        raise LinkRefused("Request has expired")
    return _download_receipt(world, order) if path.startswith(_RECEIPTS) else _download_invoice(world, order)


def _download_invoice(world: World, order: Order) -> Download:
    if order.invoice is None:
        raise LinkRefused("NoSuchKey")
    return Download(_filename("Invoice", order.invoice.number), invoice_document(world, order, order.invoice))


def _download_receipt(world: World, order: Order) -> Download:
    if order.receipt is None:
        raise LinkRefused("NoSuchKey")
    return Download(_filename("Receipt", order.receipt.number), receipt_document(world, order, order.receipt))


def invoice_document(world: World, order: Order, invoice: Invoice) -> bytes:
    """The document of an issued invoice, made at the first download: the same facts give the same bytes."""
    # fpdf2 takes a quarter of a second to import, so only a server whose documents are downloaded imports it.
    from mock_server.rendering.invoices import render_invoice

    return _remembered(world, ("invoice_document", order.id), invoice, lambda: render_invoice(invoice))


def receipt_document(world: World, order: Order, receipt: Receipt) -> bytes:
    """The same for a receipt."""
    from mock_server.rendering.receipts import render_receipt

    return _remembered(world, ("receipt_document", order.id), receipt, lambda: render_receipt(receipt))


def _remembered(world: World, key: tuple[str, str], facts: object, render: Callable[[], bytes]) -> bytes:
    kept = world.rendered.get(key)
    if kept is not None and kept[0][0] is facts:
        return kept[1]
    body = render()
    world.rendered[key] = ((facts,), body)
    return body


def _filename(kind: str, number: str) -> str:
    """The document's file name. Numbers in world documents are free text; a lone surrogate, which no URL can hold, becomes `?`."""
    return f"{kind}-{number}.pdf".encode("utf-8", "replace").decode()


def owner_of_link(services: Services, path: str) -> tuple[World | None, str]:
    """The world whose document a link names, if there is one, and the id of the order; the link itself may be wrong."""
    root = next(root for root in DOWNLOAD_ROOTS if path.startswith(root))
    owner, _, rest = path.removeprefix(root).partition("/")
    world = _world_of_organization(services, owner) if root == _RECEIPTS else _world(services, owner)
    return world, rest.partition("/")[0]


def _find(services: Services, path: str) -> tuple[World, Order]:
    world, order_id = owner_of_link(services, path)
    order = world.tables.orders.get(order_id) if world is not None else None
    if world is None or order is None:
        raise LinkRefused("NoSuchKey")
    return world, order


def _world(services: Services, world_id: str) -> World | None:
    try:
        return services.worlds.get(world_id)
    except WorldUnknown:
        return None


def _world_of_organization(services: Services, organization_id: str) -> World | None:
    return next((world for world in services.worlds.all() if world.tables.organization.id == organization_id), None)


def _expiry(query: str) -> datetime:
    """When a link expires; its query is known to be ours, because its signature was valid."""
    values = dict(parse_qsl(query))
    signed_at = datetime.strptime(values["X-Amz-Date"], _AMZ_TIME).replace(tzinfo=UTC)
    return signed_at + timedelta(seconds=int(values["X-Amz-Expires"]))


def _sign(services: Services, path: str, query: str) -> str:
    return hmac.digest(services.signing_key, f"{path}\n{query}".encode("utf-8", "surrogatepass"), "sha256").hex()
