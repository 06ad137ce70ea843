"""Stories on a live account, as far as they were allowed: invoices asked for, billing details changed and put back."""

from __future__ import annotations

import pytest

from contract_tests.gaps import Remedy, not_judged
from contract_tests.judging import Judge
from contract_tests.live.invoices import judge_allowed_invoice, judge_asking_again
from contract_tests.live.orders import SIDES
from contract_tests.live.writes import judge_writes

pytestmark = pytest.mark.live


def test_when_an_invoice_is_asked_for_then_it_comes_soon(judge: Judge, allowed_order: str | None) -> None:
    if allowed_order is None:
        why = "asking for one needs --allow-invoice ORDER_ID"
        not_judged("invoices", why, Remedy.INVOICES, "an invoice from its request to its document")
    with judge.target.fixtures() as fixtures:
        judge_allowed_invoice(judge, fixtures, allowed_order)


def test_when_it_is_asked_for_again_then_it_stays(judge: Judge, allowed_order: str | None) -> None:
    if allowed_order is None:
        why = "asking for one needs --allow-invoice ORDER_ID"
        not_judged("invoices", why, Remedy.INVOICES, "whether an invoice stays as it was issued (give the id twice)")
    with judge.target.fixtures() as fixtures:
        judge_asking_again(judge, fixtures, allowed_order)


@pytest.mark.parametrize("who", SIDES)
def test_when_billing_details_are_changed_then_they_show_and_country_and_state_stay(judge: Judge, who: str) -> None:
    with judge.target.fixtures() as fixtures:
        judge_writes(judge, fixtures, who)
