"""Receipts: who has one, the making of its document, and what that shows."""

from __future__ import annotations

import io
from typing import Any

import pytest
from pypdf import PdfReader

from mock_server.assembly import MockServer
from tests.mock_server.web.conftest import ACME, TEAM, UNKNOWN_ID, Api, problems_of, world_of


def a_world(server: MockServer, **more: Any) -> Api:
    return world_of(server, {**ACME, "revision": "2026-10", "invoices": {"generation": "stepped"}, **more})


@pytest.fixture
def today(server: MockServer) -> Api:
    return a_world(server)


def receipt_of(api: Api, key: str, token: str = "customer") -> Any:
    root = api.org_order(key) if token == "oat" else api.order(key)
    return api.send("GET", f"{root}/receipt", token=token)


def pay(api: Api, key: str) -> None:
    api.in_world("PATCH", f"/orders/{api.world['ids'][f'order:{key}']}", {"status": "paid"})


def number_of(api: Api, key: str) -> str | None:
    number: str | None = api.send("GET", api.order(key), token="customer").json["receipt_number"]
    return number


def made(api: Api) -> list[str]:
    return [job["order_id"] for job in api.in_world("POST", "/settle")["ran"] if job["kind"] == "render_receipt"]


def document_of(api: Api, key: str) -> Any:
    url = receipt_of(api, key).json["url"]
    return api.send("GET", url.removeprefix("http://localhost"))


def text_of(document: Any) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(document.data)).pages)


class GivenAnOrderWithoutAReceipt:
    @pytest.mark.parametrize("token", ["customer", "oat"])
    @pytest.mark.parametrize("key", ["paid", "unpaid"])
    def test_when_its_receipt_is_asked_for_then_there_is_none(self, today: Api, key: str, token: str) -> None:
        answer, order_id = receipt_of(today, key, token), today.world["ids"][f"order:{key}"]

        assert (number_of(today, key), answer.status_code) == (None, 404)
        assert answer.json == {"error": "ReceiptNotAllocated", "detail": f"No receipt allocated for order {order_id}."}

    def test_when_it_is_paid_then_it_is_numbered_among_the_customers_receipts(self, today: Api) -> None:
        later = {"key": "later", "customer": "main", "product": "pro", "status": "pending"}
        today.world["ids"]["order:later"] = today.in_world("POST", "/orders", later)["id"]
        pay(today, "later")
        pay(today, "unpaid")

        first, second = number_of(today, "later"), number_of(today, "unpaid")
        short_id = (first or "").split("-")[1]
        assert (first, second) == (f"RCPT-{short_id}-0001", f"RCPT-{short_id}-0002")
        assert today.send("GET", today.order("paid"), token="customer").json["invoice_number"].split("-")[1] == short_id

    def test_when_it_is_paid_in_a_world_of_a_revision_without_receipts_then_it_has_none(self, api: Api) -> None:
        pay(api, "unpaid")

        assert (number_of(api, "unpaid"), receipt_of(api, "unpaid").status_code) == (None, 404)
        assert receipt_of(api, "unpaid").json == {"detail": "Not Found"}


