"""Scenarios on a live account, when allowed by options: invoices are requested, billing details changed and restored."""

from __future__ import annotations

import pytest

from contract_tests.config.gaps import Remedy, not_checked
from contract_tests.runner.context import RunContext
from contract_tests.suites.live.invoices import check_allowed_invoice, check_second_request
from contract_tests.suites.live.orders import OPERATION_PREFIXES
from contract_tests.suites.live.writes import check_writes

pytestmark = pytest.mark.live


def test_when_an_invoice_is_asked_for_then_it_comes_soon(context: RunContext, allowed_order: str | None) -> None:
    if allowed_order is None:
        why = "requesting one needs --allow-invoice ORDER_ID"
        not_checked("invoices", why, Remedy.INVOICES, "an invoice from its request to its document")
    with context.target.fixtures() as fixtures:
        check_allowed_invoice(context, fixtures, allowed_order)


def test_when_it_is_asked_for_again_then_it_stays(context: RunContext, allowed_order: str | None) -> None:
    if allowed_order is None:
        why = "requesting one needs --allow-invoice ORDER_ID"
        not_checked("invoices", why, Remedy.INVOICES, "whether an invoice stays as it was issued (give the id twice)")
    with context.target.fixtures() as fixtures:
        check_second_request(context, fixtures, allowed_order)


@pytest.mark.parametrize("who", OPERATION_PREFIXES)
def test_when_billing_details_are_changed_then_they_show_and_country_and_state_stay(
    context: RunContext, who: str
) -> None:
    with context.target.fixtures() as fixtures:
        check_writes(context, fixtures, who)
