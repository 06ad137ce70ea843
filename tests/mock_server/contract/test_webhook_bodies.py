"""Bodies that create and change webhook endpoints: public https URLs, event names, a secret that is not in the published contract."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.contract.errors import RequestInvalid
from mock_server.contract.operations import Operation
from polar_contract.json_types import JsonObject
from tests.mock_server.contract.requests import (
    ORDER_ID,
    Operations,
    accepted_body,
    any_json,
    assert_can_be_answered,
    refused_body,
)

HOOK = {"url": "https://example.com/hook", "format": "raw", "events": ["order.paid"]}
PRIVATE = "Value error, Webhook URLs cannot point to localhost or private IP addresses."


@pytest.fixture
def create(operations: Operations) -> Operation:
    return operations["webhooks:create_webhook_endpoint"]


@pytest.fixture
def update(operations: Operations) -> Operation:
    return operations["webhooks:update_webhook_endpoint"]


def refused_hook(create: Operation, **changes: Any) -> list[JsonObject]:
    return refused_body(create, {**HOOK, **changes})


class GivenAnEndpointIsCreated:
    @pytest.mark.parametrize(
        "more",
        [
            {},
            {"name": None},
            {"name": ""},
            {"name": "My hook"},
            {"secret": "s" * 32},
            {"secret": None},
            {"organization_id": ORDER_ID},
            {"events": []},
            {"events": ["order.paid", "order.paid"]},
            {"format": "slack"},
        ],
    )
    def test_when_it_fits_then_what_was_sent_arrives(self, create: Operation, more: dict[str, Any]) -> None:
        assert accepted_body(create, {**HOOK, **more}) == {**HOOK, **more}

    def test_when_nothing_is_sent_then_every_missing_field_is_named(self, create: Operation) -> None:
        assert refused_body(create, {}) == [
            {"type": "missing", "loc": ["body", name], "msg": "Field required", "input": {}} for name in HOOK
        ]

    @pytest.mark.parametrize(
        ("name", "value", "kind", "loc", "words"),
        [
            ("secret", "s" * 31, "string_too_short", ["secret"], "String should have at least 32 characters"),
            ("format", "xml", "enum", ["format"], "Input should be 'raw', 'discord' or 'slack'"),
            ("format", None, "enum", ["format"], "Input should be 'raw', 'discord' or 'slack'"),
            ("events", "order.paid", "list_type", ["events"], "Input should be a valid list"),
            ("name", 5, "string_type", ["name"], "Input should be a valid string"),
            ("name", "\x00", "value_error", ["name"], "Value error, Text may not contain NUL characters"),
        ],
    )
    def test_when_a_field_is_invalid_then_it_is_reported(
        self, create: Operation, name: str, value: Any, kind: str, loc: list[str], words: str
    ) -> None:
        (item,) = refused_hook(create, **{name: value})

        assert (item["type"], item["loc"], item["msg"], item["input"]) == (kind, ["body", *loc], words, value)

    def test_when_events_are_unknown_then_each_is_reported_with_its_place(self, create: Operation) -> None:
        items = refused_hook(create, events=["order.exploded", "order.paid", 5])

        assert [(item["type"], item["loc"], item["input"]) for item in items] == [
            ("enum", ["body", "events", 0], "order.exploded"),
            ("enum", ["body", "events", 2], 5),
        ]
        assert str(items[0]["msg"]).startswith("Input should be 'checkout.created', 'checkout.updated', ")

    def test_when_there_are_very_many_events_then_one_message_answers(self, create: Operation) -> None:
        (item,) = refused_hook(create, events=["x"] * 1001)

        assert (item["type"], item["loc"]) == ("too_long", ["body", "events"])
        assert item["msg"] == "List should have at most 1000 items after validation, not 1001"


class GivenAUrl:
    @pytest.mark.parametrize(
        ("sent", "kept"),
        [
            ("https://example.com", "https://example.com/"),
            ("  https://example.com/a\n", "https://example.com/a"),
            ("https://EXAMPLE.com:8443/A?b#c", "https://example.com:8443/A?b#c"),
            ("https://1.1.1.1/", "https://1.1.1.1/"),
            ("https://mylocalhost.com/", "https://mylocalhost.com/"),
            ("https://x.LOCALHOST.:8443/", "https://x.localhost.:8443/"),
            ("https://localhost.localdomain/", "https://localhost.localdomain/"),
            ("https://ip6-localhost/", "https://ip6-localhost/"),
            ("https://printer.local/", "https://printer.local/"),
            ("https://10.0.0.1.example.com/", "https://10.0.0.1.example.com/"),
            ("https://[2606:4700:4700::1111]/", "https://[2606:4700:4700::1111]/"),
            ("https://[::ffff:8.8.8.8]/", "https://[::ffff:808:808]/"),
        ],
    )
    def test_when_it_is_public_and_https_then_it_arrives_as_a_url_is_written(
        self, create: Operation, sent: str, kept: str
    ) -> None:
        assert accepted_body(create, {**HOOK, "url": sent})["url"] == kept

    @pytest.mark.parametrize(
        "host",
        [
            "LOCALHOST:8443",
            "user@localhost",
            "[::ffff:a01:203]",
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f.1",
            "127.0.0.1.",
            "0.0.0.0",
            "172.16.0.1",
            "100.64.0.1",
            "[::ffff:127.0.0.1]",
            "[fe80::1]",
            "user:pass@127.0.0.1",
        ],
    )
    def test_when_its_host_is_not_public_then_it_is_refused_however_it_is_written(
        self, create: Operation, update: Operation, host: str
    ) -> None:
        url = f"https://{host}/hook"
        expected = [{"type": "value_error", "loc": ["body", "url"], "msg": PRIVATE, "input": url, "ctx": {"error": {}}}]

        assert refused_hook(create, url=url) == expected
        assert refused_body(update, {"url": url}) == expected

    @pytest.mark.parametrize(
        ("url", "kind", "words"),
        [
            ("http://example.com", "url_scheme", "URL scheme should be 'https'"),
            ("ftp://x", "url_scheme", "URL scheme should be 'https'"),
            ("nope", "url_parsing", "Input should be a valid URL, relative URL without a base"),
            ("", "url_parsing", "Input should be a valid URL, input is empty"),
            (5, "url_type", "URL input should be a string or URL"),
            (None, "url_type", "URL input should be a string or URL"),
            (f"https://example.com/{'a' * 2083}", "url_too_long", "URL should have at most 2083 characters"),
        ],
        ids=["http", "ftp", "no URL", "empty", "number", "null", "too long"],
    )
    def test_when_it_is_no_https_url_then_it_is_reported(
        self, create: Operation, url: Any, kind: str, words: str
    ) -> None:
        (item,) = refused_hook(create, url=url)

        assert (item["type"], item["loc"], item["msg"], item["input"]) == (kind, ["body", "url"], words, url)


class GivenAnEndpointIsChanged:
    @pytest.mark.parametrize(
        "sent",
        [
            {},
            {"url": None, "events": None, "name": None},
            {"enabled": False},
            {"secret": "s" * 40},
            {"url": "https://example.com/other", "events": ["order.updated"], "format": "discord"},
        ],
    )
    def test_when_it_fits_then_only_what_was_sent_arrives(self, update: Operation, sent: dict[str, Any]) -> None:
        assert accepted_body(update, sent) == sent

    @pytest.mark.parametrize(("sent", "kept"), [("yes", True), ("off", False), (1, True), (0.0, False)])
    def test_when_enabled_is_written_in_another_way_then_it_is_a_boolean(
        self, update: Operation, sent: Any, kept: bool
    ) -> None:
        assert accepted_body(update, {"enabled": sent})["enabled"] is kept

    def test_when_enabled_is_no_boolean_then_it_is_reported(self, update: Operation) -> None:
        (item,) = refused_body(update, {"enabled": 2})

        assert (item["type"], item["loc"]) == ("bool_parsing", ["body", "enabled"])


names = st.sampled_from([*HOOK, "name", "secret", "organization_id", "enabled"])


@given(st.dictionaries(names, any_json))
def test_any_body_is_taken_or_refused_with_items_that_can_be_answered(
    operations: Operations, sent: dict[str, Any]
) -> None:
    for name in ("webhooks:create_webhook_endpoint", "webhooks:update_webhook_endpoint"):
        try:
            assert accepted_body(operations[name], sent).keys() <= sent.keys()
        except RequestInvalid as invalid:
            assert_can_be_answered(invalid.items, "body")