class GivenAPaidOrder:
    @pytest.fixture
    def paid(self, today: Api) -> Api:
        pay(today, "unpaid")
        return today

    def test_when_its_receipt_is_asked_for_then_it_is_made_once(self, paid: Api) -> None:
        before = [receipt_of(paid, "unpaid", token) for token in ("customer", "oat", "customer")]
        ran = made(paid)
        after = [receipt_of(paid, "unpaid", token) for token in ("customer", "oat")]

        assert [(answer.status_code, answer.data) for answer in before] == [(202, b"")] * 3
        assert ran == [paid.world["ids"]["order:unpaid"]]
        assert [answer.status_code for answer in after] == [200, 200]
        assert made(paid) == []

    def test_then_the_link_has_the_organization_and_the_order_and_leads_to_the_document(self, paid: Api) -> None:
        receipt_of(paid, "unpaid")
        made(paid)
        url, ids = receipt_of(paid, "unpaid").json["url"], paid.world["ids"]
        document = document_of(paid, "unpaid")

        assert f"/{ids['organization:acme']}/{ids['order:unpaid']}/20260501T100000Z.pdf?" in url
        assert (document.status_code, document.content_type) == (200, "application/pdf")
        assert (
            document.headers["Content-Disposition"] == f'attachment; filename="Receipt-{number_of(paid, "unpaid")}.pdf"'
        )

    @pytest.mark.parametrize(
        ("old", "new", "status"),
        [("Z.pdf?", "Z.PDF?", 403), ("/2026", "/x/2026", 403), ("receipts/", "receipts/x", 404)],
    )
    def test_when_the_link_is_altered_then_it_does_not_work(self, paid: Api, old: str, new: str, status: int) -> None:
        receipt_of(paid, "unpaid")
        made(paid)
        path = receipt_of(paid, "unpaid").json["url"].removeprefix("http://localhost")

        assert paid.send("GET", path.replace(old, new, 1)).status_code == status

    @pytest.mark.parametrize("generation", ["immediate", "delayed"])
    def test_then_it_is_made_when_an_invoice_would_be(self, server: MockServer, generation: str) -> None:
        api = a_world(server, invoices={"generation": generation, "delay_seconds": 3})
        api.in_world("PATCH", "/clock", {"mode": "held"})
        pay(api, "unpaid")
        first = receipt_of(api, "unpaid").status_code
        at_once = receipt_of(api, "unpaid").status_code
        api.in_world("PATCH", "/clock", {"advance_seconds": 3})

        assert (first, at_once) == (202, 200 if generation == "immediate" else 202)
        assert receipt_of(api, "unpaid").status_code == 200

    def test_when_the_receipt_is_made_then_no_event_is_raised(self, paid: Api) -> None:
        before = paid.in_world("GET", "/deliveries")["items"]
        receipt_of(paid, "unpaid")
        made(paid)

        assert len(paid.in_world("GET", "/deliveries")["items"]) == len(before)

    def test_when_it_is_refunded_then_the_receipt_shows_it(self, paid: Api) -> None:
        receipt_of(paid, "unpaid")
        made(paid)
        before = text_of(document_of(paid, "unpaid"))
        paid.in_world("PATCH", f"/orders/{paid.world['ids']['order:unpaid']}", {"refunded_amount": 400})
        after = text_of(document_of(paid, "unpaid"))

        assert "Refunded" not in before
        assert "Refunded" in after
        assert "-$4.00" in after

    def test_when_there_are_no_billing_details_then_it_shows_the_customers_name(self, paid: Api) -> None:
        receipt_of(paid, "unpaid")
        made(paid)
        text = text_of(document_of(paid, "unpaid"))

        assert paid.send("GET", paid.order("unpaid"), token="customer").json["billing_name"] is None
        assert f"Receipt number: {number_of(paid, 'unpaid')}" in text
        assert "Jane Doe" in text

    def test_when_its_world_is_written_then_the_new_world_has_the_receipt(self, server: MockServer, paid: Api) -> None:
        receipt_of(paid, "unpaid")
        made(paid)
        number, document = number_of(paid, "unpaid"), paid.in_world("GET", "")
        server.services.worlds.remove(paid.world["id"])
        again = world_of(server, document)

        assert (number_of(again, "unpaid"), receipt_of(again, "unpaid").status_code) == (number, 200)


class GivenOtherCallers:
    @pytest.mark.parametrize(("token", "status"), [("other", 404), ("read_only", 404), ("oat", 401), ("expired", 401)])
    def test_then_they_see_no_receipt(self, today: Api, token: str, status: int) -> None:
        key = "foreign" if token == "read_only" else "paid"

        assert today.send("GET", f"{today.order(key)}/receipt", token=token).status_code == status

    def test_when_the_order_is_unknown_then_it_is_not_found(self, today: Api) -> None:
        answer = today.send("GET", f"/v1/orders/{UNKNOWN_ID}/receipt", token="oat")

        assert (answer.status_code, answer.json["error"]) == (404, "ResourceNotFound")

    @pytest.mark.parametrize(("token", "status"), [("owner", 404), ("billing", 404), ("plain", 403)])
    def test_when_a_member_asks_then_the_role_decides(self, server: MockServer, token: str, status: int) -> None:
        api = world_of(server, {**TEAM, "revision": "2026-10"})

        assert receipt_of(api, "paid", token).status_code == status


class GivenReceiptsInADocument:
    def test_then_its_number_is_kept_and_counted(self, server: MockServer) -> None:
        orders = {**ACME["orders"], "paid": {**ACME["orders"]["paid"], "receipt_number": "R-1"}}
        api = a_world(server, orders=orders)
        pay(api, "unpaid")

        assert (number_of(api, "paid"), (number_of(api, "unpaid") or "")[-4:]) == ("R-1", "0002")

    @pytest.mark.parametrize(
        ("fields", "path", "message"),
        [
            (
                {"status": "pending", "receipt_number": "R-1"},
                "receipt_number",
                "is for a paid order, and the status is pending; leave it out",
            ),
            ({"receipt": {}}, "receipt", "is for an order with a receipt_number; give it one"),
        ],
    )
    def test_when_it_does_not_fit_then_a_sentence_says_why(
        self, today: Api, fields: dict[str, Any], path: str, message: str
    ) -> None:
        body = {"key": "new", "customer": "main", "product": "pro", **fields}

        assert problems_of(today, "POST", "/orders", body) == {path: message}

    def test_when_the_revision_has_none_then_a_number_is_refused(self, api: Api) -> None:
        body = {"key": "new", "customer": "main", "product": "pro", "receipt_number": "R-1"}

        assert problems_of(api, "POST", "/orders", body) == {
            "receipt_number": 'is "R-1", and the world\'s revision has no receipts; leave it out'
        }
