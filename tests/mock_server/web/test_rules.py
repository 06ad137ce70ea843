"""Every rule of a revision has its effect: a server whose revision states another value answers by it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mock_server.assembly import Settings, assemble
from mock_server.delivery.retries import retry_delay
from mock_server.domain import errors
from mock_server.web.problems import Problems
from polar_contract.behaviour import ErrorRules, Refusal
from polar_contract.json_types import JsonValue
from tests.made_up_revision import BASE, change_rules, copy_spec
from tests.mock_server.factories import NOW
from tests.mock_server.web.conftest import ACME, UNKNOWN_ID, Api, nobody_listens, world_of

ServerWith = Callable[[str, JsonValue], Api]
DUE = {
    **{"customer": "main", "product": "club", "subscription": "monthly", "status": "pending"},
    "next_payment_attempt_at": "2030-01-01T00:00:00Z",
}
WORLD: dict[str, Any] = {
    **ACME,
    "subscriptions": {"monthly": {"customer": "main", "product": "club", "status": "past_due"}},
    "orders": {**ACME["orders"], "due": DUE},
}
PREFLIGHT = {"Origin": "https://a.example", "Access-Control-Request-Method": "GET"}


@pytest.fixture
def server_with(tmp_path: Path) -> ServerWith:
    """A server of one changed rule, and a world in it."""

    def make(rule: str, value: JsonValue) -> Api:
        spec = copy_spec(tmp_path)
        change_rules(spec / BASE / "behaviour.yaml", {rule: value})
        return world_of(assemble(Settings(spec=spec), wall=lambda: NOW, send=nobody_listens), WORLD)

    return make


def ask_for_invoice(api: Api) -> list[str]:
    """The orders whose invoices are then made."""
    assert api.send("POST", f"{api.order('paid')}/invoice", token="customer").status_code == 202
    return api.invoices_made(api.in_world("POST", "/settle")["ran"])


class GivenRulesOfInvoices:
    @pytest.mark.parametrize(
        ("rule", "value", "policy", "again"),
        [
            ("invoice.reissue", "render", "as-documented", True),
            ("invoice.reissue", "render", "as-served", True),
            ("invoice.reissue_as_served", "keep", "as-served", False),
            ("invoice.reissue_as_served", "keep", "as-documented", False),
        ],
    )
    def test_then_a_second_request_does_what_the_rule_of_the_worlds_policy_says(
        self, server_with: ServerWith, rule: str, value: str, policy: str, again: bool
    ) -> None:
        api = server_with(rule, value)
        api.in_world("PATCH", "", {"invoices": {"reissue": policy}})

        assert len(ask_for_invoice(api)) == 1
        assert bool(ask_for_invoice(api)) is again

    def test_when_new_orders_get_one_then_it_is_made_unless_the_world_says_otherwise(
        self, server_with: ServerWith
    ) -> None:
        api = server_with("invoice.automatic", "created")
        assert api.in_world("GET", "")["invoices"]["automatic"] is True
        assert api.world["ids"]["order:paid"] in api.invoices_made(api.in_world("POST", "/settle")["ran"])

        api.in_world("PATCH", "", {"invoices": {"automatic": False}})
        api.in_world("POST", "/orders", {"key": "new", "customer": "main", "product": "pro"})
        assert api.invoices_made(api.in_world("POST", "/settle")["ran"]) == []
        assert api.in_world("PATCH", "", {"invoices": {"automatic": None}})["invoices"]["automatic"] is True

    def test_then_a_link_lives_as_long_as_the_rule_says(self, server_with: ServerWith) -> None:
        api = server_with("invoice.link_lifetime_seconds", 5)
        ask_for_invoice(api)
        url = api.send("GET", f"{api.order('paid')}/invoice", token="customer").json["url"].partition("localhost")[2]

        assert "X-Amz-Expires=5&" in url
        assert api.send("GET", url).status_code == 200
        api.in_world("PATCH", "/clock", {"advance_seconds": 5})
        refused = api.send("GET", url)
        assert (refused.status_code, b"Request has expired" in refused.data) == (403, True)


class GivenRulesOfBillingAndPayment:
    def test_then_only_the_fixed_fields_of_an_address_are_locked(self, server_with: ServerWith) -> None:
        api = server_with("billing.fixed_address_fields", ["city"])
        sent = {"country": "FR", "city": "Lyon"}

        refused = api.send("PATCH", api.order("paid"), token="customer", body={"billing_address": sent})
        moved = api.send(
            "PATCH", api.order("paid"), token="customer", body={"billing_address": {**sent, "city": "New York"}}
        )

        assert [item["loc"] for item in refused.json["detail"]] == [["body", "billing_address", "city"]]
        assert (moved.status_code, moved.json["billing_address"]["country"]) == (200, "FR")

    def test_then_a_payment_can_be_retried_as_often_as_the_rule_says(self, server_with: ServerWith) -> None:
        api = server_with("payment.most_manual_retries", 1)
        body = {"confirmation_token_id": "ctoken_declined"}

        codes = [
            api.send("POST", f"{api.order('due')}/confirm-payment", token="customer", body=body).status_code
            for _ in range(2)
        ]

        assert codes == [200, 429]


class GivenRulesOfWebhooks:
    def test_when_a_secret_can_not_be_sent_then_a_sent_one_is_ignored(self, server_with: ServerWith) -> None:
        api = server_with("webhook.secret_can_be_sent", False)
        body = {"url": "https://example.com/hook", "format": "raw", "events": [], "secret": "s" * 40}

        created = api.send("POST", "/v1/webhooks/endpoints", token="oat", body=body)

        assert created.status_code == 201
        assert created.json["secret"].startswith("polar_whs_")

    def test_then_an_event_is_attempted_as_often_as_the_rule_says(self, server_with: ServerWith) -> None:
        api = server_with("webhook.most_attempts", 3)
        api.send("PATCH", api.order("paid"), token="customer", body={"billing_name": "New"})
        api.in_world("POST", "/settle")

        (event,) = api.events()
        assert len(event["attempts"]) == 3

    def test_then_so_many_failed_events_disable_their_endpoint(self, server_with: ServerWith) -> None:
        api = server_with("webhook.failed_events_before_disabling", 2)
        enabled = []
        for name in ("One", "Two"):
            api.send("PATCH", api.order("paid"), token="customer", body={"billing_name": name})
            api.in_world("POST", "/settle")
            enabled.append(api.in_world("GET", "")["webhook_endpoints"]["app"]["enabled"])

        assert enabled == [True, False]

    def test_then_waits_double_up_to_the_cap(self) -> None:
        waits = [retry_delay("event", n, base_seconds=2, cap_seconds=20).total_seconds() for n in range(1, 7)]

        assert all(most / 2 <= wait <= most for most, wait in zip((4, 8, 16, 20, 20, 20), waits, strict=True))

    @pytest.mark.parametrize(
        ("rule", "value", "most"), [("webhook.retry_base_seconds", 0.5, 1), ("webhook.retry_cap_seconds", 1, 1)]
    )
    def test_then_a_retry_waits_as_long_as_the_rules_say(
        self, server_with: ServerWith, rule: str, value: float, most: float
    ) -> None:
        api = server_with(rule, value)
        api.in_world("PATCH", "/clock", {"mode": "held"})
        api.send("PATCH", api.order("paid"), token="customer", body={"billing_name": "New"})
        api.in_world("PATCH", "/clock", {"advance_seconds": 0})
        api.in_world("PATCH", "/clock", {"advance_seconds": most})

        (event,) = api.events()
        assert len(event["attempts"]) == 2


class GivenRulesOfRequestsAndResponses:
    def test_then_a_body_above_the_limit_is_refused(self, server_with: ServerWith) -> None:
        api = server_with("request.body_limit_bytes", 20)
        answers = [
            api.send("PATCH", api.order("paid"), token="customer", body=body, content_type="application/json")
            for body in (b'{"billing_name":"New"}', b'{"billing_name":"N"}')
        ]

        assert [answer.status_code for answer in answers] == [413, 200]
        assert answers[0].json["detail"] == "The request body is larger than 20 bytes."

    def test_then_a_page_has_at_most_so_many_items(self, server_with: ServerWith) -> None:
        api = server_with("request.most_items_per_page", 2)

        assert len(api.send("GET", "/v1/orders/?limit=100", token="oat").json["items"]) == 2

    @pytest.mark.parametrize(
        ("path", "token", "status", "headers"),
        [
            ("/v1/orders/", "oat", 200, {}),
            ("/v1/orders/", None, 401, {}),
            ("/v1/orders/", "polar_oat_unknown", 401, {}),
            (f"/v1/orders/{UNKNOWN_ID}", "oat", 404, {}),
            ("/v1/nothing", "oat", 404, {}),
            ("/v1/orders", "oat", 307, {}),
        ],
    )
    def test_then_every_response_has_the_headers(
        self, server_with: ServerWith, path: str, token: str | None, status: int, headers: dict[str, str]
    ) -> None:
        answer = server_with("response.headers", {"X-Service": "one"}).send("GET", path, token=token, headers=headers)

        assert (answer.status_code, answer.headers["X-Service"]) == (status, "one")

    def test_then_a_preflight_has_them_too_and_allows_what_the_rule_says(self, server_with: ServerWith) -> None:
        api = server_with("response.cors_allowed_headers", ["Authorization", "X-Sent"])
        answers = [
            api.send("OPTIONS", "/v1/orders/", headers={**PREFLIGHT, "Access-Control-Request-Headers": name})
            for name in ("x-sent", "content-type")
        ]

        assert [answer.status_code for answer in answers] == [200, 400]
        assert answers[0].headers["Access-Control-Allow-Headers"] == "Authorization, X-Sent"


RULES = ErrorRules(
    **{rule: Refusal(410, rule, "about {order_id}" if "_issued" in rule else "said") for rule in ErrorRules._fields}
)
ERRORS: dict[str, Exception] = {
    "not_found": errors.OrderUnknown("1"),
    "role_refused": errors.RoleRefused("member"),
    "invoice_refused": errors.OrderIneligible("1", "void"),
    "billing_details_missing": errors.BillingDetailsMissing("1", ("billing_name",)),
    "invoice_not_issued": errors.InvoiceNotIssued("1"),
    "receipt_not_issued": errors.ReceiptNotAllocated("1"),
    "order_not_draft": errors.OrderNotDraft("1", "paid"),
    "charging_switched_off": errors.ChargingSwitchedOff(),
    "organization_not_ready": errors.OrganizationNotReady(),
    "payment_failed": errors.PaymentFailed("1"),
    "payment_action_required": errors.PaymentActionRequired("1"),
    "payment_not_retriable": errors.OrderNotRetriable("1"),
    "payment_under_way": errors.PaymentUnderWay("1"),
    "payment_retries_used_up": errors.RetriesUsedUp("1"),
    "payment_method_foreign": errors.PaymentMethodForeign("1"),
}


class GivenRulesOfErrors:
    @pytest.mark.parametrize("rule", ERRORS)
    def test_then_each_error_is_answered_by_its_rule(self, rule: str) -> None:
        answer = Problems(RULES).answer_to(ERRORS[rule])

        detail = "about 1" if "_issued" in rule else "said"
        assert (answer.status, answer.body.decode()) == (410, f'{{"error":"{rule}","detail":"{detail}"}}')

    def test_then_quotes_and_braces_of_a_text_are_kept(self) -> None:
        rule = Refusal(410, 'The "{end}"', 'Order {order_id} is "{{gone}}" – \\n')
        answer = Problems(RULES._replace(invoice_not_issued=rule)).answer_to(errors.InvoiceNotIssued("1"))

        assert json.loads(answer.body) == {"error": 'The "{end}"', "detail": 'Order 1 is "{gone}" – \\n'}

    def test_then_no_rule_of_errors_is_left_out_here(self) -> None:
        by_pipeline = {"unauthorized", "body_too_large", "length_required"}

        assert set(ErrorRules._fields) == ERRORS.keys() | by_pipeline
        assert Problems(RULES).unauthorized.status == Problems(RULES).body_too_large(1).status == 410
