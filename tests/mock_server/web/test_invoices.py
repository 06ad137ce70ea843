"""From a paid order to its document: refusals, the one-shot request, the link, and changes afterwards."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mock_server.assembly import MockServer
from tests.mock_server.web.conftest import ACME, Api


def ask(api: Api, key: str = "paid") -> int:
    status: int = api.send("POST", f"{api.order(key)}/invoice", token="customer").status_code
    return status


def wait_for_the_job(api: Api) -> None:
    api.in_world("PATCH", "/clock", {"advance_seconds": 3})


class GivenAnOrderThatMayNotHaveAnInvoice:
    @pytest.mark.parametrize(
        ("key", "error", "detail"),
        [
            ("unpaid", "NotPaidOrder", "Order {id} is not paid, so an invoice cannot be generated."),
            (
                "no_name",
                "MissingInvoiceBillingDetails",
                "Billing name and address are required to generate an invoice for this order.",
            ),
            (
                "no_address",
                "MissingInvoiceBillingDetails",
                "Billing name and address are required to generate an invoice for this order.",
            ),
        ],
    )
    def test_when_it_is_asked_for_then_it_is_refused_by_name(self, api: Api, key: str, error: str, detail: str) -> None:
        answer = api.send("POST", f"{api.order(key)}/invoice", token="customer")

        assert answer.status_code == 422
        assert answer.json == {"error": error, "detail": detail.format(id=api.world["ids"][f"order:{key}"])}

    def test_when_the_billing_details_are_mended_then_it_is_accepted(self, api: Api) -> None:
        api.send("PATCH", api.order("no_name"), token="customer", body={"billing_name": "Jane Doe"})

        assert ask(api, "no_name") == 202


class GivenAnInvoiceThatWasAskedFor:
    def test_when_the_delay_has_not_passed_then_it_does_not_exist(self, api: Api) -> None:
        ask(api)

        answer = api.send("GET", f"{api.order('paid')}/invoice", token="customer")

        assert answer.status_code == 404
        order_id = api.world["ids"]["order:paid"]
        assert answer.json == {"error": "InvoiceDoesNotExist", "detail": f"No invoice exists for order {order_id}."}

    def test_when_the_delay_has_passed_then_the_order_says_so_and_the_document_can_be_fetched(self, api: Api) -> None:
        ask(api)
        wait_for_the_job(api)

        order = api.send("GET", api.order("paid"), token="customer").json
        document = api.download("paid")

        assert order is not None
        assert order["is_invoice_generated"] is True
        assert document.status_code == 200
        assert document.data.startswith(b"%PDF-")
        assert document.mimetype == "application/pdf"
        assert (
            document.headers["Content-Disposition"] == f'attachment; filename="Invoice-{order["invoice_number"]}.pdf"'
        )

    def test_when_it_was_issued_then_one_event_reports_it(self, api: Api) -> None:
        ask(api)
        wait_for_the_job(api)

        assert len(api.events()) == 1
        assert '"is_invoice_generated":true' in api.events()[0]["payload"]

    def test_when_billing_details_are_cleared_before_the_job_then_none_is_made_and_asking_starts_anew(
        self, api: Api
    ) -> None:
        ask(api)
        api.send("PATCH", api.order("paid"), token="customer", body={"billing_name": None})
        wait_for_the_job(api)

        assert api.send("GET", f"{api.order('paid')}/invoice", token="customer").status_code == 404
        assert ask(api) == 422

        api.send("PATCH", api.order("paid"), token="customer", body={"billing_name": "Jane"})
        assert ask(api) == 202
        wait_for_the_job(api)
        assert api.download("paid").status_code == 200

    def test_when_billing_details_change_before_the_job_then_the_document_shows_the_new_ones(self, api: Api) -> None:
        ask(api)
        api.send("PATCH", api.order("paid"), token="customer", body={"billing_name": "Changed In Time"})
        wait_for_the_job(api)

        world = api.server.services.worlds.get(api.world["id"])
        invoice = world.tables.orders[api.world["ids"]["order:paid"]].invoice
        assert invoice is not None
        assert invoice.billing_name == "Changed In Time"


class GivenAnIssuedInvoice:
    @pytest.fixture(autouse=True)
    def issued(self, api: Api) -> None:
        ask(api)
        wait_for_the_job(api)

    def test_when_it_is_asked_for_again_then_nothing_changes(self, api: Api) -> None:
        before = api.send("GET", api.order("paid"), token="customer").data, api.download("paid").data

        assert ask(api) == 202
        wait_for_the_job(api)

        assert (api.send("GET", api.order("paid"), token="customer").data, api.download("paid").data) == before
        assert len(api.events()) == 1

    def test_when_the_order_is_patched_then_the_order_changes_and_the_document_does_not(self, api: Api) -> None:
        before = api.download("paid").data

        patched = api.send("PATCH", api.order("paid"), token="customer", body={"billing_name": "Somebody Else"})
        assert ask(api) == 202
        wait_for_the_job(api)

        assert patched.json is not None
        assert patched.json["billing_name"] == "Somebody Else"
        assert api.download("paid").data == before

    def test_when_the_name_is_cleared_then_the_document_stays_and_asking_again_is_refused(self, api: Api) -> None:
        api.send("PATCH", api.order("paid"), token="customer", body={"billing_name": None})

        assert api.send("GET", f"{api.order('paid')}/invoice", token="customer").status_code == 200
        assert ask(api) == 422

    def test_when_ten_minutes_have_passed_then_the_link_is_refused_and_a_new_one_works(self, api: Api) -> None:
        old = api.send("GET", f"{api.order('paid')}/invoice", token="customer").json["url"]
        api.in_world("PATCH", "/clock", {"advance_seconds": 600})

        refused = api.send("GET", old.removeprefix("http://localhost"))

        assert refused.status_code == 403
        assert b"Request has expired" in refused.data
        assert api.download("paid").status_code == 200

    @pytest.mark.parametrize(
        ("old", "new"), [("X-Amz-Expires=600", "X-Amz-Expires=6000"), ("X-Amz-Signature=", "X-Amz-Signature=0")]
    )
    def test_when_the_link_was_altered_then_it_is_refused(self, api: Api, old: str, new: str) -> None:
        url = api.send("GET", f"{api.order('paid')}/invoice", token="customer").json["url"]

        answer = api.send("GET", url.removeprefix("http://localhost").replace(old, new))

        assert answer.status_code == 403
        assert b"SignatureDoesNotMatch" in answer.data

    @pytest.mark.parametrize("path", ["", "nowhere/x/y", "%00", "default/none/Invoice.pdf?X-Amz-Signature=x"])
    def test_when_the_link_has_no_page_then_it_says_so(self, api: Api, path: str) -> None:
        assert api.send("GET", f"/polar-customer-invoices/{path}").status_code == 404


class GivenAHundredRequestsAtOnce:
    def test_then_all_are_accepted_and_one_invoice_is_made(self, api: Api) -> None:
        with ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(lambda _: ask(api), range(100)))
        ran = api.in_world("POST", "/settle")["ran"]

        assert answers == [202] * 100
        assert len(api.invoices_made(ran)) == 1
        assert len(api.events()) == 1


class GivenAWorldThatServesAsTheServiceDid:
    @pytest.fixture
    def as_served(self, server: MockServer) -> Api:
        document: dict[str, Any] = {**ACME, "invoices": {"generation": "stepped", "reissue": "as-served"}}
        served = Api(server)
        served.world = served.control("POST", "/worlds", document)
        return served

    def test_when_it_is_asked_for_again_then_it_is_made_again_from_the_order_as_it_stands(self, as_served: Api) -> None:
        ask(as_served)
        as_served.in_world("POST", "/settle")
        before = as_served.download("paid").data
        as_served.send("PATCH", as_served.order("paid"), token="customer", body={"billing_name": "Renamed"})

        ask(as_served)
        as_served.in_world("POST", "/settle")

        assert as_served.download("paid").data != before
        assert len(as_served.events()) == 3

    def test_when_nobody_requests_it_then_stepped_work_waits(self, as_served: Api) -> None:
        ask(as_served)
        as_served.in_world("PATCH", "/clock", {"advance_seconds": 86_400})

        assert as_served.send("GET", f"{as_served.org_order('paid')}/invoice", token="oat").status_code == 404


class GivenAWorldWithoutDelay:
    def test_when_it_is_asked_for_then_it_is_there_at_once(self, server: MockServer) -> None:
        api = Api(server)
        api.world = api.control("POST", "/worlds", {**ACME, "invoices": {"generation": "immediate"}})

        ask(api)

        assert api.send("GET", f"{api.order('paid')}/invoice", token="customer").status_code == 200
