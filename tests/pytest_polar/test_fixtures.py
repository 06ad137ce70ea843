"""The fixtures and the marker, in one run of pytest in a folder that has packages named as ours."""

from __future__ import annotations

import pytest

from tests.pytest_polar.runs import Ran, run

TESTS = """
import datetime, pytest

INVOICE = "/v1/customer-portal/orders/{}/invoice"


def test_invoice_and_webhook(polar_world, polar_client, polar_webhooks, polar_contract_check):
    path = INVOICE.format(polar_world.ids["order:paid"])
    assert polar_client.post(path).status == 202
    polar_world.clock.advance(3)
    assert polar_webhooks.wait_for("order.updated", order="paid").data["is_invoice_generated"]
    assert polar_client.get(path, token="customer").json()["url"].startswith(polar_world.url)
    polar_world.journal.verify(operation="customer_portal:orders:generate_invoice", order="paid", times=1)
    assert polar_client.get("/v1/orders/", token="", params={"limit": 1}).status == 401
    assert [event["type"] for event in polar_world.deliveries()]


def test_changes(polar_world, polar_client, polar_webhooks, polar_contract_check):
    new = polar_world.orders.add("new", customer="main", product="pro", status="pending")
    assert polar_client.get(f"/v1/orders/{new}").json()["status"] == "pending"
    assert polar_world.orders.change("new", status="paid")["status"] == "paid"
    assert polar_client.get(f"/v1/orders/{new}").json()["status"] == "paid"
    polar_webhooks.answer_with(500)
    polar_world.orders.change(new, billing_name="Jane Q. Doe")
    assert polar_webhooks.wait_for("order.paid", order=new).scheme == "legacy"
    polar_world.settle()
    assert len({one.id for one in polar_webhooks.received}) == len(polar_webhooks.received) - 1


@pytest.mark.polar(clock=datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC), revision="2026-10", scenario="today")
class TestMarked:
    @pytest.mark.polar(clock="2026-06-01T00:00:00Z")
    def test_closest(self, polar_world, polar_webhooks):
        assert (polar_world.clock.now().isoformat()[:10], polar_world.revision) == ("2026-06-01", "2026-10")
        polar_world.orders.change("unpaid", status="paid")
        assert polar_webhooks.wait_for("order.paid", order="unpaid").scheme == "standard"

    def test_outer(self, polar_world):
        assert polar_world.clock.now().isoformat()[:10] == "2026-05-01"


@pytest.mark.polar(world="shop.yaml")
def test_file(polar_world):
    assert set(polar_world.tokens) == {"jane"}
    polar_world.tokens["joe"]


@pytest.mark.polar(world={"orders": {"a": {"status": "nope"}}})
def test_wrong_world(polar_world): pass


@pytest.mark.polar(scenaro="demo")
def test_wrong_marker(): pass


def test_nothing_arrives(polar_world, polar_webhooks, polar_client):
    polar_client.get("/v1/orders/" + polar_world.ids["order:paid"])
    polar_world.orders.change("paid", billing_name="Joe")
    polar_webhooks.wait_for("order.updated")
    polar_webhooks.wait_for("order.refunded", order="paid", timeout=0.01)


def test_wrong_signature(polar_world, polar_webhooks):
    from pytest_polar.http import send
    assert send("POST", polar_webhooks.url, body=b"{}").status == 403
    polar_webhooks.wait_for("order.updated")


def test_not_verified(polar_world):
    polar_world.journal.verify(operation="orders:get", times=1)


@pytest.mark.polar(clock="yesterday")
def test_wrong_clock(polar_world): pass


def test_no_world_is_left(polar_mock):
    assert {world["id"] for world in polar_mock.control("GET", "/worlds")["items"]} == {"default", "today"}


def test_dynamic(polar_world, request):
    request.getfixturevalue("polar_webhooks")
"""
SHADOWS = ("mock_server", "contract_tests", "polar_contract")
SHOP = """
customers: {jane: {email: jane@example.com, name: Jane, created_at: 2026-01-01T00:00:00Z}}
tokens: {jane: {kind: customer_session, customer: jane}}
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("user")
    for name in SHADOWS:
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text("raise RuntimeError('this is the user\\'s own package')")
    (folder / "shop.yaml").write_text(SHOP)
    found = run(folder, TESTS)
    # Neither the run's folder nor its server, which would still have its address there.
    assert list(folder.glob("tmp/pytest-polar-*")) == []
    return found


@pytest.mark.parametrize(
    "test", ["test_invoice_and_webhook", "test_changes", "test_closest", "test_outer", "test_no_world_is_left"]
)
def test_when_a_test_uses_its_world_then_it_passes(ran: Ran, test: str) -> None:
    assert ran.outcomes[test].kind == "passed", ran.outcomes[test].text


@pytest.mark.parametrize(
    ("test", "kind", "said"),
    [
        ("test_file", "failure", "the world has no 'joe'; it has: jane"),
        ("test_wrong_world", "error", 'orders.a.status: is "nope"; it has to be one of: draft'),
        ("test_wrong_marker", "error", "@pytest.mark.polar has no argument 'scenaro'; did you mean scenario?"),
        (
            "test_nothing_arrives",
            "failure",
            "no order.refunded for the order paid arrived within 0.01 seconds; arrived: ",
        ),
        ("test_wrong_signature", "failure", "a webhook with a wrong signature arrived: it has no webhook-id"),
        ("test_wrong_clock", "error", 'set: is "yesterday"; it has to be a time with its zone'),
        ("test_not_verified", "failure", "should have arrived exactly once and arrived 0 times"),
        ("test_dynamic", "failure", "name polar_webhooks as an argument of the test"),
    ],
)
def test_when_something_is_wrong_then_the_report_has_a_sentence(ran: Ran, test: str, kind: str, said: str) -> None:
    outcome = ran.outcomes[test]

    assert (outcome.kind, said in outcome.text) == (kind, True), outcome.text
    assert "During handling" not in outcome.text


@pytest.mark.parametrize("shown", ["GET /v1/orders/", "-> 200 (organization)", "order.updated to pytest: 200"])
def test_when_a_test_fails_then_its_report_has_the_journal_and_the_webhooks_without_tokens(
    ran: Ran, shown: str
) -> None:
    assert shown in ran.output
    assert "polar_oat_" not in ran.output
