"""Draft orders: made by the organization, changed and read like any order, and finalized by a charge."""

from __future__ import annotations

from typing import Any

import pytest

from mock_server.assembly import MockServer
from tests.mock_server.web.conftest import ACME, UNKNOWN_ID, Api, problems_of, world_of

EMPTY = {"environ_overrides": {"CONTENT_LENGTH": "0"}}
CREDITS = {"credits": {"name": "Credits", "price_amount": 25, "unit_label": "credit"}, "sample": {"price_amount": None}}
DRAFT_ORDER = {"customer": "main", "product": "pro", "status": "draft"}


CHARGING = {**ACME["organization"], "off_session_charges": True}


def a_world(server: MockServer, **more: Any) -> Api:
    document = {**ACME, "organization": CHARGING, "revision": "2026-10", "products": {**ACME["products"], **CREDITS}}
    return world_of(server, {**document, **more})


@pytest.fixture
def today(server: MockServer) -> Api:
    return a_world(server)


def create(api: Api, token: str = "oat", **fields: Any) -> Any:
    ids = api.world["ids"]
    product = ids[f"product:{fields.pop('product', 'pro')}"]
    return api.send(
        "POST", "/v1/orders/", token=token, body={"customer_id": ids["customer:main"], "product_id": product, **fields}
    )


def finalize(api: Api, order_id: str, token: str = "oat", **more: Any) -> Any:
    return api.send("POST", f"/v1/orders/{order_id}/finalize", token=token, **(more or EMPTY))


def items_of(answer: Any) -> list[Any]:
    return [answer.json["error"], *((item["type"], item["loc"]) for item in answer.json["detail"])]


class GivenAnOrganization:
    def test_when_it_makes_an_order_then_it_is_a_draft_with_the_products_price(self, today: Api) -> None:
        answer = create(today)
        order = answer.json

        assert (answer.status_code, order["status"], order["paid"]) == (201, "draft", False)
        assert (order["invoice_number"], order["receipt_number"], order["units"]) == (None, None, None)
        assert (order["total_amount"], order["currency"], order["description"]) == (1000, "usd", "Pro Plan")
        assert (order["billing_name"], order["billing_reason"]) == ("Jane Doe", "purchase")
        assert [item["label"] for item in order["items"]] == ["Pro Plan"]

    def test_when_it_says_more_then_the_draft_has_it(self, today: Api) -> None:
        fields: dict[str, Any] = {
            "metadata": {"a": "x", "b": 1, "c": 1.5, "d": True},
            "custom_field_data": {"size": "L", "gift": None},
        }
        order = create(today, amount=70, currency="EUR", description="Help", **fields).json

        assert (order["net_amount"], order["currency"], order["description"]) == (70, "eur", "Help")
        assert (order["items"][0]["label"], order["items"][0]["amount"]) == ("Help", 70)
        assert {name: order[name] for name in fields} == fields

    def test_when_the_price_is_by_unit_then_the_units_decide(self, today: Api) -> None:
        order = create(today, product="credits", units=40).json

        assert (order["units"], order["total_amount"]) == (40, 1000)

    @pytest.mark.parametrize(
        ("fields", "names"),
        [
            ({"units": 1}, ["units"]),
            ({"product": "credits"}, ["units"]),
            ({"product": "credits", "units": 1, "amount": 5}, ["amount"]),
            ({"product": "credits", "amount": 5}, ["units", "amount"]),
            ({"currency": "eur"}, ["currency"]),
            ({"currency": "euro", "amount": 1}, ["currency"]),
            ({"customer_id": UNKNOWN_ID}, ["customer_id"]),
            ({"product_id": UNKNOWN_ID}, ["product_id"]),
        ],
    )
    def test_when_a_field_does_not_go_with_stored_data_then_it_is_refused(
        self, today: Api, fields: dict[str, Any], names: list[str]
    ) -> None:
        answer = create(today, **fields)

        expected = [("value_error", ["body", name]) for name in names]
        assert (answer.status_code, items_of(answer)) == (422, ["PolarRequestValidationError", *expected])

    def test_when_it_names_an_organization_then_it_is_refused_as_for_webhook_endpoints(self, today: Api) -> None:
        answer = create(today, organization_id=today.world["ids"]["organization:acme"])

        assert items_of(answer) == ["PolarRequestValidationError", ("organization_token", ["body", "organization_id"])]

    def test_when_it_may_not_charge_then_it_may_not_make_drafts_for_it_either(self, server: MockServer) -> None:
        answer = create(a_world(server, organization=ACME["organization"]))

        assert (answer.status_code, answer.json["error"]) == (403, "OffSessionChargesNotEnabled")

    @pytest.mark.parametrize("token", ["oat_read", "oat_write"])
    def test_then_making_an_order_needs_the_scope_to_write(self, today: Api, token: str) -> None:
        assert create(today, token).status_code == (201 if token == "oat_write" else 403)

    def test_when_an_order_is_made_then_order_created_is_raised(self, today: Api) -> None:
        create(today)

        assert [len(today.events(name)) for name in ("order.created", "order.updated", "order.paid")] == [1, 0, 0]

    def test_when_the_revision_has_no_drafts_then_there_is_no_such_operation(self, api: Api) -> None:
        assert (create(api).status_code, create(api).json) == (405, {"detail": "Method Not Allowed"})


