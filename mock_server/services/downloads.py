"""Signed, expiring links to invoice documents, and the documents behind them.

The links have the form of the service's presigned object-store URLs; the signature is the mock's own HMAC over path and
query, so that a link can be neither altered nor extended.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote

from mock_server.domain.invoices import Invoice
from mock_server.domain.orders import Order
from mock_server.services.context import Services
from mock_server.store.errors import WorldUnknown
from mock_server.store.state import World

DOWNLOAD_ROOT = "/polar-customer-invoices/"
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
    filename = _filename(invoice)
    folder = f"{DOWNLOAD_ROOT}{world.id}/{order.id}/"
    name = quote(filename, safe="")
    time = world.clock.now().strftime(_AMZ_TIME)
    query = _QUERY.format(
        name=name,
        day=time[:8],
        time=time,
        seconds=world.behaviour.invoice.link_lifetime_seconds,
    )
    signature = _sign(services, f"{folder}{filename}", query)
    return f"{folder}{name}?{query}&{_SIGNATURE}={signature}"


def follow_link(services: Services, *, path: str, query: str) -> Download:
    """The document behind a link. Errors: LinkRefused, with the object store's own wording."""
    world, order = _find(services, path)
    signed, _, signature = query.rpartition(f"&{_SIGNATURE}=")
    if not hmac.compare_digest(_sign(services, path, signed), signature):
        raise LinkRefused("SignatureDoesNotMatch")
    if world.clock.now() >= _expiry(signed):
        raise LinkRefused("Request has expired")
    if order.invoice is None:
        raise LinkRefused("NoSuchKey")
    return Download(_filename(order.invoice), invoice_document(world, order, order.invoice))


def invoice_document(world: World, order: Order, invoice: Invoice) -> bytes:
    """The document of an issued invoice, made at the first download: the same facts give the same bytes."""
    kept = world.rendered.get(("invoice_document", order.id))
    if kept is not None and kept[0][0] is invoice:
        return kept[1]
    # fpdf2 takes a quarter of a second to import, so only a server whose invoices are downloaded imports it.
    from mock_server.rendering.invoices import render_invoice

    body = render_invoice(invoice)
    world.rendered[("invoice_document", order.id)] = ((invoice,), body)
    return body


def _filename(invoice: Invoice) -> str:
    """The document's file name. Numbers in world documents are free text; a lone surrogate, which no URL can hold, becomes `?`."""
    return f"Invoice-{invoice.number}.pdf".encode("utf-8", "replace").decode()


def _find(services: Services, path: str) -> tuple[World, Order]:
    world_id, _, rest = path.removeprefix(DOWNLOAD_ROOT).partition("/")
    try:
        world = services.worlds.get(world_id)
    except WorldUnknown:
        raise LinkRefused("NoSuchKey") from None
    order = world.tables.orders.get(rest.partition("/")[0])
    if order is None:
        raise LinkRefused("NoSuchKey")
    return world, order


def _expiry(query: str) -> datetime:
    """When a link expires; its query is known to be ours, because its signature was valid."""
    values = dict(parse_qsl(query))
    signed_at = datetime.strptime(values["X-Amz-Date"], _AMZ_TIME).replace(tzinfo=UTC)
    return signed_at + timedelta(seconds=int(values["X-Amz-Expires"]))


def _sign(services: Services, path: str, query: str) -> str:
    return hmac.digest(services.signing_key, f"{path}\n{query}".encode("utf-8", "surrogatepass"), "sha256").hex()
