"""The pages for people as the server writes them: what they show, and what their buttons say."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mock_server.web.conftest import ACME, Api, world_of
from tests.mock_server.web.pages import Page, every_page, page_of


class GivenAWorld:
    def test_then_the_list_links_to_its_page(self, api: Api) -> None:
        page = Page(api.send("GET", "/_mock/").text)

        assert f"/_mock/view/{api.world['id']}" in page.values("href")
        assert {"demo", "members", "today"} <= set(page.values("value"))

    def test_then_its_page_shows_orders_tokens_and_clock(self, api: Api) -> None:
        page = page_of(api)

        for shown in ("Acme Inc.", "Pro Plan", "Jane Doe", "$10.00", "pending", "no name"):
            assert shown in page.text
        assert [token for token in api.world["tokens"].values() if token not in page.values("data-copy")] == []
        assert f"export POLAR_TOKEN_OAT_READ={api.world['tokens']['oat_read']}" in page.values("data-copy")

    @pytest.mark.parametrize(
        ("name", "method", "end"),
        [
            ("Mark unpaid paid", "PATCH", "/orders/{order:unpaid}"),
            ("Revoke the token customer", "DELETE", "/tokens/customer"),
            ("Advance the clock by 1 h", "PATCH", "/clock"),
        ],
    )
    def test_then_a_button_says_a_call_that_the_control_api_takes(
        self, api: Api, name: str, method: str, end: str
    ) -> None:
        said = page_of(api).action(name)
        path = end.replace("{order:unpaid}", api.world["ids"]["order:unpaid"])

        assert (said["data-method"], said["data-path"]) == (method, f"/_mock/worlds/{api.world['id']}{path}")
        body = said.get("data-body")
        answer = api.send(method, str(said["data-path"]), body=body and body.encode(), content_type="application/json")
        assert answer.status_code in (200, 204)

    def test_when_no_token_of_the_organization_is_left_then_the_customers_requests_the_invoice(self, api: Api) -> None:
        for name in ("oat", "oat_read", "oat_write"):
            api.in_world("DELETE", f"/tokens/{name}")

        said = page_of(api).action("Request the invoice of paid")

        assert (said["data-path"], said["data-token"]) == (
            f"{api.order('paid')}/invoice",
            api.world["tokens"]["customer"],
        )

    def test_when_an_invoice_is_issued_then_its_link_works_and_it_can_not_be_requested_again(self, api: Api) -> None:
        every_page(api, "paid")

        page = page_of(api)

        (link,) = [href for href in page.values("href") if "polar-customer-invoices" in href]
        assert api.send("GET", link).data.startswith(b"%PDF-")
        assert "Request the invoice of paid" not in page.values("aria-label")

    def test_when_it_has_many_orders_then_a_page_has_a_hundred(self, server: Any) -> None:
        orders = {f"order-{number}": {"customer": "main", "product": "pro"} for number in range(230)}
        api = world_of(server, {**ACME, "orders": orders})

        assert page_of(api).text.count("Pro Plan") == 100
        for number, there in (("3", 30), ("99", 30), ("-1", 100), ("x", 100)):
            page = page_of(api, f"?page={number}")
            assert page.text.count("Pro Plan") == there

    def test_when_a_webhook_failed_then_its_attempts_are_shown_and_it_can_be_sent_again(self, api: Api) -> None:
        api.in_world("PATCH", f"/orders/{api.world['ids']['order:unpaid']}", {"status": "paid"})
        api.in_world("POST", "/settle")

        page = page_of(api)
        said = page.action("Send order.paid again")

        assert "10 attempts" in page.text
        assert "The receiver could not be reached." in page.text
        assert api.send("POST", str(said["data-path"]), token=str(said["data-token"])).status_code == 202


class GivenFaults:
    def test_when_none_is_on_then_a_switch_says_the_call_that_the_control_api_takes(self, api: Api) -> None:
        said = page_of(api).action("flaky-network")

        body = str(said["data-body"]).encode()
        answer = api.send("POST", str(said["data-path"]), body=body, content_type="application/json")
        assert (said["aria-checked"], answer.status_code) == ("false", 201)

    def test_when_a_set_is_on_then_its_switch_names_all_of_its_rules_and_no_other(self, api: Api) -> None:
        api.in_world("POST", "/faults", {"operation": "orders:get", "answer": {"status": 500, "body": "<b>broken</b>"}})
        api.in_world("POST", "/faults", {"set": "rate-limited"})
        for _ in range(3):
            api.send("GET", "/v1/customer-portal/orders/", token="customer")

        page = page_of(api)
        said = page.action("rate-limited")
        for path in str(said["data-path"]).split():
            assert api.send(str(said["data-method"]), path).status_code == 204

        assert '{"status":500,"body":"<b>broken</b>"}' in page.text
        assert said["aria-checked"] == "true"
        assert "fault" in page.text
        assert [rule["set"] for rule in api.in_world("GET", "/faults")["items"]] == [None]

    def test_when_a_webhook_is_lost_then_it_does_not_look_as_if_it_waited(self, api: Api) -> None:
        api.in_world("POST", "/faults", {"webhooks": "lost"})
        api.in_world("PATCH", f"/orders/{api.world['ids']['order:unpaid']}", {"status": "paid"})

        page = page_of(api)

        assert ("skipped" in page.text, "fault: lost" in page.text, "retrying" in page.text) == (True, True, False)


class GivenAnOrdersLife:
    def test_then_requests_jobs_and_webhooks_stand_in_the_order_of_time(self, api: Api) -> None:
        order = api.world["ids"]["order:paid"]
        api.send("POST", f"{api.order('paid')}/invoice", token="customer")
        waiting = page_of(api, f"/orders/{order}")
        api.in_world("PATCH", "/clock", {"advance_seconds": 3})
        api.send("GET", f"{api.order('paid')}/invoice", token="customer")

        made = page_of(api, f"/orders/{order}")

        assert "The invoice is waiting" in waiting.text
        in_order = [
            *("The order was made", "customer_portal:orders:generate_invoice was answered 202"),
            *("The invoice was scheduled for 10:00:03", "Invoice ACME-", "order.updated was raised"),
            *("order.updated, attempt 1, got no answer", "customer_portal:orders:invoice was answered 200"),
            "order.updated is waiting to be sent",
        ]
        places = [made.text.find(text) for text in in_order]
        assert places == sorted(places)
        assert -1 not in places

    def test_then_the_picture_and_the_table_have_the_same_numbers(self, api: Api) -> None:
        (address,) = [path for path in every_page(api, "paid") if "/orders/" in path]

        page = Page(api.send("GET", address).text)

        marks = [given for tag, given in page.elements if tag == "g"]
        rows = [given for tag, given in page.elements if tag == "th" and given == {"scope": "row", "class": "number"}]
        assert len(marks) == len(rows) > 5
