"""Known differences: what another revision accepts is no breach, and the rule that explains it is named with its source."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from contract_tests.checks.findings import ContractBroken, Finding
from contract_tests.checks.known_differences import ComparedRules
from contract_tests.checks.rules import Rule
from contract_tests.config.service import Service
from contract_tests.config.settings import Settings
from contract_tests.model.known import KnownOrder
from contract_tests.reporting.verdicts import Verdict, decide
from contract_tests.runner.context import prepare_case
from contract_tests.transport.exchanges import Exchange
from polar_contract import load_contract
from tests.contract_tests.checks.answers import ID, TOKEN, answered

ASKED, KEPT = "0.1.0", "2026-10"
SERVICE = Service("It keeps 2026-10.", KEPT, KEPT, (KEPT,), date(2026, 11, 28), asked=ASKED, headers=())
ECHO = {"content-type": "application/json", "cache-control": "private, no-store", "polar-version": KEPT}
PORTAL = f"/v1/customer-portal/orders/{ID}"


@pytest.fixture
def rules() -> ComparedRules:
    """The rules of the revision that was asked for, at a service of the other; an unpaid order is known already."""
    rules = prepare_case(Settings(revision=ASKED, service=SERVICE), load_contract(ASKED)).rules
    assert isinstance(rules, ComparedRules)
    for one in (rules, rules.other.rules):
        one.session_checker.observed_state.orders[ID] = KnownOrder(status="pending")
    return rules


def requested(status: int, body: bytes = b"null") -> Exchange:
    operation = "customer_portal:orders:generate_invoice"
    return answered(operation, f"{PORTAL}/invoice", body, status=status, method="POST", headers=ECHO, token=TOKEN)


def found_by(rules: ComparedRules, exchange: Exchange, **expected: object) -> tuple[Finding, ...]:
    with pytest.raises(ContractBroken) as broken:
        rules.check(exchange, **expected)  # type: ignore[arg-type]
    return broken.value.findings


class GivenAServiceOfAnotherRevision:
    def test_when_an_unpaid_order_gets_an_invoice_then_the_rule_and_its_date_are_told(
        self, rules: ComparedRules
    ) -> None:
        found = found_by(rules, requested(202), status=422, error="NotPaidOrder")
        assert "invoice.refused_statuses is [draft, void], not [pending, void] as in 0.1.0" in found[0].known_difference
        assert "since 24 June 2026" in found[0].known_difference

    def test_when_neither_revision_gives_the_answer_then_it_is_a_breach(self, rules: ComparedRules) -> None:
        assert [one.known_difference for one in found_by(rules, requested(204, b""))] == [""]

    def test_when_both_revisions_expect_another_answer_then_it_is_a_breach(self, rules: ComparedRules) -> None:
        both = replace(rules, is_expected_by_both=True)
        assert [one.known_difference for one in found_by(both, requested(202), status=404)] == [""]


FINDING = Finding(Rule.UNEXPECTED, "200", "500", None, "contract", "curl")


@pytest.mark.parametrize(
    ("findings", "service", "verdict", "exit_code"),
    [
        ([], SERVICE, Verdict.ANOTHER, 1),
        ([FINDING], SERVICE, Verdict.BREAKS, 1),
        ([], replace(SERVICE, asked=None), Verdict.KEEPS, 0),
        ([], replace(SERVICE, asked=KEPT), Verdict.KEEPS, 0),
    ],
)
def test_when_a_run_ends_then_another_revision_is_a_verdict_of_its_own(
    findings: list[Finding], service: Service, verdict: Verdict, exit_code: int
) -> None:
    known = [replace(FINDING, known_difference="2026-10 does it")]
    made = decide(
        target="It", findings=findings, problems=[], missing=[], passed=5, service=service, known_differences=known
    )
    assert (made.verdict, made.exit_code) == (verdict, exit_code)