class GivenADraft:
    def test_then_it_is_read_listed_and_changed_like_any_order(self, today: Api) -> None:
        order_id = create(today).json["id"]
        path = f"/v1/customer-portal/orders/{order_id}"
        read = today.send("GET", path, token="customer").json
        changed = today.send("PATCH", f"/v1/orders/{order_id}", token="oat", body={"billing_name": "New"}).json
        listed = today.send("GET", "/v1/orders/?status=draft", token="oat").json

        assert (read["status"], changed["billing_name"]) == ("draft", "New")
        assert [item["id"] for item in listed["items"]] == [order_id]

    def test_then_it_can_have_no_invoice(self, today: Api) -> None:
        order_id = create(today).json["id"]
        answer = today.send("POST", f"/v1/orders/{order_id}/invoice", token="oat", **EMPTY)

        assert (answer.status_code, answer.json["error"]) == (409, "OrderNotEligibleForInvoice")

    @pytest.mark.parametrize("body", [None, b"", b"null", b"{}", b'{"payment_method_id": null}'])
    def test_when_it_is_finalized_then_it_is_paid_and_numbered(self, today: Api, body: bytes | None) -> None:
        order_id = create(today).json["id"]
        more: dict[str, Any] = {} if not body else {"body": body, "content_type": "application/json"}
        answer = finalize(today, order_id, **more)

        order = answer.json
        assert (answer.status_code, order["status"]) == (200, "paid")
        assert (order["invoice_number"][-4:], order["receipt_number"][-4:]) == ("0004", "0001")
        assert [len(today.events(name)) for name in ("order.updated", "order.paid")] == [1, 1]
        payment = today.send("GET", f"/v1/customer-portal/orders/{order_id}/payment-status", token="customer")
        assert payment.json["status"] == "succeeded"

    def test_when_other_orders_come_before_then_each_number_is_given_once(self, today: Api) -> None:
        order_id = create(today).json["id"]
        today.in_world("POST", "/orders", {"key": "between", "customer": "main", "product": "pro"})
        finalize(today, order_id)
        today.in_world("POST", "/orders", {"key": "after", "customer": "main", "product": "pro"})
        items = today.send("GET", "/v1/customer-portal/orders/", token="customer").json["items"]

        assert sorted(item["invoice_number"][-4:] for item in items) == [f"000{number}" for number in range(1, 7)]

    @pytest.mark.parametrize(
        ("outcome", "error", "payment"),
        [("fails", "PaymentFailed", "failed"), ("requires_action", "PaymentActionRequired", "pending")],
    )
    def test_when_the_charge_does_not_succeed_then_it_stays_a_draft(
        self, today: Api, outcome: str, error: str, payment: str
    ) -> None:
        today.in_world("PATCH", "", {"payments": {"off_session": outcome}})
        order_id = create(today).json["id"]
        answer = finalize(today, order_id)
        order = today.send("GET", f"/v1/orders/{order_id}", token="oat").json
        status = today.send("GET", f"/v1/customer-portal/orders/{order_id}/payment-status", token="customer").json

        assert (answer.status_code, answer.json["error"]) == (402, error)
        assert (order["status"], order["invoice_number"], order["receipt_number"]) == ("draft", None, None)
        assert status["status"] == payment
        assert today.events("order.updated") == []

        today.in_world("PATCH", "", {"payments": {"off_session": "succeeds"}})
        assert finalize(today, order_id).json["status"] == "paid"

    @pytest.mark.parametrize(("amount", "status"), [(0, 200), (49, 200), (50, 402)])
    def test_when_little_is_due_then_nothing_is_charged(self, today: Api, amount: int, status: int) -> None:
        today.in_world("PATCH", "", {"payments": {"off_session": "fails"}})

        assert finalize(today, create(today, amount=amount).json["id"]).status_code == status

    @pytest.mark.parametrize(
        ("setting", "error"),
        [
            ("off_session_charges", "OffSessionChargesNotEnabled"),
            ("ready_for_payments", "OrganizationNotReadyForPayments"),
        ],
    )
    def test_when_the_organization_may_not_charge_then_it_is_refused(
        self, server: MockServer, setting: str, error: str
    ) -> None:
        orders = {"draft": {"customer": "main", "product": "pro", "status": "draft"}}
        api = a_world(server, organization={**CHARGING, setting: False}, orders=orders)
        answer = finalize(api, api.world["ids"]["order:draft"])

        assert (answer.status_code, answer.json["error"]) == (403, error)

    def test_when_it_is_finalized_again_then_it_is_no_draft(self, today: Api) -> None:
        order_id = create(today).json["id"]
        finalize(today, order_id)
        answer = finalize(today, order_id)

        assert (answer.status_code, answer.json["error"]) == (412, "OrderNotDraft")
        assert finalize(today, UNKNOWN_ID).status_code == 404

    def test_when_its_world_is_written_then_the_new_world_has_it(self, server: MockServer, today: Api) -> None:
        order = create(today, product="credits", units=3, description="Three").json
        document = today.in_world("GET", "")
        server.services.worlds.remove(today.world["id"])
        again = world_of(server, document)

        assert again.send("GET", f"/v1/orders/{order['id']}", token="oat").json == order


