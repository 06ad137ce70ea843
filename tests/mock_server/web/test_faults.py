"""Faults of API calls: whom they strike, what the client gets, and what becomes of the operation's effect."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from mock_server.assembly import MockServer
from tests.mock_server.factories import NOW
from tests.mock_server.web.conftest import ACME, Api, world_of
from tests.mock_server.web.struck import BROKEN, GENERATE, GET, add, statuses

LIST = "customer_portal:orders:list"


class GivenADownload:
    @pytest.fixture
    def link(self, api: Api) -> str:
        api.send("POST", f"{api.order('paid')}/invoice", token="customer")
        api.in_world("POST", "/settle")
        url: str = api.send("GET", f"{api.order('paid')}/invoice", token="customer").json["url"]
        return url.removeprefix("http://localhost")

    def test_when_a_rule_names_it_then_it_is_struck_and_the_journal_says_so(self, api: Api, link: str) -> None:
        fault = add(api, operation="download", order="paid", times=1, answer=BROKEN)

        first, second = api.send("GET", link), api.send("GET", link)

        assert (first.status_code, second.status_code, second.mimetype) == (500, 200, "application/pdf")
        assert [entry["fault"] for entry in api.in_world("GET", "/journal?operation=download")["items"]] == [
            fault,
            None,
        ]

    def test_when_a_rule_is_for_every_operation_or_for_another_order_then_it_is_not_struck(
        self, api: Api, link: str
    ) -> None:
        add(api, answer=BROKEN)
        add(api, operation="download", order="unpaid", answer=BROKEN)

        assert api.send("GET", link).status_code == 200


class GivenAFaultWithAnAnswer:
    def test_when_it_strikes_before_the_effect_then_the_function_does_not_run(self, api: Api) -> None:
        add(api, operation=GENERATE, answer=BROKEN)

        answer = api.send("POST", f"{api.order('paid')}/invoice", token="customer")

        assert (answer.status_code, answer.text) == (500, "Internal Server Error")
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert api.in_world("POST", "/settle")["ran"] == []

    def test_when_it_strikes_after_the_effect_then_the_invoice_is_made_all_the_same(self, api: Api) -> None:
        add(api, operation=GENERATE, answer=BROKEN, effect="after", times=1)

        assert statuses(api, 2, f"{api.order('paid')}/invoice", "POST") == [500, 202]

        assert api.invoices_made(api.in_world("POST", "/settle")["ran"]) == [api.world["ids"]["order:paid"]]
        assert api.send("GET", f"{api.order('paid')}/invoice", token="customer").status_code == 200
        assert len(api.events()) == 1

    def test_when_it_strikes_after_a_refusal_then_the_client_gets_the_fault(self, api: Api) -> None:
        add(api, operation=GENERATE, answer=BROKEN, effect="after")

        assert statuses(api, 1, f"{api.order('unpaid')}/invoice", "POST") == [500]
        assert statuses(api, 1, "/v1/customer-portal/orders/none/invoice", "POST") == [500]
        assert api.in_world("POST", "/settle")["ran"] == []

    def test_when_calls_are_struck_then_the_journal_says_by_which_fault_and_what_was_changed_all_the_same(
        self, api: Api
    ) -> None:
        before, after = add(api, operation=GENERATE, answer=BROKEN, times=1), add(api, answer=BROKEN, effect="after")
        api.in_world("DELETE", "/journal")

        statuses(api, 2, f"{api.order('paid')}/invoice", "POST")
        api.in_world("DELETE", "/faults")
        statuses(api, 1, api.order("paid"))

        entries = api.in_world("GET", "/journal")["items"]
        assert [(entry["fault"], entry["status"]) for entry in entries] == [(before, 500), (after, 500), (None, 200)]
        assert [bool(entry["changed"].get("jobs")) for entry in entries] == [False, True, False]

    @pytest.mark.parametrize(
        ("answer", "status", "body", "content_type"),
        [
            ({"status": 503}, 503, b"", None),
            ({"status": 599, "body": {"a": [1, "é"]}}, 599, '{"a":[1,"é"]}'.encode(), "application/json"),
            ({"status": 202, "body": None}, 202, b"null", "application/json"),
            ({"status": 502, "body": "<p>", "headers": {"content-type": "text/html"}}, 502, b"<p>", "text/html"),
            ({"status": 204}, 204, b"", None),
        ],
        ids=["empty", "json", "null", "html", "no content"],
    )
    def test_when_it_is_given_then_it_is_sent_as_it_stands(
        self, api: Api, answer: dict[str, Any], status: int, body: bytes, content_type: str | None
    ) -> None:
        add(api, operation=LIST, answer=answer)

        sent = api.send("GET", "/v1/customer-portal/orders/", token="customer")

        assert (sent.status_code, sent.data, sent.headers.get("Content-Type")) == (status, body, content_type)

    @pytest.mark.parametrize(
        ("name", "status", "said"),
        [
            ("InvoiceDoesNotExist", 404, "No invoice exists for order {id}."),
            ("NotPaidOrder", 422, "Order {id} is not paid, so an invoice cannot be generated."),
            ("OrderNotDraft", 412, "Order {id} is not a draft (current status: paid)."),
            ("RequestBodyTooLarge", 413, "The request body is larger than 4194304 bytes."),
        ],
    )
    def test_when_it_is_named_then_it_is_the_documented_one_with_the_orders_facts(
        self, api: Api, name: str, status: int, said: str
    ) -> None:
        add(api, operation=GET, answer=name)
        order_id = api.world["ids"]["order:paid"]

        for form in (order_id, order_id.upper(), order_id.replace("-", "")):
            answer = api.send("GET", f"/v1/customer-portal/orders/{form}", token="customer")

            assert (answer.status_code, answer.json) == (status, {"error": name, "detail": said.format(id=order_id)})

    def test_when_it_is_named_in_another_revision_then_it_has_that_revisions_headers(self, today: Api) -> None:
        add(today, operation=GET, answer="Unauthorized")

        answer = today.send("GET", today.order("paid"), token="customer")

        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.headers["Polar-Version"] == "2026-10"


class GivenAFaultThatLimitsTheRate:
    def test_when_it_strikes_then_the_answer_has_no_body_and_only_the_seconds(self, api: Api) -> None:
        add(api, retry_after=60)

        answer = api.send("GET", api.order("paid"), token="customer", headers={"Origin": "http://a.example"})

        assert (answer.status_code, answer.data) == (429, b"")
        assert dict(answer.headers) == {
            "Retry-After": "60",
            "Content-Length": "0",
            "Access-Control-Allow-Origin": "*",
        }

    def test_when_a_page_asks_a_later_revision_then_it_may_read_what_the_revision_exposes(self, today: Api) -> None:
        add(today, retry_after=60)

        answer = today.send("GET", today.order("paid"), token="customer", headers={"Origin": "http://a.example"})

        exposed = answer.headers.get("Access-Control-Expose-Headers", "")
        assert exposed == ", ".join(today.server.revisions.behaviour_of("2026-10").response.cors_exposed_headers)


class GivenAFaultOfSomeCalls:
    @pytest.mark.parametrize(
        ("rule", "struck"),
        [
            ({"operation": GET}, ["paid"]),
            ({"order": "paid"}, ["paid", "paid by organization"]),
            ({"token": "oat"}, ["paid by organization"]),
            ({"method": "POST"}, ["request"]),
            ({"operation": GET, "order": "no_name"}, []),
            ({}, ["paid", "list", "paid by organization", "request"]),
        ],
        ids=["operation", "order", "token", "method", "both", "all"],
    )
    def test_when_others_are_made_then_they_are_not_struck(
        self, api: Api, rule: dict[str, Any], struck: list[str]
    ) -> None:
        add(api, answer=BROKEN, **rule)
        calls = {
            "paid": ("GET", api.order("paid"), "customer"),
            "list": ("GET", "/v1/customer-portal/orders/", "customer"),
            "paid by organization": ("GET", api.org_order("paid"), "oat"),
            "request": ("POST", f"{api.order('no_name')}/invoice", "customer"),
        }

        answers = {name: api.send(method, path, token=token) for name, (method, path, token) in calls.items()}

        assert [name for name, answer in answers.items() if answer.status_code == 500] == struck

    def test_when_it_is_named_by_its_id_then_the_order_is_found(self, api: Api) -> None:
        add(api, order=api.world["ids"]["order:paid"], answer=BROKEN)

        assert statuses(api, 1, api.order("paid")) == [500]
        assert statuses(api, 1, api.order("no_name")) == [200]

    def test_when_calls_reach_no_operation_of_the_world_then_they_are_not_struck(self, api: Api) -> None:
        add(api, answer=BROKEN)
        page = {"Origin": "http://a.example", "Access-Control-Request-Method": "GET"}

        assert statuses(api, 1, api.order("paid"), "HEAD") == [405]
        assert statuses(api, 1, "/v1/unknown/") == [404]
        assert statuses(api, 1, api.order("paid"), token="polar_cst_unknown") == [401]
        assert api.send("GET", api.order("paid")).status_code == 401
        assert api.send("OPTIONS", api.order("paid"), headers=page).status_code == 200
        assert api.in_world("GET", "/faults")["items"][0]["matched"] == 0

    def test_when_there_is_another_world_then_it_is_not_struck(self, api: Api, team: Api) -> None:
        add(api, answer=BROKEN)

        assert statuses(team, 1, team.order("paid"), token="owner") == [200]

    def test_when_it_says_which_calls_then_the_others_are_answered_and_counted(self, api: Api) -> None:
        fault = add(api, operation=GET, from_=2, every=2, times=2, answer=BROKEN)

        assert statuses(api, 7, api.order("paid")) == [200, 500, 200, 500, 200, 200, 200]

        counted = api.in_world("GET", f"/faults/{fault}")
        assert (counted["matched"], counted["struck"]) == (7, 2)

    def test_when_two_rules_match_then_the_first_that_strikes_is_the_one(self, api: Api) -> None:
        add(api, operation=GET, answer={"status": 502}, times=1)
        add(api, answer={"status": 503}, times=2)

        assert statuses(api, 4, api.order("paid")) == [502, 503, 503, 200]


class GivenAFaultThatEndsASession:
    def test_when_it_strikes_then_that_session_has_expired_and_a_new_one_works(self, api: Api) -> None:
        add(api, set="session-expires-midway")

        assert statuses(api, 4, api.order("paid")) == [200, 200, 401, 401]

        customer = {"customer_id": api.world["ids"]["customer:main"]}
        session = api.send("POST", "/v1/customer-sessions/", token="oat", body=customer).json["token"]
        assert statuses(api, 2, api.order("paid"), token=session) == [200, 200]
        assert api.send("GET", api.order("paid"), token="customer").json["error"] == "invalid_token"

    def test_when_an_organization_calls_then_it_is_not_struck(self, api: Api) -> None:
        add(api, session="expires")

        assert statuses(api, 2, api.org_order("paid"), token="oat") == [200, 200]

    def test_when_a_call_is_struck_at_one_moment_of_the_worlds_clock_then_a_later_session_is_valid(
        self, server: MockServer
    ) -> None:
        api = world_of(server, ACME)
        api.in_world("PATCH", "/clock", {"mode": "held", "set": (NOW + timedelta(minutes=5)).isoformat()})
        add(api, session="expires", times=1)

        assert statuses(api, 2, api.order("paid")) == [401, 401]
        assert statuses(api, 1, api.order("foreign"), token="other") == [200]


class GivenAFaultOfInvoices:
    def test_when_one_is_requested_then_it_is_accepted_and_never_made(self, api: Api) -> None:
        add(api, set="invoice-never-ready", order="paid")

        assert statuses(api, 2, f"{api.order('paid')}/invoice", "POST") == [202, 202]
        assert statuses(api, 1, f"{api.order('unpaid')}/invoice", "POST") == [422]
        api.in_world("POST", "/settle")

        assert api.send("GET", f"{api.order('paid')}/invoice", token="customer").json["error"] == "InvoiceDoesNotExist"
        assert api.send("GET", api.order("paid"), token="customer").json["is_invoice_generated"] is False
        assert api.events() == []

    def test_when_the_fault_is_removed_then_the_next_request_makes_it(self, api: Api) -> None:
        add(api, invoices="lost")
        statuses(api, 1, f"{api.order('paid')}/invoice", "POST")
        api.in_world("POST", "/settle")

        api.in_world("DELETE", "/faults")
        statuses(api, 1, f"{api.order('paid')}/invoice", "POST")
        api.in_world("POST", "/settle")

        assert statuses(api, 1, f"{api.order('paid')}/invoice") == [200]
