"""The rules for single answers: right answers pass, and each kind of wrong answer breaks its rule."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contract_tests.checks.findings import ContractBroken
from contract_tests.checks.response import AnswerRules, differences
from contract_tests.checks.rules import Rule
from contract_tests.checks.session_checker import SessionChecker
from contract_tests.transport.exchanges import Exchange
from polar_contract import Contract
from polar_contract.operations import Operations
from polar_contract.schemas import ResponseSchemas

_JSON = {"content-type": "application/json"}
_CHALLENGE = {**_JSON, "www-authenticate": 'Bearer realm="polar"'}
_INVOICE = "customer_portal:orders:generate_invoice"
_ID = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
_PLACES = {
    _INVOICE: ("POST", f"/v1/customer-portal/orders/{_ID}/invoice"),
    "orders:invoice": ("GET", f"/v1/orders/{_ID}/invoice"),
    "webhooks:delete_webhook_endpoint": ("DELETE", f"/v1/webhooks/endpoints/{_ID}"),
    None: ("GET", "/v1/nothing"),
}
_DETAILS = {
    "NotPaidOrder": f"Order {_ID} is not paid, so an invoice cannot be generated.",
    "MissingInvoiceBillingDetails": "Billing name and address are required to generate an invoice for this order.",
    "ResourceNotFound": "Not found",
    "Unauthorized": "Unauthorized",
}


@pytest.fixture(scope="module")
def rules(contract: Contract) -> AnswerRules:
    operations = Operations(contract.published, contract.effective)
    return AnswerRules(
        operations, ResponseSchemas(contract.effective), str, SessionChecker(operations, contract.behaviour)
    )


def _exchange(
    status: int,
    body: bytes,
    headers: dict[str, str] | None = None,
    operation_id: str | None = _INVOICE,
    token: str | None = "polar_cst_somebody",
) -> Exchange:
    method, path = _PLACES[operation_id]
    sent = {"Authorization": f"Bearer {token}"} if token else {}
    came = _JSON if headers is None else headers
    return Exchange(method, f"http://x{path}", path, sent, b"", status, came, body, 0.0, operation_id)


def _error(name: str) -> bytes:
    return json.dumps({"error": name, "detail": _DETAILS.get(name, "Something")}).encode()


@pytest.mark.parametrize(
    "exchange",
    [
        _exchange(202, b"null"),
        _exchange(422, _error("NotPaidOrder")),
        _exchange(422, _error("MissingInvoiceBillingDetails")),
        _exchange(404, _error("ResourceNotFound")),
        _exchange(401, _error("Unauthorized"), _CHALLENGE, token=None),
        _exchange(429, b"", {"retry-after": "60"}),
        _exchange(204, b"", {}, "webhooks:delete_webhook_endpoint", "polar_oat_somebody"),
        _exchange(404, b'{"detail":"Not Found"}', operation_id=None, token=None),
        _exchange(404, b'{"detail":"Not Found"}', operation_id=None),
    ],
    ids=lambda exchange: f"{exchange.status}",
)
def test_when_an_answer_is_right_then_no_rule_is_broken(rules: AnswerRules, exchange: Exchange) -> None:
    assert rules.findings(exchange) == []


@pytest.mark.parametrize(
    ("exchange", "rule"),
    [
        (_exchange(500, b"", {}), Rule.NO_FAILURE),
        (_exchange(503, b"", {}, None), Rule.NO_FAILURE),
        (_exchange(409, _error("Conflict")), Rule.DOCUMENTED),
        (_exchange(202, b"{}"), Rule.ACCEPTED_NULL),
        (_exchange(202, b""), Rule.IS_JSON),
        (_exchange(202, b"null", {"content-type": "text/html"}), Rule.CONTENT_TYPE),
        (_exchange(202, b"null", {}), Rule.CONTENT_TYPE),
        (_exchange(422, _error("SomethingElse")), Rule.SHAPE),
        (_exchange(422, b'{"error":"NotPaidOrder"}'), Rule.SHAPE),
        (_exchange(404, _error("InvoiceDoesNotExist")), Rule.SHAPE),
        (_exchange(422, _error("NotPaidOrder").replace(b"6 is", b"7 is")), Rule.ERROR_TEXT),
        (_exchange(202, b"null", token=None), Rule.UNEXPECTED),
        (_exchange(202, b"null", token="polar_oat_x"), Rule.UNEXPECTED),
        (_exchange(401, _error("Unauthorized")), Rule.HEADERS_SENT),
        (
            _exchange(204, b"x", {}, "webhooks:delete_webhook_endpoint"),
            Rule.NO_CONTENT,
        ),
        (_exchange(200, b'{"url": 5}', operation_id="orders:invoice"), Rule.SHAPE),
    ],
    ids=lambda value: value.id if isinstance(value, Rule) else f"{value.status}",
)
def test_when_an_answer_is_wrong_then_the_rule_for_it_is_broken(
    rules: AnswerRules, exchange: Exchange, rule: Rule
) -> None:
    assert rule in {finding.rule for finding in rules.findings(exchange)}


class GivenAnExpectation:
    def test_when_the_status_is_another_then_the_finding_shows_both(self, rules: AnswerRules) -> None:
        with pytest.raises(ContractBroken) as broken:
            rules.check(_exchange(202, b"null"), status=422, error="NotPaidOrder")
        (finding,) = broken.value.findings
        assert "422 NotPaidOrder" in finding.expected
        assert finding.got.startswith("202 null")

    def test_when_the_two_refusals_are_swapped_then_it_is_found(self, rules: AnswerRules) -> None:
        with pytest.raises(ContractBroken):
            rules.check(_exchange(422, _error("MissingInvoiceBillingDetails")), status=422, error="NotPaidOrder")

    @pytest.mark.parametrize(("status", "source"), [(202, "contract"), (404, "observed"), (422, "contract")])
    def test_when_it_is_broken_then_the_finding_names_the_document(
        self, rules: AnswerRules, status: int, source: str
    ) -> None:
        with pytest.raises(ContractBroken) as broken:
            rules.check(_exchange(401, _error("Unauthorized"), _CHALLENGE), status=status)
        assert broken.value.findings[0].source == source


@pytest.mark.parametrize(
    ("wanted", "found", "places"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, []),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, ["body.a.b"]),
        ({"a": None}, {}, ["body.a"]),
        ({"items": []}, {"items": [1]}, ["body.items"]),
        ({"items": [{"a": 1}]}, {"items": [{"a": 1, "b": 2}]}, []),
        ({"items": [{"a": 1}, {"a": 2}]}, {"items": [{"a": 1}, {"a": 3}]}, ["body.items[1].a"]),
    ],
)
def test_when_a_body_is_compared_then_only_what_is_named_counts(wanted: Any, found: Any, places: list[str]) -> None:
    assert [place for place, _, _ in differences(wanted, found)] == places


def test_when_an_answer_is_read_again_then_it_is_not_parsed_again() -> None:
    answer = _exchange(200, b'{"items": []}')
    assert answer.json() is answer.json()
