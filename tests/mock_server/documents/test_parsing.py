"""Reading world documents: every part is optional, and every problem is reported with its path."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.documents.errors import DocumentInvalid
from mock_server.documents.schema import WorldDocument
from mock_server.domain.customers import CustomerType
from mock_server.domain.policies import Generation, InvoicePolicy, Reissue
from mock_server.domain.sessions import CredentialKind
from tests.mock_server.documents.worlds import AN_ID, ANYTHING, JANE, problems_of, read

CUSTOMERS = {"main": {**JANE, "members": {"owner": {"role": "owner"}}}}
SESSION = {"kind": "customer_session", "customer": "main"}
FOREIGN_ADDRESS = {"billing_address": {"country": "Narnia"}}


class GivenADocumentThatSaysLittle:
    @pytest.mark.parametrize(
        "document",
        [{}, {"orders": {}}, {"orders": None, "customers": None, "organization": None, "invoices": None}],
    )
    def test_then_everything_has_its_default(self, document: Any) -> None:
        assert read(document) == WorldDocument()

    def test_when_a_field_is_null_then_it_has_its_default(self) -> None:
        document = read(
            {
                "customers": {"main": {**JANE, "type": None, "members": None}},
                "tokens": {"oat": {"kind": "organization_access_token", "scopes": None, "expires_in_seconds": None}},
                "orders": {"paid": {"customer": "main", "status": None, "subtotal_amount": None}},
            }
        )

        assert document.customers["main"].type is CustomerType.INDIVIDUAL
        assert document.tokens["oat"].scopes is None
        assert document.orders["paid"].subtotal_amount is None

    def test_when_a_price_is_null_then_it_is_free_and_not_the_default(self) -> None:
        products = read({"products": {"free": {"price_amount": None}, "plain": {}}}).products

        assert (products["free"].price_amount, products["plain"].price_amount) == (None, 1000)


class GivenADocumentThatSaysMuch:
    def test_then_an_id_is_kept_in_lower_case(self) -> None:
        assert read({"organization": {"id": AN_ID.upper()}}).organization.id == AN_ID

    def test_then_invoices_are_made_as_it_says(self) -> None:
        said = {"generation": "immediate", "delay_seconds": 0.5, "reissue": "as-served", "automatic": True}

        policy = read({"invoices": said}).policies.invoices

        assert policy == InvoicePolicy(Generation.IMMEDIATE, timedelta(seconds=0.5), Reissue.AS_SERVED, automatic=True)

    @pytest.mark.parametrize(
        ("kind", "expected"),
        [
            ("customer_session", CredentialKind.CUSTOMER_SESSION),
            ("member_session", CredentialKind.MEMBER_SESSION),
            ("organization_access_token", CredentialKind.ACCESS_TOKEN),
        ],
    )
    def test_then_a_token_is_of_the_kind_that_it_says(self, kind: str, expected: CredentialKind) -> None:
        token = {"kind": kind, "customer": "main", "member": "owner"}

        assert read({"customers": CUSTOMERS, "tokens": {"t": token}}).tokens["t"].kind is expected

    def test_then_a_local_webhook_url_is_allowed(self) -> None:
        document = read({"webhook_endpoints": {"app": {"url": "http://127.0.0.1:3000/hook"}}})

        assert document.webhook_endpoints["app"].url == "http://127.0.0.1:3000/hook"


class GivenADocumentThatIsWrong:
    @pytest.mark.parametrize(
        ("document", "path", "said"),
        [
            ([], "", "an object"),
            ({"organisation": {}}, "organisation", "did you mean organization?"),
            ({"colour": 1}, "colour", "possible are: revision"),
            ({"orders": {"paid": {"billing_adress": None}}}, "orders.paid.billing_adress", "mean billing_address?"),
            ({"orders": {"a": {"payment": {"state": 1}}}}, "orders.a.payment.state", "did you mean status?"),
            ({"orders": []}, "orders", "an object of named objects"),
            ({"orders": {"a": "paid"}}, "orders.a", 'is "paid"; it has to be an object'),
            ({"orders": {"a": {"status": "payed"}}}, "orders.a.status", "pending, paid, refunded"),
            ({"orders": {"a": {"status": ["paid"]}}}, "orders.a.status", "is a list"),
            ({"orders": {"a": {"subtotal_amount": 1.5}}}, "orders.a.subtotal_amount", "a whole number"),
            ({"orders": {"a": {"subtotal_amount": True}}}, "orders.a.subtotal_amount", "a whole number"),
            ({"orders": {"a": {"subtotal_amount": 2**53}}}, "orders.a.subtotal_amount", "a whole number"),
            ({"orders": {"a": {"deleted": "yes"}}}, "orders.a.deleted", "true or false"),
            ({"orders": {"a": {"billing_address": "x"}}}, "orders.a.billing_address", "an object"),
            ({"orders": {"a": {"billing_address": {}}}}, "orders.a.billing_address.country", "two capitals"),
            ({"orders": {"a": FOREIGN_ADDRESS}}, "orders.a.billing_address.country", 'is "Narnia"'),
            ({"orders": {"a": {"created_at": "2026-05-01"}}}, "orders.a.created_at", "with its zone"),
            ({"orders": {"a": {"created_at": 5}}}, "orders.a.created_at", "is 5"),
            ({"orders": {"a": {"metadata": {"x": float("nan")}}}}, "orders.a.metadata", "finite"),
            ({"orders": {"a": {"metadata": {"x": []}}}}, "orders.a.metadata", "finite"),
            ({"orders": {"a": {"id": AN_ID.replace("-4", "-1", 1)}}}, "orders.a.id", "version 4"),
            ({"organization": {"created_at": "0001-01-01T00:00:00+14:00"}}, "organization.created_at", "years"),
            ({"organization": {"name": 5}}, "organization.name", "is 5; it has to be a text"),
            ({"products": {"p": {"benefits": "x"}}}, "products.p.benefits", "a list"),
            ({"products": {"p": {"benefits": [5]}}}, "products.p.benefits.0", "an object"),
            ({"customers": FOREIGN_ADDRESS}, "customers.billing_address.country", "unknown key"),
            ({"customers": {"": {}}}, "customers", "empty"),
            ({"customers": {"m": {"members": {"": {}}}}}, "customers.m.members", "empty"),
            ({"customers": {"m": {"members": {"x": {"role": "boss"}}}}}, "customers.m.members.x.role", "owner"),
            ({"tokens": {"t": {}}}, "tokens.t.kind", "organization_access_token"),
            ({"webhook_endpoints": {"a": {}}}, "webhook_endpoints.a.url", "http://"),
            ({"webhook_endpoints": {"a": {"url": "file:///etc/passwd"}}}, "webhook_endpoints.a.url", "http://"),
            ({"webhook_endpoints": {"a": {"url": "http://x", "events": [1]}}}, "webhook_endpoints.a.events", "texts"),
            ({"invoices": {"delay_seconds": -1}}, "invoices.delay_seconds", "negative"),
            ({"invoices": {"delay_seconds": float("inf")}}, "invoices.delay_seconds", "a number"),
            ({"rate_limits": "none"}, "rate_limits", "sandbox, production"),
            ({"rate_limits": 5}, "rate_limits", "an object"),
            ({"rate_limits": {"requests": -1}}, "rate_limits.requests", "negative"),
            ({"rate_limits": {"profile": "dev"}}, "rate_limits.profile", "sandbox, production"),
            ({"invoices": {"generation": "later"}}, "invoices.generation", "immediate, delayed, stepped"),
        ],
    )
    def test_then_the_problem_has_its_path_and_what_is_possible(self, document: Any, path: str, said: str) -> None:
        assert said in problems_of(document)[path]

    @pytest.mark.parametrize(
        ("document", "path"),
        [
            ({"orders": {"a": {"customer": "nobody"}}}, "orders.a.customer"),
            ({"orders": {"a": {"product": "nothing"}}}, "orders.a.product"),
            ({"orders": {"a": {"subscription": "none"}}}, "orders.a.subscription"),
            ({"subscriptions": {"s": {"product": "p"}}}, "subscriptions.s.product"),
            ({"subscriptions": {"s": {"product": "p"}}}, "subscriptions.s.customer"),
            ({"tokens": {"t": {"kind": "customer_session"}}}, "tokens.t.customer"),
            ({"tokens": {"t": {"kind": "organization_access_token", "customer": "nobody"}}}, "tokens.t.customer"),
            ({"tokens": {"t": {**SESSION, "kind": "member_session"}}}, "tokens.t.member"),
            ({"tokens": {"t": {**SESSION, "member": "nobody"}}}, "tokens.t.member"),
        ],
    )
    def test_when_a_name_does_not_exist_then_its_place_is_reported(self, document: dict[str, Any], path: str) -> None:
        said = problems_of({"customers": CUSTOMERS, **document})[path]

        assert re.fullmatch(r'is (missing|".+"); (one of: .+|this document has no \w+s)', said)

    def test_when_an_order_has_no_customer_to_fall_back_on_then_it_is_refused(self) -> None:
        assert problems_of({"orders": {"a": {}}}).keys() == {"orders.a.customer"}

    def test_when_several_things_are_wrong_then_all_are_reported_in_the_documents_order(self) -> None:
        wrong = {
            "zebra": 1,
            "apple": 2,
            "mango": 3,
            "orders": {"a": {"status": 1, "seats": "x"}},
            "customers": CUSTOMERS,
        }

        assert list(problems_of(wrong)) == ["zebra", "apple", "mango", "orders.a.status", "orders.a.seats"]

    def test_when_an_object_is_none_then_only_that_is_reported_of_it(self) -> None:
        document = {"customers": CUSTOMERS, "orders": {"a": {"billing_address": "x", "payment": 1, "invoice": []}}}

        assert problems_of(document).keys() == {
            "orders.a.billing_address",
            "orders.a.payment",
            "orders.a.invoice",
        }

    @pytest.mark.parametrize("key", ["k" * 100_000, "orders" * 1000], ids=["k", "orders"])
    def test_when_an_unknown_key_is_long_then_the_problem_is_short(self, key: str) -> None:
        (path,) = problems_of({key: 1})

        assert len(path) <= 60

    @pytest.mark.parametrize(
        "token",
        ["polar_oat_abc", "polar_cst_", "polar_cst_a b", "polar_cst_é", "abc", "polar_cst_a\nX: y"],
    )
    def test_when_a_token_can_not_be_sent_as_that_kind_then_it_is_refused_and_not_repeated(self, token: str) -> None:
        said = problems_of({"customers": CUSTOMERS, "tokens": {"t": {**SESSION, "token": token}}})["tokens.t.token"]

        assert said.startswith("has to be polar_cst_ and")
        assert token not in said.removeprefix("has to be polar_cst_ and")


class GivenAnythingAtAll:
    @given(value=ANYTHING, section=st.sampled_from(["organization", "products", "customers", "tokens", "orders", "x"]))
    def test_then_it_is_read_or_refused_in_a_message(self, value: Any, section: str) -> None:
        for document in (value, {section: value}, {section: {"a": value}}, {section: {"a": {"created_at": value}}}):
            said = outcome_of(document)
            assert said
            assert not re.search(r": (is|has) (None|True|False)\b", said)


def outcome_of(document: Any) -> str:
    try:
        return type(read(document)).__name__
    except DocumentInvalid as refused:
        return str(refused)
