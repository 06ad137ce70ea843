"""Errors: the service's messages, challenges and validation items pass, and each kind of wrong one breaks its rule."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from contract_tests.checks.errors import error_problems
from contract_tests.checks.rules import Rule
from contract_tests.transport.exchanges import Exchange
from polar_contract import Contract
from polar_contract.json_types import JsonObject, JsonValue
from polar_contract.operations import Operations
from tests.contract_tests.checks.answers import ID, OTHER_ID, answered, rules_of

INVOICE, LIST, UPDATE = (f"customer_portal:orders:{name}" for name in ("generate_invoice", "list", "update"))
INVALID = "The access token provided is expired, revoked, malformed, or invalid for other reasons."
NO_SCOPE = "The request requires higher privileges than provided by the access token."
REALM = 'Bearer realm="polar"'
NOT_PAID = f"Order {ID} is not paid, so an invoice cannot be generated."


@pytest.fixture(scope="module")
def operations(contract: Contract) -> Operations:
    return Operations(contract.published, contract.effective)


def broken(exchange: Exchange, operations: Operations, contract: Contract) -> set[Rule]:
    return rules_of(error_problems(exchange, operations.by_id[str(exchange.operation_id)], contract.behaviour))


def refused(error: str, status: int, headers: Mapping[str, str] | None = None, **parts: JsonValue) -> Exchange:
    path = f"/v1/customer-portal/orders/{ID}/invoice"
    return answered(INVOICE, path, {"error": error, **parts}, status=status, method="POST", headers=headers)


def invalid(
    *items: JsonObject,
    operation: str = INVOICE,
    path: str = f"/v1/customer-portal/orders/{ID}/invoice",
    sent: bytes = b"",
) -> Exchange:
    return answered(operation, path, {"error": "RequestValidationError", "detail": [*items]}, status=422, sent=sent)


def item(kind: str, *loc: JsonValue, msg: str = "wrong", **more: JsonValue) -> JsonObject:
    return {"type": kind, "loc": [*loc], "msg": msg, "input": "x", **more}


def bad_id(
    kind: str = "uuid_parsing", msg: str = "Input should be a valid UUID, invalid", sent: str = "nonsense"
) -> JsonObject:
    return item(kind, "path", "id", msg=msg, ctx={}) | {"input": sent}


def challenged(error: str, challenge: str, **headers: str) -> Exchange:
    description = {"invalid_token": INVALID, "insufficient_scope": NO_SCOPE}[error]
    sent = {"www-authenticate": challenge, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return refused(error, 401, sent, error_description=description)


@pytest.mark.parametrize(
    ("exchange", "rules"),
    [
        (refused("NotPaidOrder", 422, detail=NOT_PAID), set()),
        (refused("NotPaidOrder", 422, detail=NOT_PAID.replace(ID, OTHER_ID)), {Rule.ERROR_TEXT}),
        (refused("NotPaidOrder", 422, detail="no"), {Rule.ERROR_TEXT}),
        (refused("NotPaidOrder", 422), {Rule.ERROR_TEXT}),
        (refused("ResourceNotFound", 404, detail="Not found"), set()),
        (refused("ResourceNotFound", 404, detail="Not Found"), {Rule.ERROR_TEXT}),
        (refused("AnErrorOfALaterDay", 422, detail="anything"), set()),
        (answered(INVOICE, "/v1/x", b"<html>", status=422), set()),
    ],
    ids=["right", "another order's", "another text", "no text", "not found", "other capitals", "not known", "no JSON"],
)
def test_an_error_has_the_message_of_its_kind(
    operations: Operations, contract: Contract, exchange: Exchange, rules: set[Rule]
) -> None:
    assert broken(exchange, operations, contract) == rules


@pytest.mark.parametrize(
    ("exchange", "rules"),
    [
        (challenged("invalid_token", f'{REALM}, error="invalid_token", error_description="x"'), set()),
        (challenged("invalid_token", f'{REALM}, error="invalid_token"', cache_control="no-store"), set()),
        (challenged("invalid_token", REALM), {Rule.CHALLENGE}),
        (challenged("invalid_token", 'Bearer realm="else", error="invalid_token"'), {Rule.CHALLENGE}),
        (challenged("invalid_token", f'{REALM}, error="invalid_token"', cache_control="public"), {Rule.NOT_STORED}),
        (challenged("insufficient_scope", f'{REALM}, error="insufficient_scope", scope="a b"'), set()),
        (challenged("insufficient_scope", f'{REALM}, scope="a", error="insufficient_scope"'), set()),
        (challenged("insufficient_scope", f'{REALM}, error="insufficient_scope"'), {Rule.CHALLENGE}),
        (refused("invalid_token", 401, {"www-authenticate": f'{REALM}, error="invalid_token"'}), {Rule.ERROR_TEXT}),
        (refused("Unauthorized", 401, {"www-authenticate": REALM}, detail="Unauthorized"), set()),
        (refused("Unauthorized", 401, detail="Unauthorized"), {Rule.CHALLENGE}),
        (refused("Unauthorized", 401, {"www-authenticate": REALM}, detail="No"), {Rule.ERROR_TEXT}),
    ],
    ids=[
        *("invalid token", "not stored", "no error", "another realm", "stored", "scopes last", "scopes first", "no scopes"),
        *("no description", "unauthorized", "no challenge", "another detail"),
    ],
)  # fmt: skip
def test_a_refused_token_has_its_challenge(
    operations: Operations, contract: Contract, exchange: Exchange, rules: set[Rule]
) -> None:
    assert broken(exchange, operations, contract) == rules


@pytest.mark.parametrize(("headers", "rules"), [({}, set()), ({"retry-after": "60"}, {Rule.NO_RETRY_AFTER})])
def test_when_no_retry_is_left_then_no_time_is_named(
    operations: Operations, contract: Contract, headers: dict[str, str], rules: set[Rule]
) -> None:
    used_up = contract.behaviour.error.payment_retries_used_up
    exchange = refused(used_up.error, used_up.status, headers, detail=used_up.detail.format(order_id=ID))
    assert broken(exchange, operations, contract) == rules


_BAD_PATH = "/v1/customer-portal/orders/nonsense/invoice"
_PAGE = item("int_parsing", "query", "page")


@pytest.mark.parametrize(
    ("exchange", "is_right"),
    [
        (invalid(bad_id(), path=_BAD_PATH), True),
        (invalid(bad_id("uuid_version", "UUID version 4 expected"), path=_BAD_PATH), True),
        (invalid(_PAGE, operation=LIST, path="/v1/customer-portal/orders/?page=x"), True),
        (invalid(item("missing", "body", "billing_name"), operation=UPDATE), True),
        (invalid(), False),
        (invalid(bad_id("missing", "Field required"), path=_BAD_PATH), False),
        (invalid(bad_id(msg="no"), path=_BAD_PATH), False),
        (invalid(bad_id(sent="another"), path=_BAD_PATH), False),
        (invalid(bad_id(sent=ID)), False),
        (invalid(item("missing", "cookie", "a")), False),
        (invalid(item("missing")), False),
        (invalid({"loc": ["body", "a"], "msg": "x"}, operation=UPDATE), False),
        (invalid(item("missing", "body", "a", url="https://x"), operation=UPDATE), False),
        (invalid(item("enum", "body", "a"), operation=UPDATE), False),
        (invalid(item("missing", "body")), False),
        (invalid(_PAGE, operation=LIST, path="/v1/customer-portal/orders/?page=y"), False),
        (invalid(_PAGE, operation=LIST, path="/v1/customer-portal/orders/?limit=x"), False),
    ],
    ids=[
        *("an id", "another version", "a parameter", "a body", "no item", "another type of an id", "another message"),
        *("another id", "a good id", "an unknown place", "no place", "no type", "another key", "no context"),
        *("a body that is not read", "another input", "a parameter that was not sent"),
    ],
)  # fmt: skip
def test_a_validation_error_names_location_and_input(
    operations: Operations, contract: Contract, exchange: Exchange, is_right: bool
) -> None:
    assert broken(exchange, operations, contract) == (set() if is_right else {Rule.VALIDATION_PLACE})
