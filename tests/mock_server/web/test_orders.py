"""What an order shows beyond the contract, for old clients and for the organization."""

from __future__ import annotations

import json

import pytest

from mock_server.assembly import MockServer
from tests.mock_server.web.conftest import ACME, Api, world_of


def test_an_order_carries_the_deprecated_fields_too(api: Api) -> None:
    order = api.send("GET", api.order("paid"), token="customer").json

    assert {"user_id", "product_price", "product_price_id", "amount", "from_balance_amount"} <= order.keys()


def test_an_organizations_order_shows_the_customer_as_a_user_and_no_next_attempt(api: Api) -> None:
    order = api.send("GET", api.org_order("paid"), token="oat").json

    assert order["user"]["public_name"] == "J"
    assert "next_payment_attempt_at" not in order


def test_floats_of_metadata_are_written_as_before_and_a_customers_order_has_none(server: MockServer) -> None:
    orders = {**ACME["orders"], "paid": {**ACME["orders"]["paid"], "metadata": {"weight": 0.00001}}}
    api = world_of(server, {**ACME, "orders": orders})

    own = api.send("GET", api.order("paid"), token="customer").data
    organizations = api.send("GET", api.org_order("paid"), token="oat").data

    # The two writers of `views/basics.py` differ in this number.
    assert b'"metadata":{"weight":1e-05}' in organizations
    assert b"weight" not in own
    json.loads(own, parse_float=pytest.fail)
