"""The journal of a world: what stands in it, and that it shows no secrets."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.mock_server.web.conftest import ACME, Api, world_of


def entries(api: Api, query: str = "") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = api.in_world("GET", f"/journal{query}")["items"]
    return items


def entry_of(api: Api, method: str, path: str, **more: Any) -> dict[str, Any]:
    """The entry of this request."""
    api.send(method, path, **more)
    return entries(api)[-1]


class GivenARequest:
    def test_when_it_changed_something_then_the_entry_names_the_caller_the_operation_and_what_changed(
        self, api: Api
    ) -> None:
        order = api.world["ids"]["order:paid"]

        entry = entry_of(api, "PATCH", api.order("paid"), token="customer", body={"billing_name": "Jim"})

        event = api.events()[-1]["id"]
        assert {
            name: entry[name] for name in ("method", "path", "operation", "order", "caller", "token", "status")
        } == {
            "method": "PATCH",
            "path": api.order("paid"),
            "operation": "customer_portal:orders:update",
            "order": order,
            "caller": "customer_session",
            "token": "customer",
            "status": 200,
        }
        assert entry["request"]["body"] == '{"billing_name": "Jim"}'
        assert json.loads(entry["answer"]["body"])["billing_name"] == "Jim"
        assert entry["answer"]["headers"] == {"Content-Type": "application/json"}
        changed = entry["changed"]
        assert (changed["orders"], changed["events"]) == ([order], [event])
        assert [(job["kind"], job["event_id"]) for job in changed["jobs"]] == [("deliver_event", event)]

    def test_when_it_scheduled_an_invoice_then_the_entry_has_the_job(self, api: Api) -> None:
        entry = entry_of(api, "POST", f"{api.order('paid')}/invoice", token="customer")

        assert [(job["kind"], job["order_id"]) for job in entry["changed"]["jobs"]] == [
            ("generate_invoice", api.world["ids"]["order:paid"])
        ]

    @pytest.mark.parametrize(
        ("method", "path", "more", "status", "operation"),
        [
            ("GET", "/v1/customer-portal/orders/", {}, 200, "customer_portal:orders:list"),
            ("GET", "/v1/customer-portal/orders/nonsense", {}, 422, "customer_portal:orders:get"),
            ("PATCH", "ORDER", {"body": b"{broken"}, 422, "customer_portal:orders:update"),
            ("POST", "/v1/customer-sessions/", {"body": {}}, 401, "customer-sessions:create"),
            ("PATCH", "/v1/customer-portal/orders/", {"body": {}}, 405, None),
            ("GET", "/v1/nowhere", {}, 404, None),
        ],
    )
    def test_when_it_is_refused_then_it_stands_in_the_journal_with_its_body_and_without_changes(
        self, api: Api, method: str, path: str, more: dict[str, Any], status: int, operation: str | None
    ) -> None:
        entry = entry_of(api, method, path.replace("ORDER", api.order("paid")), token="customer", **more)

        sent = more.get("body", b"")
        sent = sent.decode() if isinstance(sent, bytes) else json.dumps(sent)
        assert (entry["status"], entry["operation"], entry["changed"]) == (status, operation, {})
        assert entry["request"]["body"] == (sent or None)

    def test_when_a_document_is_downloaded_then_the_world_of_the_link_has_the_request(self, api: Api) -> None:
        api.send("POST", f"{api.order('paid')}/invoice", token="customer")
        api.in_world("POST", "/settle")
        url = api.send("GET", f"{api.order('paid')}/invoice", token="customer").json["url"]

        entry = entry_of(api, "GET", url.removeprefix("http://localhost"))

        assert (entry["operation"], entry["order"]) == ("download", api.world["ids"]["order:paid"])
        assert entry["answer"]["body"].startswith("<")
        assert "X-Amz-Signature=…" in entry["query"]

    def test_when_its_body_is_very_long_then_the_beginning_is_kept(self, api: Api) -> None:
        entry = entry_of(api, "PATCH", api.order("paid"), token="customer", body={"billing_name": "x" * 200_000})

        assert entry["request"]["body"].startswith('{"billing_name": "xxx')
        assert entry["request"]["body"].endswith("<cut>")
        assert len(entry["request"]["body"]) < 70_000

    def test_when_it_has_a_long_body_and_long_headers_then_the_entry_keeps_their_beginning_and_counts_it(
        self, api: Api
    ) -> None:
        headers = {"X-Long": "h" * 6_000, "X-Longer": "h" * 9_000}
        api.send("PATCH", api.order("paid"), token="customer", body={"billing_name": "x" * 200_000}, headers=headers)

        ((_, entry),) = api.server.services.worlds.get(api.world["id"]).journal.after(0)

        shown = entries(api)[-1]["request"]["headers"]["X-Long"]
        assert shown == f"{'h' * 2_000}<cut>"
        assert entry.environ["wsgi.input"].getbuffer().nbytes == 0
        # Of the headers the HTTP server says how long they are; this client does not.
        assert entry.text_bytes == 2 * 65_536 + len(api.order("paid"))


class GivenSecrets:
    def test_when_requests_and_answers_contain_them_then_the_journal_does_not(self, api: Api) -> None:
        endpoint = {"url": "http://127.0.0.1:1/", "events": ["order.paid"], "secret": "of the document"}
        token = {"kind": "organization_access_token", "token": "polar_oat_my.own~one"}
        own = world_of(api.server, {**ACME, "tokens": {"own": token}, "webhook_endpoints": {"app": endpoint}})
        customer = own.world["ids"]["customer:main"]
        own.send("POST", "/v1/customer-sessions/", token="own", body={"customer_id": customer})
        own.send("GET", "/v1/webhooks/endpoints", token="own")
        own.send("GET", "/v1/orders/polar_oat_my.own~one", token="own", headers={"Cookie": "session=s3cret"})

        text = own.send("GET", f"/_mock/worlds/{own.world['id']}/journal").text

        world = own.server.services.worlds.get(own.world["id"])
        secrets = [credential.token for credential in world.tables.credentials.values()]
        secrets += [endpoint.secret.text for endpoint in world.tables.endpoints.values()]
        assert len(secrets) > 2
        assert not [secret for secret in [*secrets, "s3cret"] if secret in text]
        assert '"Authorization":"Bearer <own>"' in text
        assert "polar_cst_…" in text

    def test_when_a_secret_is_refused_or_replaced_then_the_journal_does_not_show_it(self, api: Api) -> None:
        hook = {"url": "https://example.com/hook", "format": "raw", "events": ["order.paid"]}
        own = [f"a secret of my own {number} that is long enough" for number in range(3)]
        made = api.send("POST", "/v1/webhooks/endpoints", token="oat", body={**hook, "secret": own[0]}).json
        api.send("PATCH", f"/v1/webhooks/endpoints/{made['id']}", token="oat", body={"secret": own[1]})
        api.send("POST", "/v1/webhooks/endpoints", token="oat", body={**hook, "secret": own[2], "format": 5})
        api.send("POST", "/v1/webhooks/endpoints", token="oat", body={**hook, "secret": "short"})

        text = json.dumps(api.in_world("GET", "/journal"))

        assert [secret for secret in [*own, '"short"', "short\\"] if secret in text] == []


class GivenAnUnclaimedRequest:
    @pytest.mark.parametrize(
        ("path", "token", "hint"),
        [
            ("/v1/orders/", "polar_oat_unknownAtAll", "no world of this server has this token"),
            ("/v1/orders/", None, "no header Authorization"),
            ("/customer-portal/orders/", None, "did you mean /v1/customer-portal/orders/?"),
            ("/v1/customer-portal/order/x/invoices", None, "did you mean /v1/customer-portal/orders/{id}/invoice?"),
            ("/v1/customer-portal/orders", None, "with its slash"),
            ("/v1/webhooks/endpoints/", None, "without its slash"),
            ("/zzzzzzzzzzzz", None, "no such path"),
        ],
    )
    def test_when_it_is_read_then_a_hint_says_why(self, api: Api, path: str, token: str | None, hint: str) -> None:
        last = api.control("GET", "/journal")["last_number"]

        api.send("GET", path, token=token)

        (entry,) = api.control("GET", f"/journal?after={last}")["items"]
        assert hint in entry["hint"]
        assert token is None or token not in json.dumps(entry)

    def test_when_its_token_had_expired_or_was_revoked_then_the_hint_says_when_and_where(self, api: Api) -> None:
        last = api.control("GET", "/journal")["last_number"]
        api.in_world("PATCH", "/clock", {"advance_seconds": 7200})
        api.send("GET", "/v1/customer-portal/orders/", token="customer")
        api.in_world("DELETE", "/tokens/oat")
        api.send("GET", "/v1/orders/", token="oat")
        api.send("GET", "/v1/orders/", headers={"Authorization": "Basic abc"})

        hints = [entry["hint"] for entry in api.control("GET", f"/journal?after={last}")["items"]]

        assert f"this token of the world {api.world['id']} expired at 20" in hints[0]
        assert hints[1] == f"this token of the world {api.world['id']} was revoked"
        assert "no token of the scheme Bearer" in hints[2]

    @pytest.mark.parametrize("sent", ["polar_oat_SECRETnoscheme", "s3cret-of-mine", "Bearer\tpolar_oat_SECRETtab"])
    def test_when_the_token_has_no_scheme_then_neither_the_entry_nor_the_hint_shows_it(
        self, api: Api, sent: str
    ) -> None:
        last = api.control("GET", "/journal")["last_number"]
        api.send("GET", "/v1/orders/", headers={"Authorization": sent})

        (entry,) = api.control("GET", f"/journal?after={last}")["items"]

        assert entry["request"]["headers"]["Authorization"] == "<redacted>"
        assert "no token of the scheme Bearer" in entry["hint"]
        assert sent[-8:] not in json.dumps(entry)

    def test_when_a_token_of_a_world_is_refused_then_the_world_has_it_with_a_hint(self, api: Api) -> None:
        entry = entry_of(api, "GET", "/v1/orders/", token="customer")

        assert (entry["status"], entry["hint"]) == (401, "the operation takes no token of the kind customer_session")
