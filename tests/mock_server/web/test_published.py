"""The published documents, at the addresses that the service has them at."""

from __future__ import annotations

import pytest

from mock_server.assembly import Settings, assemble
from polar_contract import load_contract
from tests.mock_server.web.conftest import Api


@pytest.mark.parametrize(
    ("own", "path", "revision"),
    [
        ("0.1.0", "/2026-04/openapi.json", "2026-04"),
        ("0.1.0", "/2026-10/openapi.json", "2026-10"),
        ("0.1.0", "/2027-01/openapi.json", "2026-10"),
        ("0.1.0", "/openapi.json", "0.1.0"),
        ("2026-10", "/2026-10/openapi.json", "2026-10"),
    ],
)
def test_when_a_document_is_asked_for_then_it_is_the_published_one(own: str, path: str, revision: str) -> None:
    answer = Api(assemble(Settings(revision=own))).send("GET", path)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.json == load_contract(revision).published


@pytest.mark.parametrize(
    ("own", "method", "path", "status"),
    [
        ("0.1.0", "GET", "/2025-01/openapi.json", 404),
        ("0.1.0", "GET", "/0.1.0/openapi.json", 404),
        ("2026-10", "GET", "/openapi.json", 404),
        ("0.1.0", "GET", "/v1/2026-10/openapi.json", 404),
        ("0.1.0", "DELETE", "/2026-10/openapi.json", 404),
    ],
)
def test_when_there_is_no_such_document_then_it_is_an_unknown_route(
    own: str, method: str, path: str, status: int
) -> None:
    answer = Api(assemble(Settings(revision=own))).send(method, path)

    assert (answer.status_code, answer.json) == (status, {"detail": "Not Found"})
