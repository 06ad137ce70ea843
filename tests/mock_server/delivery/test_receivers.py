"""Destinations of webhooks: not other hosts, however they are spelled, but a real receiver that may fail in every way."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from mock_server.assembly import Settings, assemble
from mock_server.delivery.addresses import read_webhook_address
from mock_server.delivery.sending import HttpSender, Receipt
from mock_server.domain.cancellation import Cancellation
from mock_server.domain.clocks import wall_now
from tests.mock_server.delivery.conftest import SECRET, ServedWith, a_world, event_of, patch
from tests.mock_server.delivery.receivers import FINE, ScriptedReceiver, listening
from tests.mock_server.factories import NOW
from tests.mock_server.web.conftest import Api


class GivenAnotherHost:
    def test_then_nothing_is_sent_and_the_row_says_why_and_names_the_option(
        self, receiver: ScriptedReceiver, served_with: ServedWith
    ) -> None:
        api = a_world(served_with(receiver), url="https://hooks.example.com/x")
        patch(api)
        api.in_world("POST", "/settle")

        assert receiver.sent == []
        (attempt,) = event_of(api)["attempts"]
        assert (attempt["succeeded"], attempt["http_code"]) == (False, None)
        assert "--allow-webhook-hosts hooks.example.com" in attempt["response"]

    def test_when_it_was_allowed_then_it_is_sent_to(self, receiver: ScriptedReceiver) -> None:
        settings = Settings(webhook_hosts=frozenset({"hooks.example.com"}))
        api = a_world(Api(assemble(settings, wall=lambda: NOW, send=receiver)), url="https://Hooks.example.com/x")
        patch(api)
        api.in_world("POST", "/settle")

        assert len(receiver.sent) == 1

    @pytest.mark.parametrize(
        "url",
        [
            "http://127.0.0.1.example.com/",
            "http://localhost.example.com/",
            "http://user@10.0.0.1/",
            "http://[::ffff:10.0.0.1]/",
        ],
    )
    def test_when_it_only_looks_like_this_machine_then_nothing_is_sent(
        self, receiver: ScriptedReceiver, url: str, served_with: ServedWith
    ) -> None:
        api = a_world(served_with(receiver), url=url)
        patch(api)
        api.in_world("POST", "/settle")

        assert receiver.sent == []


class GivenAnotherFormat:
    @pytest.mark.parametrize(
        ("format_", "read"),
        [
            ("discord", lambda m: (m["content"], m["embeds"][0]["description"])),
            ("slack", lambda m: (m["text"], m["blocks"][0]["text"]["text"])),
        ],
        ids=["discord", "slack"],
    )
    def test_then_the_message_has_its_form(
        self, receiver: ScriptedReceiver, format_: str, read: Callable[[Any], tuple[str, str]], served_with: ServedWith
    ) -> None:
        api = a_world(served_with(receiver), format=format_)
        patch(api)
        api.in_world("POST", "/settle")

        assert read(json.loads(receiver.sent[0][2])) == ("New Order", "New order has been made to Acme Inc..")


class GivenARealReceiver:
    def served(self) -> Api:
        return Api(assemble(Settings(), wall=wall_now))

    def test_then_the_official_verifier_accepts_what_it_gets_and_nothing_else(self) -> None:
        with listening() as receiver:
            api = a_world(self.served(), url=f"{receiver.url}/hook?x=1")
            patch(api)
            api.in_world("POST", "/settle")

        ((headers, body),) = receiver.got
        verifier = Webhook(base64.b64encode(SECRET.encode()).decode())
        assert verifier.verify(body, headers)["type"] == "order.updated"
        with pytest.raises(WebhookVerificationError):
            verifier.verify(body + b" ", headers)

    def test_when_it_resets_redirects_and_fails_then_the_event_still_arrives_once_answered_well(self) -> None:
        with listening() as receiver:
            receiver.statuses = [0, 307, 500, 200]
            api = a_world(self.served(), url=f"{receiver.url}/hook")
            patch(api)
            api.in_world("POST", "/settle")

        codes = [attempt["http_code"] for attempt in event_of(api)["attempts"]]
        assert codes == [None, 307, 500, 200]
        assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
        assert len(receiver.got) == 3

    def test_when_it_was_down_and_comes_back_then_it_gets_the_rest_and_nothing_twice(self) -> None:
        with listening() as first:
            port = int(first.url.rpartition(":")[2])
        api = a_world(self.served(), url=f"{first.url}/hook")
        api.in_world("PATCH", "/clock", {"mode": "held"})
        for name in ("One", "Two", "Three"):
            patch(api, name)
        api.in_world("PATCH", "/clock", {"advance_seconds": 3})
        assert all(len(item["attempts"]) > 1 for item in api.in_world("GET", "/deliveries")["items"])

        with listening(port) as second:
            api.in_world("POST", "/settle")

        assert sorted(json.loads(body)["data"]["billing_name"] for _, body in second.got) == ["One", "Three", "Two"]
        assert len({headers["webhook-id"] for headers, _ in second.got}) == 3
        assert all(item["succeeded"] for item in api.in_world("GET", "/deliveries")["items"])

    @pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://[::1]:1/", "http://localhost:1/x"])
    def test_when_nobody_listens_then_the_receipt_says_so(self, url: str) -> None:
        receipt = HttpSender()(read_webhook_address(url), {}, b"{}", Cancellation())

        assert receipt.http_code is None
        assert "could not be reached" in receipt.text

    def test_when_it_calls_back_before_it_answers_then_nobody_waits_for_anybody(self, served_with: ServedWith) -> None:
        shops: list[Api] = []
        seen: list[int] = []

        def calling_back(*_: object, **__: object) -> Receipt:
            (shop,) = shops
            answer = shop.send("PATCH", shop.order("no_name"), token="customer", body={"billing_name": "x"})
            seen.append(answer.status_code)
            return FINE

        api = a_world(served_with(calling_back), events=["order.paid"])
        shops.append(api)
        api.in_world("PATCH", f"/orders/{api.world['ids']['order:unpaid']}", {"status": "paid"})
        api.in_world("POST", "/settle")

        assert seen == [200]
