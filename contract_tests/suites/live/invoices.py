"""Requests allowed invoices of a live account: checks refusals, the generated invoice, and that it stays unchanged."""

from __future__ import annotations

from typing import NoReturn

import requests

from contract_tests.checks.findings import ContractBroken
from contract_tests.checks.invoice_link import link_problems
from contract_tests.checks.invoice_pdf import document_problems
from contract_tests.checks.rules import Rule
from contract_tests.config.gaps import Remedy, not_checked
from contract_tests.config.settings import Settings
from contract_tests.model.known import KnownOrder
from contract_tests.model.outcomes import invoice_outcomes
from contract_tests.runner.context import RunContext
from contract_tests.suites.live.orders import LiveOrder, find_order
from contract_tests.targets.fixtures import Fixtures
from contract_tests.transport.exchanges import Exchange
from contract_tests.transport.guards import RateLimited
from contract_tests.transport.polling import wait_for
from contract_tests.transport.session import NoAnswer
from contract_tests.transport.timeouts import DeadlineSession
from polar_contract.json_types import JsonObject, JsonValue, as_object

# A regenerated document is available within this time; observed in April 2026 were 2.5 to 11 seconds.
_LONGEST_LOOK_SECONDS = 15.0
_PERHAPS = "the invoice may have been made all the same; look before you ask again"
# Fields that a request for an existing invoice must not change.
_LASTING = ("invoice_number", "is_invoice_generated", "modified_at")


def check_allowed_invoice(context: RunContext, fixtures: Fixtures, order_id: str) -> None:
    """Check the result of one invoice request for an order of `--allow-invoice`. Errors: ContractBroken; Skipped."""
    order = find_order(context, fixtures, order_id)
    before = order.read()
    known = KnownOrder().with_body(before)
    expected = invoice_outcomes(known, context.behaviour)[0]
    if expected.status >= 400:
        _ask_for_invoice(order, status=expected.status, error=expected.error)
        order.ask("get", status=200, shows={name: before.get(name) for name in _LASTING})
    elif not known.is_invoiced:
        _expect_invoice(order, before)
    else:
        _document(order)


def check_second_request(context: RunContext, fixtures: Fixtures, order_id: str) -> None:
    """Use the remaining permissions of an order that has its invoice. Errors: ContractBroken; Skipped."""
    order = find_order(context, fixtures, order_id)
    if order.read().get("is_invoice_generated") is not True:
        why = f"whether the invoice of {order_id} stays unchanged; it has no invoice"
        not_checked("invoices", why, Remedy.ORDERS, "an order with an invoice, to ask for it again")
    times = context.case.settings.permissions.invoice_ids.count(order_id) - _times_asked(context, order_id)
    if times <= 0:
        why = f"whether the invoice of {order_id} stays unchanged; a second request would show it, so allow it twice"
        not_checked("invoices", why, Remedy.INVOICES, "whether an invoice stays unchanged (give the id twice)")
    for _ in range(times):
        _expect_nothing_new(order)


def _times_asked(context: RunContext, order_id: str) -> int:
    """How many requests for the invoice were accepted in this run."""
    sent = (one for one in context.case.ledger.exchanges if one.method == "POST" and one.status == 202)
    return sum(one.path.endswith(f"/orders/{order_id}/invoice") for one in sent)


def _ask_for_invoice(order: LiveOrder, *, status: int, error: str | None = None) -> Exchange:
    """Request the invoice, note what came of it unless it was accepted, and check the response. Errors: ContractBroken."""
    try:
        answer = order.send("generate_invoice")
    except RateLimited:
        order.note("refused, 429: no invoice was made")
        raise
    except (NoAnswer, KeyboardInterrupt):
        order.note(f"requested, but no answer was seen: {_PERHAPS}")
        raise
    said = f"{answer.status} {answer.error_name() or ''}".rstrip()
    if 400 <= answer.status < 500:
        order.note(f"refused, {said}: no invoice was made")
    elif answer.status != 202:
        order.note(f"answered {said}: {_PERHAPS}")
    return order.context.rules.check(answer, status=status, error=error)


def _expect_invoice(order: LiveOrder, before: JsonObject) -> None:
    """Check that a first request produces an invoice in time."""
    context = order.context
    asked = _ask_for_invoice(order, status=202)
    within = context.case.settings.limits.ready_within_seconds

    def issued() -> JsonObject | None:
        shown = order.read()
        return shown if shown.get("is_invoice_generated") is True else None

    shown = None
    try:
        shown = wait_for(issued, within)
    finally:
        # Also after an interruption or a broken rule.
        number = None if shown is None else shown.get("invoice_number")
        order.note(f"accepted, but none was seen yet; {_PERHAPS}" if shown is None else f"invoice {number} was issued")
    if shown is None:
        _fail(order, asked, Rule.READY_SOON, f"an invoice within {within:g} seconds", "none")
    order.ask("get", status=200, shows={"invoice_number": before.get("invoice_number")})
    _document(order, is_new=True)


def _expect_nothing_new(order: LiveOrder) -> None:
    """Check that one more request changes neither the order nor, if downloads are allowed, the document."""
    first, document = order.read(), _document(order)
    asked = _ask_for_invoice(order, status=202)
    order.note(f"invoice {first.get('invoice_number')}, issued before, was requested again")
    within = min(_LONGEST_LOOK_SECONDS, order.context.case.settings.limits.ready_within_seconds)

    def changed() -> tuple[str, JsonValue] | None:
        shown = order.read()
        return next(((name, shown.get(name)) for name in _LASTING if shown.get(name) != first.get(name)), None)

    difference = wait_for(changed, within)
    if difference is not None:
        name, value = difference
        _fail(
            order,
            asked,
            Rule.PERMANENT,
            f"{name} stays {first.get(name)!r} after another request",
            f"{name} is {value!r}",
        )
    if document is not None and _document(order) != document:
        _fail(order, asked, Rule.PERMANENT, "the bytes that were issued first", "other bytes")


def _document(order: LiveOrder, *, is_new: bool = False) -> bytes | None:
    """The invoice's document; None if downloads are not allowed. The download request carries no token."""
    issued = order.ask("invoice", status=200)
    if not order.context.case.settings.permissions.downloads:
        return None
    url = str(as_object(issued.json()).get("url"))
    for problem in link_problems(url, lifetime_seconds=order.context.behaviour.invoice.link_lifetime_seconds):
        _fail(order, issued, *problem)
    got = _downloaded(url, order.context.case.settings)
    if isinstance(got, str):
        _fail(order, issued, Rule.LEADS_TO_PDF, "200 with a PDF document", got)
    headers = {name.lower(): value for name, value in got.headers.items()}
    for problem in document_problems(got.content, headers, order.read(), is_new=is_new, is_mocked=False):
        _fail(order, issued, *problem)
    return got.content


def _downloaded(url: str, settings: Settings) -> requests.Response | str:
    """The 200 response, or a description of what came instead."""
    try:
        with DeadlineSession(settings.timeout_seconds, route=settings.network.route_to(url)) as session:
            answer = session.get(url)
    except requests.RequestException as problem:
        return f"no answer ({type(problem).__name__})"
    return answer if answer.status_code == 200 else f"status {answer.status_code}"


def _fail(order: LiveOrder, exchange: Exchange, rule: Rule, expected: str, got: str) -> NoReturn:
    raise ContractBroken([order.context.rules.finding(exchange, rule, expected, got)])
