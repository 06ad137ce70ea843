"""Live services, simulated by the mock behind a proxy: without control API, and as of April 2026 with five kinds of failure.

Source: observed on the service, April 2026.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

from contract_tests.targets.control_api import Control, World, world_document
from mock_server.testing import RunningMock
from mutants.proxy import Answer, Forward, Request
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object

_JSON = {"content-type": "application/json"}
_NOT_FOUND = Answer(404, _JSON, b'{"detail":"Not Found"}')
_FAILURE = Answer(500, {"content-type": "text/plain; charset=utf-8"}, b"Internal Server Error")
_LARGEST = 2**63 - 1
# Fields that newer SDKs require.
_CAME_LATER = {
    *("receipt_number", "refundable_amount", "refundable_tax_amount", "units", "start_timestamp", "end_timestamp"),
    *("is_deleted", "meter_interval", "meter_interval_count", "current_meter_period_start", "current_meter_period_end"),
    *("pause_at_period_end", "paused_at", "resumes_at", "first_user_event_at"),
    *("api_version", "uses_standard_webhook_signature"),
}
# country null or a number, NUL, NaN, half a surrogate pair
_FATAL_BODY = re.compile(rb'"country":\s*(null|\d)|\\u0000|\bNaN\b|\\ud[89a-f]', re.IGNORECASE)


def without_control_api(request: Request, forward: Forward) -> Answer:
    """A mock without its control API, which the contract tests treat as a live account."""
    return _NOT_FOUND if request.path.startswith("/_mock") else forward(request)


def april(request: Request, forward: Forward) -> Answer:
    """What the service of April 2026 answers."""
    path = urlsplit(request.path)
    answer = without_control_api(request, forward)
    if path.path == "/v1/member-sessions/" and b"invalid_token" not in answer.body:
        return _NOT_FOUND
    is_fatal = request.method == "PATCH" and _FATAL_BODY.search(request.body) is not None
    if answer.status == 422 and (is_fatal or _is_beyond_numbers(path.query)):
        return _FAILURE
    return answer


@contextmanager
def quick_world(mock: RunningMock, *, reissue: str, changes: JsonObject | None = None) -> Iterator[World]:
    """The `core` world with invoices after 0.3 seconds of real time; `reissue` as in a world document.

    `changes` are sections that replace those of the document.
    """
    control = Control(mock.base_url, lambda secret, name: None, 10.0)
    document: JsonObject = {
        **world_document("core"),
        **(changes or {}),
        "revision": "0.1.0",
        "invoices": {"generation": "delayed", "delay_seconds": 0.3, "reissue": reissue},
    }
    made = as_object(control.call("POST", "/_mock/worlds", document))
    texts = [{name: str(value) for name, value in as_object(made[part]).items()} for part in ("ids", "tokens")]
    world = World(control, str(made["id"]), texts[0], texts[1])
    yield world
    world.delete()


def _is_beyond_numbers(query: str) -> bool:
    return any(page.isdigit() and int(page) > _LARGEST // 100 for page in parse_qs(query).get("page", []))


def as_served(request: Request, forward: Forward) -> Answer:
    """What the service of April 2026 answers, with every known difference from the mock; the control API stays available."""
    if request.path.startswith("/_mock"):
        return forward(request)
    answer = april(request, forward)
    if not answer.body.startswith((b"{", b"[")):
        return answer
    criteria = parse_qs(urlsplit(request.path).query).get("sorting", [""])
    body = _in_another_collation(_with_words_of_another_release(_of_its_time(json.loads(answer.body))), criteria[0])
    return answer.but(body=json.dumps(body).encode())


def _of_its_time(value: JsonValue) -> JsonValue:
    """The value without fields that were added later; only since then does an organization see a customer's billing name."""
    if isinstance(value, list):
        return [_of_its_time(one) for one in value]
    if not isinstance(value, dict):
        return value
    is_customer = "email" in value and "organization_id" in value
    gone = {*_CAME_LATER, "billing_name", "default_payment_method_id"} if is_customer else _CAME_LATER
    return {key: _of_its_time(one) for key, one in value.items() if key not in gone}


def _with_words_of_another_release(value: JsonValue) -> JsonValue:
    """The value with another Pydantic release's message for a malformed id."""
    if not isinstance(value, dict) or not isinstance(value.get("detail"), list):
        return value
    for item in map(as_object, as_list(value["detail"])):
        if item.get("type") == "uuid_parsing":
            item["msg"] = "Input should be a valid UUID, unable to parse string as an UUID"
    return value


def _in_another_collation(value: JsonValue, criterion: str) -> JsonValue:
    """The list with texts of the same first letter in reverse order."""
    if criterion.removeprefix("-") != "customer" or not isinstance(value, dict):
        return value
    items = [as_object(item) for item in as_list(value.get("items"))]
    grouped = itertools.groupby(items, key=lambda item: str(as_object(item["customer"])["email"])[:1].lower())
    return {**value, "items": [item for _, group in grouped for item in reversed(list(group))]}
