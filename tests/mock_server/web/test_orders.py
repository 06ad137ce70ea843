"""What an order shows beyond the contract, for old clients and for the organization."""

from __future__ import annotations

from tests.mock_server.web.conftest import Api


def test_an_order_carries_the_deprecated_fields_too(api: Api) -> None:
    order = api.send("GET", api.order("paid"), token="customer").json

    assert {"user_id", "product_price", "product_price_id", "amount", "from_balance_amount"} <= order.keys()


def test_an_organizations_order_shows_the_customer_as_a_user_and_no_next_attempt(api: Api) -> None:
    order = api.send("GET", api.org_order("paid"), token="oat").json

    assert order["user"]["public_name"] == "J"
    assert "next_payment_attempt_at" not in order