class GivenDraftsOfADocument:
    def test_when_such_a_draft_is_paid_or_made_pending_then_it_gets_its_numbers(self, server: MockServer) -> None:
        api = a_world(server, orders={"one": DRAFT_ORDER, "two": DRAFT_ORDER})
        moved = [
            api.in_world("PATCH", f"/orders/{api.world['ids'][f'order:{key}']}", {"status": status})
            for key, status in (("one", "pending"), ("two", "paid"))
        ]

        assert [order["invoice_number"][-4:] for order in moved] == ["0001", "0002"]
        assert [bool(order["receipt_number"]) for order in moved] == [False, True]

    @pytest.mark.parametrize("automatic", [True, False])
    def test_when_invoices_are_automatic_then_a_draft_gets_its_own_when_it_is_finalized(
        self, server: MockServer, automatic: bool
    ) -> None:
        policy = {"generation": "stepped", "automatic": automatic}
        api = a_world(server, orders={"one": DRAFT_ORDER}, invoices=policy)
        before = api.invoices_made(api.in_world("POST", "/settle")["ran"])
        finalize(api, api.world["ids"]["order:one"])

        assert before == []
        assert len(api.invoices_made(api.in_world("POST", "/settle")["ran"])) == automatic

    def test_when_the_revision_has_no_drafts_then_the_status_is_refused(self, server: MockServer, api: Api) -> None:
        known = "pending, paid, refunded, partially_refunded, void"
        sentence = f'is "draft"; in the world\'s revision it has to be one of: {known}'
        order = f"/orders/{api.world['ids']['order:unpaid']}"
        refused = api.send("POST", "/_mock/worlds", body={**ACME, "orders": {"one": DRAFT_ORDER}}).json["problems"]

        assert problems_of(api, "POST", "/orders", {"key": "new", **DRAFT_ORDER}) == {"status": sentence}
        assert problems_of(api, "PATCH", order, {"status": "draft"}) == {"status": sentence}
        assert [(problem["path"], problem["message"]) for problem in refused] == [("orders.one.status", sentence)]

    @pytest.mark.parametrize("name", ["invoice_number", "invoice"])
    def test_when_a_draft_has_what_comes_later_then_it_is_refused(self, today: Api, name: str) -> None:
        value = {} if name == "invoice" else "ACME-1"
        body = {"key": "new", **DRAFT_ORDER, name: value}

        assert problems_of(today, "POST", "/orders", body) == {
            name: "is for an order that was finalized; a draft has none, leave it out"
        }

    def test_when_the_revision_has_no_price_by_unit_then_a_label_is_refused(self, api: Api) -> None:
        path, message = next(iter(problems_of(api, "POST", "/products", {"key": "new", "unit_label": "seat"}).items()))

        assert path == "unit_label"
        assert message.startswith('is "seat", and in the world\'s revision no price is by unit')
