"""A webhook endpoint's version and secret: the version that its events keep, and how the secret signs by where it comes from."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from standardwebhooks import Webhook

from mock_server.assembly import MockServer
from tests.mock_server.web.conftest import ACME, EMPTY, Api, world_in, world_of

ENDPOINT = {"url": "https://example.com/hook", "format": "raw", "events": ["order.updated"]}
ENDPOINTS = "/v1/webhooks/endpoints"
SEEDED = {"url": "http://127.0.0.1:3000/hook", "events": ["order.updated"]}
STANDARD_SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


class GivenAnEndpoint:
    def test_when_it_names_no_version_then_it_has_the_current_one_whatever_the_request_named(self, today: Api) -> None:
        made = today.send("POST", ENDPOINTS, token="oat", body=ENDPOINT, headers={"Polar-Version": "2026-04"})

        assert (made.status_code, made.json["api_version"]) == (201, "2026-10")

    @pytest.mark.parametrize("version", ["2026-04", "2026-10", "2027-01"])
    def test_when_it_names_a_served_version_then_its_events_have_it(self, today: Api, version: str) -> None:
        today.send("POST", ENDPOINTS, token="oat", body={**ENDPOINT, "api_version": version})

        today.send("PATCH", today.order("paid"), token="customer", body={})
        today.in_world("POST", "/settle")

        (event,) = today.events()
        (attempt, *_) = event["attempts"]
        assert attempt["request_headers"]["webhook-api-version"] == version
        assert list(json.loads(event["payload"])) == ["type", "timestamp", "api_version", "data"]
        assert event["api_version"] == json.loads(event["payload"])["api_version"] == version

    def test_when_its_version_changes_then_earlier_events_keep_theirs(self, today: Api) -> None:
        made = today.send("POST", ENDPOINTS, token="oat", body=ENDPOINT).json
        today.send("PATCH", today.order("paid"), token="customer", body={})

        today.send("PATCH", f"{ENDPOINTS}/{made['id']}", token="oat", body={"api_version": "2026-04"})
        today.send("PATCH", today.order("paid"), token="customer", body={})
        today.in_world("POST", "/settle")

        assert [event["api_version"] for event in today.events()] == ["2026-10", "2026-04"]

    @pytest.mark.parametrize(
        ("version", "message"),
        [
            ("latest", "Value error, Invalid version string: latest"),
            ("2026-1", "Value error, Invalid version string: 2026-1"),
            ("2025-10", "Value error, Invalid API version: 2025-10"),
            (202610, "Input should be a valid string"),
        ],
    )
    @pytest.mark.parametrize("method", ["POST", "PATCH"])
    def test_when_it_names_another_one_then_it_is_refused(
        self, today: Api, method: str, version: object, message: str
    ) -> None:
        path = ENDPOINTS
        if method == "PATCH":
            path += "/" + today.send("POST", ENDPOINTS, token="oat", body=ENDPOINT).json["id"]

        answer = today.send(method, path, token="oat", body={**ENDPOINT, "api_version": version})

        (item,) = answer.json["detail"]
        assert (answer.status_code, answer.json["error"]) == (422, "RequestValidationError")
        assert (item["loc"], item["msg"]) == (["body", "api_version"], message)


class GivenASecret:
    """Whether it signs as Standard Webhooks does, or with its whole text, hangs on where it comes from."""

    @pytest.mark.parametrize(
        ("endpoint", "is_standard"),
        [
            pytest.param({}, True, id="generated-today"),
            pytest.param({"created_at": "2026-09-08T00:00:00Z"}, True, id="generated-on-the-day"),
            pytest.param({"created_at": "2026-09-07T23:59:59Z"}, False, id="generated-before"),
            pytest.param({"secret": "s" * 40}, False, id="chosen"),
            pytest.param({"secret": STANDARD_SECRET}, True, id="given-in-the-standard-form"),
            pytest.param({"secret": STANDARD_SECRET, "signature": "legacy"}, False, id="given-as-legacy"),
            pytest.param({"secret": STANDARD_SECRET, "signature": "standard"}, True, id="given-as-standard"),
            pytest.param({"secret": "whsec_" + "a" * 43}, False, id="given-in-the-form-of-before"),
        ],
    )
    def test_then_the_endpoint_says_how_it_signs_and_a_stock_library_agrees(
        self, later_server: MockServer, endpoint: dict[str, Any], is_standard: bool
    ) -> None:
        api = world_in(later_server, "2026-10", webhook_endpoints={"app": {**SEEDED, **endpoint}})

        shown, event = delivered(api)

        assert shown["uses_standard_webhook_signature"] is is_standard
        assert signature_of(event, shown["secret"] if is_standard else as_stock_key(shown["secret"]))

    def test_when_an_old_one_is_reset_then_it_moves_over(self, later_server: MockServer) -> None:
        old = {**SEEDED, "created_at": "2026-01-01T00:00:00Z"}
        api = world_in(later_server, "2026-04", webhook_endpoints={"app": old})
        (before,) = api.send("GET", ENDPOINTS, token="oat").json["items"]

        api.send("PATCH", f"{ENDPOINTS}/{before['id']}/secret", token="oat", environ_overrides=EMPTY)
        shown, event = delivered(api)

        assert (before["uses_standard_webhook_signature"], shown["uses_standard_webhook_signature"]) == (False, True)
        assert signature_of(event, shown["secret"])

    @pytest.mark.parametrize(("version", "is_kept"), [("2026-04", True), ("2026-10", False)])
    def test_when_a_request_chooses_one_then_only_an_older_version_takes_it(
        self, today: Api, version: str, is_kept: bool
    ) -> None:
        body = {**ENDPOINT, "secret": "s" * 40}

        made = today.send("POST", ENDPOINTS, token="oat", body=body, headers={"Polar-Version": version}).json

        assert (made["secret"] == body["secret"]) is is_kept
        assert made["uses_standard_webhook_signature"] is not is_kept

    @pytest.mark.parametrize(
        ("revision", "endpoint", "says"),
        [
            ("2026-10", {"secret": "short", "signature": "standard"}, "needs a secret of the form whsec_"),
            ("2026-10", {"signature": "modern"}, "has to be one of: legacy, standard"),
            ("0.1.0", {"secret": STANDARD_SECRET, "signature": "standard"}, "needs a revision that signs this way"),
            ("2026-10", {"api_version": "2025-10"}, "served are: 2026-04, 2026-10, 2027-01"),
            ("0.1.0", {"api_version": "2026-10"}, "the world's revision has no versions"),
        ],
    )
    def test_when_a_document_asks_for_what_can_not_be_then_it_says_why(
        self, later_server: MockServer, revision: str, endpoint: dict[str, Any], says: str
    ) -> None:
        body = {**ACME, "revision": revision, "webhook_endpoints": {"app": {**SEEDED, **endpoint}}}

        answer = Api(later_server).send("POST", "/_mock/worlds", body=body)

        assert (answer.status_code, says in answer.text) == (422, True), answer.text

    def test_when_a_world_is_written_as_a_document_then_it_signs_the_same_in_the_next_one(
        self, later_server: MockServer
    ) -> None:
        old = {**SEEDED, "created_at": "2026-01-01T00:00:00Z", "api_version": "2026-04"}
        first = world_in(later_server, "2026-10", webhook_endpoints={"old": old, "new": SEEDED})
        shown, document = first.send("GET", ENDPOINTS, token="oat").json, first.in_world("GET", "")
        later_server.services.worlds.remove(first.world["id"])

        assert world_of(later_server, document).send("GET", ENDPOINTS, token="oat").json == shown


def delivered(api: Api) -> tuple[dict[str, Any], dict[str, Any]]:
    """The only endpoint, and an event that was sent to it."""
    (endpoint,) = api.send("GET", ENDPOINTS, token="oat").json["items"]
    api.send("PATCH", api.order("paid"), token="customer", body={})
    api.in_world("POST", "/settle")
    return endpoint, api.events()[-1]


def signature_of(event: dict[str, Any], stock_secret: str) -> bool:
    """Whether the first attempt has the signature that a stock library makes with this secret."""
    headers = event["attempts"][0]["request_headers"]
    sent_at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    made: str = Webhook(stock_secret).sign(headers["webhook-id"], sent_at, event["payload"])
    return bool(made == headers["webhook-signature"])


def as_stock_key(secret: str) -> str:
    """A secret that signs with its whole text, as a stock library needs it."""
    return base64.b64encode(secret.encode()).decode()
