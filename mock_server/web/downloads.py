"""Download an invoice document by its signed link; links that don't work get the object store's messages."""

from __future__ import annotations

from functools import partial

from mock_server.documents.journal_queries import DOWNLOAD
from mock_server.services.context import Services
from mock_server.services.downloads import LinkRefused, follow_link, owner_of_link
from mock_server.services.faults import strike_call
from mock_server.store.state import World
from mock_server.web.cors import ANY_ORIGIN
from mock_server.web.exchange import Answer, Incoming
from mock_server.web.faults import answer_struck
from mock_server.web.recording import record_download
from mock_server.web.revisions import ServedRevisions

_XML = ("Content-Type", "application/xml")


def answer_download(services: Services, revisions: ServedRevisions, incoming: Incoming) -> Answer:
    """200 with the PDF; 403 for a link that was altered or has expired, 404 for one without a document; or what a fault makes of it."""
    world, order_id = owner_of_link(services, incoming.path)
    answer, fault = _answer_or_fault(services, revisions, world, order_id, incoming)
    record_download(services, world, order_id, incoming, answer, fault)
    return answer


def _answer_or_fault(
    services: Services, revisions: ServedRevisions, world: World | None, order_id: str, incoming: Incoming
) -> tuple[Answer, str | None]:
    """The answer, and the id of the fault that struck. Only rules that name downloads strike them."""
    rules = world.state.faults.only_of(DOWNLOAD) if world is not None else ()
    if world is None or not rules:
        return _answer(services, incoming), None
    strike = strike_call(world, rules, caller=None, method=incoming.method, path_parameters={"id": order_id})
    if strike is None:
        return _answer(services, incoming), None
    revision = revisions.served(world.policies.versions.current or world.revision)
    struck = answer_struck(strike, incoming, revision, world, partial(_answer, services, incoming))
    return struck, strike.rule_id


def _answer(services: Services, incoming: Incoming) -> Answer:
    if incoming.method not in ("GET", "HEAD"):
        return _refused(405, "MethodNotAllowed", "The specified method is not allowed against this resource.")
    try:
        download = follow_link(services, path=incoming.path, query=incoming.query)
    except LinkRefused as refused:
        return _answer_to(refused)
    disposition = f'attachment; filename="{_header_safe(download.filename)}"'
    headers = (("Content-Type", "application/pdf"), ("Content-Disposition", disposition), ANY_ORIGIN)
    return Answer(200, download.body, headers)


def _answer_to(refused: LinkRefused) -> Answer:
    match refused.reason:
        case "NoSuchKey":
            return _refused(404, "NoSuchKey", "The specified key does not exist.")
        case "SignatureDoesNotMatch":
            return _refused(403, "SignatureDoesNotMatch", "The signature does not match the request.")
        case reason:
            return _refused(403, "AccessDenied", reason)


def _refused(status: int, code: str, message: str) -> Answer:
    body = f'<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code><Message>{message}</Message></Error>'
    return Answer(status, body.encode(), (_XML,))


def _header_safe(filename: str) -> str:
    """Invoice numbers of world documents are free text; a header takes printable Latin-1 without quotes."""
    return "".join(c if c.isprintable() and c.isascii() and c not in '"\\' else "_" for c in filename)
