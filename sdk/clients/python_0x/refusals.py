"""Checks of every refusal: the SDK raises its own error type."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from polar_sdk import models

from sdk.clients.checking import UNKNOWN_ID, Refusal, Skipped, expect, raised
from sdk.clients.python_0x.fixtures import Fixtures

_Portal422 = models.CustomerPortalOrdersGenerateInvoiceResponse422CustomerPortalOrdersGenerateInvoice
_Organization422 = models.OrdersGenerateInvoiceResponse422OrdersGenerateInvoice


def asks_for_a_receipt(fixtures: Fixtures) -> None:
    """The revision has no receipts."""
    if not hasattr(fixtures.orders, "receipt"):
        raise Skipped("the release has no receipts")
    problem = raised(
        models.ResourceNotFound, lambda: fixtures.orders.receipt(security=fixtures.customer, id=fixtures.id("paid"))
    )
    expect(problem.body, '{"detail":"Not Found"}')


REFUSALS: Mapping[str, Refusal[Fixtures]] = {
    "refused: unpaid": Refusal(
        lambda fixtures: fixtures.generate("unpaid"), _Portal422, 422, "NotPaidOrder", models.NotPaidOrderData
    ),
    "refused: billing details missing": Refusal(
        lambda fixtures: fixtures.generate("missing_billing"),
        _Portal422,
        422,
        "MissingInvoiceBillingDetails",
        models.MissingInvoiceBillingDetailsData,
    ),
    "refused: unpaid, for the organization": Refusal(
        lambda fixtures: fixtures.organization.orders.generate_invoice(id=fixtures.id("unpaid")),
        _Organization422,
        422,
        "NotPaidOrder",
        models.NotPaidOrderData,
    ),
    "refused: invoice of a stranger's order": Refusal(
        lambda fixtures: fixtures.generate("free"), models.SDKError, 404, "ResourceNotFound"
    ),
    "refused: unknown order": Refusal(
        lambda fixtures: fixtures.orders.get(security=fixtures.customer, id=UNKNOWN_ID),
        models.ResourceNotFound,
        404,
        "ResourceNotFound",
        models.ResourceNotFoundData,
    ),
    "refused: patch of a stranger's order": Refusal(
        lambda fixtures: fixtures.patch("free", {"billing_name": "Eve"}),
        models.ResourceNotFound,
        404,
        "ResourceNotFound",
    ),
    "refused: not generated yet": Refusal(
        lambda fixtures: fixtures.orders.invoice(security=fixtures.customer, id=fixtures.id("fresh")),
        models.ResponseValidationError,
        404,
        "InvoiceDoesNotExist",
    ),
    "refused: no id": Refusal(
        lambda fixtures: fixtures.orders.get(security=fixtures.customer, id="abc"),
        models.HTTPValidationError,
        422,
        "uuid",
        models.HTTPValidationErrorData,
    ),
    "refused: another country": Refusal(
        lambda fixtures: fixtures.patch("fresh", {"billing_address": {"country": "FR"}}),
        models.HTTPValidationError,
        422,
        "Country cannot be changed",
    ),
    "refused: paying twice": Refusal(
        lambda fixtures: fixtures.orders.confirm_retry_payment(
            security=fixtures.customer,
            id=fixtures.id("paid"),
            customer_order_confirm_payment={"confirmation_token_id": "ctoken_succeeded"},
        ),
        models.OrderNotEligibleForRetry,
        422,
        "OrderNotEligibleForRetry",
    ),
    "refused: wrong token": Refusal(
        lambda fixtures: fixtures.orders.list(security={"customer_session": "polar_cst_wrong"}),
        models.SDKError,
        401,
        "invalid_token",
    ),
    "refused: no token": Refusal(
        lambda fixtures: fixtures.orders.get(security={}, id=fixtures.id("paid")), models.SDKError, 401, "Unauthorized"
    ),
    "refused: expired session": Refusal(
        lambda fixtures: fixtures.orders.list(security={"customer_session": fixtures.given.shop.tokens["expired"]}),
        models.SDKError,
        401,
        "invalid_token",
    ),
    "refused: wrong organization token": Refusal(
        lambda fixtures: fixtures.owned_by("polar_oat_wrong").orders.list(), models.SDKError, 401, "invalid_token"
    ),
    "refused: a plain member": Refusal(
        lambda fixtures: fixtures.orders.list(security=fixtures.member("plain")), models.SDKError, 403, "NotPermitted"
    ),
}

CHECKS: Mapping[str, Callable[[Fixtures], object]] = {
    "refused: receipt": asks_for_a_receipt,
    **REFUSALS,
}
