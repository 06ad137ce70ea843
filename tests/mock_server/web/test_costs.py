"""The largest bodies with the most problems: rejected, and their answer is never many times their size."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.mock_server.web.conftest import Api

LIMIT = 4 * 1024 * 1024 - 1024
MANY = 100_000
JUNK = "x" * (LIMIT - 1000)
ENDPOINT = {"url": "https://example.com/", "format": "raw"}


def many(count: int = MANY) -> dict[str, int]:
    return {f"k{number}": number for number in range(count)}


def flood(around: str, filler: str) -> bytes:
    begin, end = around.split("...")
    return f"{begin}{filler * ((LIMIT - len(around)) // len(filler))}0{end}".encode()


BODIES: list[Any] = [
    pytest.param("PATCH", "order", many(), 200, id="unknown fields"),
    pytest.param("PATCH", "order", {"billing_address": many()}, 422, id="an address of unknown fields"),
    pytest.param("PATCH", "order", {"billing_address": {"junk": JUNK}, "billing_name": 1}, 422, id="a long field"),
    pytest.param("PATCH", "order", flood('{"billing_name": [...]}', "[],"), 400, id="empty lists"),
    pytest.param("PATCH", "order", flood('{"billing_address": {"a": [...]}}', "{},"), 400, id="empty objects"),
    pytest.param("PATCH", "order", flood("[...]", "1,"), 422, id="numbers"),
    pytest.param("PATCH", "order", flood('{"billing_name": [...]}', "NaN,"), 422, id="numbers that JSON has not"),
    pytest.param("POST", "/v1/customer-sessions/", {"junk": JUNK}, 422, id="nothing that is needed"),
    pytest.param("POST", "/v1/customer-sessions/", many(), 422, id="many that are not"),
    pytest.param("POST", "/v1/webhooks/endpoints", {"junk": JUNK}, 422, id="three that are missing"),
    pytest.param("POST", "/v1/webhooks/endpoints", {**ENDPOINT, "events": ["x"] * MANY}, 422, id="a list of faults"),
    pytest.param("POST", "/v1/webhooks/endpoints", {**ENDPOINT, "events": ["x" * 4000] * 1000}, 422, id="long faults"),
]


@pytest.mark.parametrize(("method", "path", "body", "status"), BODIES)
def test_when_a_body_is_as_wrong_as_can_be_then_its_answer_is_no_flood(
    api: Api, method: str, path: str, body: Any, status: int
) -> None:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    assert len(sent) <= LIMIT + 1024
    token, path = ("customer", api.order("paid")) if path == "order" else ("oat", path)

    answer = api.send(method, path, token=token, body=sent, content_type="application/json")

    assert answer.status_code == status
    assert len(answer.data) <= 4 * len(sent)
