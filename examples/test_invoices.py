"""The tests of a small application, with the pytest plugin. Run: `pytest examples/test_invoices.py`."""

import json
import urllib.error
import urllib.request

import pytest


def request_invoice(base_url, token, order_id):
    """The application: requests an order's invoice. Returns its URL, or None as long as it is not ready."""
    url = f"{base_url}/v1/customer-portal/orders/{order_id}/invoice"
    headers = {"Authorization": f"Bearer {token}", "Content-Length": "0"}
    try:
        urllib.request.urlopen(urllib.request.Request(url, method="POST", headers=headers))
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as response:
            return json.load(response)["url"]
    except urllib.error.HTTPError as error:
        if error.code == 404:
            return None
        raise


@pytest.mark.usefixtures(
    "polar_contract_check"
)  # what is sent and answered is checked by the rules of the contract tests
def test_an_invoice_is_ready_after_a_few_seconds(polar_world):
    token, order = polar_world.tokens["customer"], polar_world.ids["order:paid"]

    assert request_invoice(polar_world.url, token, order) is None
    polar_world.clock.advance(3)  # moves this world's clock, nobody waits

    assert request_invoice(polar_world.url, token, order).startswith("http")
    polar_world.journal.verify(operation="customer_portal:orders:generate_invoice", order="paid", times=2)


def test_an_unpaid_order_has_no_invoice(polar_client, polar_world):
    response = polar_client.post(f"/v1/customer-portal/orders/{polar_world.ids['order:unpaid']}/invoice")

    assert (response.status, response.json()["error"]) == (422, "NotPaidOrder")


@pytest.mark.polar(clock="2026-05-01T10:00:00Z")
def test_a_payment_is_announced(polar_world, polar_webhooks):
    polar_world.orders.change("unpaid", status="paid")

    webhook = polar_webhooks.wait_for("order.paid", order="unpaid")
    assert webhook.data["status"] == "paid"
