"""The router's answers: right ones pass, and each kind of wrong one breaks its rule."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from contract_tests.checks.routing import routing_problems
from contract_tests.checks.rules import Rule
from contract_tests.model.known import KnownToken, TokenKind
from contract_tests.model.observed_state import ObservedState
from contract_tests.transport.exchanges import Exchange
from polar_contract import Contract
from polar_contract.json_types import JsonObject
from polar_contract.operations import Operations
from tests.contract_tests.checks.answers import TOKEN, answered, rules_of

LIST, UNKNOWN = "/v1/customer-portal/orders/", "/v1/nothing"
ORIGIN = {"Origin": "https://shop.example.com"}
PREFLIGHT = {**ORIGIN, "Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "authorization"}
SHARED = {"access-control-allow-origin": "https://shop.example.com"}
ALLOWED = {**SHARED, "access-control-allow-methods": "GET, PATCH", "access-control-allow-headers": "Authorization"}


@pytest.fixture(scope="module")
def operations(contract: Contract) -> Operations:
    return Operations(contract.published, contract.effective)


def routed(
    path: str,
    status: int,
    *,
    error: str | None = None,
    method: str = "POST",
    token: str | None = TOKEN,
    sent: Mapping[str, str] | None = None,
    **headers: str,
) -> Exchange:
    came = {name.replace("_", "-"): value for name, value in headers.items()}
    body: JsonObject = {"error": error} if error else {"detail": "x"}
    return answered(None, path, body, status=status, method=method, token=token, sent_headers=sent, headers=came)


def preflight(status: int, headers: Mapping[str, str], **asked: str) -> Exchange:
    sent = {**PREFLIGHT, **{name.replace("_", "-"): value for name, value in asked.items()}}
    return answered(
        None, UNKNOWN, b"OK", status=status, method="OPTIONS", token=None, sent_headers=sent, headers=headers
    )


def broken(exchange: Exchange, operations: Operations, contract: Contract, *, is_complete: bool = True) -> set[Rule]:
    state = ObservedState(tokens={TOKEN: KnownToken(TokenKind.CUSTOMER)}, is_complete=is_complete)
    return rules_of(routing_problems(exchange, operations, state, contract.behaviour))


@pytest.mark.parametrize(
    "exchange",
    [
        routed(LIST, 405),
        routed(LIST.rstrip("/"), 307, location=f"https://x.test{LIST}"),
        routed(f"{LIST.rstrip('/')}?page=2", 307, location=f"https://x.test{LIST}?page=2"),
        routed(UNKNOWN, 404),
        routed(UNKNOWN, 404, token=None),
        routed(UNKNOWN, 404, sent=ORIGIN, access_control_allow_origin="*"),
        routed(UNKNOWN, 401, error="invalid_token", token="polar_cst_unknown"),
        routed(UNKNOWN, 429),
        routed("/health", 500),
        preflight(200, ALLOWED),
        preflight(400, SHARED, Access_Control_Request_Headers="x-other"),
    ],
    ids=[
        *("another method", "no slash", "no slash and a query", "an unknown path", "no token", "a page of elsewhere"),
        *("an unknown token", "the rate limit", "outside the API", "a preflight", "a preflight for another header"),
    ],
)
def test_when_it_is_right_then_no_rule_is_broken(
    operations: Operations, contract: Contract, exchange: Exchange
) -> None:
    assert broken(exchange, operations, contract) == set()


@pytest.mark.parametrize(
    "exchange",
    [
        routed(LIST, 404),
        routed(LIST, 200),
        routed(LIST.rstrip("/"), 404),
        routed(LIST.rstrip("/"), 307),
        routed(LIST.rstrip("/"), 307, location="https://x.test/v1/orders/"),
        routed(f"{LIST.rstrip('/')}?page=2", 307, location=f"https://x.test{LIST}"),
        routed(UNKNOWN, 200),
        routed(UNKNOWN, 405),
        routed(UNKNOWN, 404, sent=ORIGIN),
        routed(UNKNOWN, 404, token="polar_cst_unknown"),
        routed(UNKNOWN, 401, error="Unauthorized", token="polar_cst_unknown"),
        preflight(400, SHARED),
        preflight(200, ALLOWED, Access_Control_Request_Headers="x-other"),
        preflight(200, {**ALLOWED, "access-control-allow-methods": "GET"}),
        preflight(200, {**ALLOWED, "access-control-allow-headers": "Accept"}),
        preflight(200, {name: value for name, value in ALLOWED.items() if name != "access-control-allow-origin"}),
    ],
    ids=[
        *("404 for another method", "another method works", "404 without a slash", "no location", "another location"),
        *(
            "a lost query",
            "an unknown path works",
            "405 for an unknown path",
            "no origin",
            "an unknown token is ignored",
        ),
        *(
            "another error",
            "refused preflight",
            "another header",
            "no method",
            "no header",
            "a preflight without origin",
        ),
    ],
)
def test_when_it_is_wrong_then_the_rule_is_broken(
    operations: Operations, contract: Contract, exchange: Exchange
) -> None:
    assert broken(exchange, operations, contract) == {Rule.ROUTED}


@pytest.mark.parametrize("exchange", [routed(UNKNOWN, 200), routed(LIST, 401, error="invalid_token")])
def test_when_not_everything_is_known_then_what_may_be_right_is_no_violation(
    operations: Operations, contract: Contract, exchange: Exchange
) -> None:
    assert broken(exchange, operations, contract, is_complete=False) == set()
