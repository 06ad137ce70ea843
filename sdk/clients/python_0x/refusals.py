"""Every refusal, as the error type that the SDK makes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from polar_sdk import models

from sdk.clients.checking import UNKNOWN_ID, Refusal, Skipped, expect, raised
from sdk.clients.python_0x.stage import Stage

_Portal422 = models.CustomerPortalOrdersGenerateInvoiceResponse422CustomerPortalOrdersGenerateInvoice
_Organization422 = models.OrdersGenerateInvoiceResponse422OrdersGenerateInvoice


def asks_for_a_receipt(stage: Stage) -> None:
    """The revision has no receipts."""
    if not hasattr(stage.orders, "receipt"):
        raise Skipped("the release has no receipts")
    problem = raised(
        models.ResourceNotFound, lambda: stage.orders.receipt(security=stage.customer, id=stage.id("paid"))
    )
    expect(problem.body, '{"detail":"Not Found"}')


REFUSALS: Mapping[str, Refusal[Stage]] = {
    "refused: unpaid": Refusal(
        lambda stage: stage.generate("unpaid"), _Portal422, 422, "NotPaidOrder", models.NotPaidOrderData
    ),
    "refused: billing details missing": Refusal(
        lambda stage: stage.generate("missing_billing"),
        _Portal422,
        422,
        "MissingInvoiceBillingDetails",
        models.MissingInvoiceBillingDetailsData,
    ),
    "refused: unpaid, for the organization": Refusal(
        lambda stage: stage.organization.orders.generate_invoice(id=stage.id("unpaid")),
        _Organization422,
        422,
        "NotPaidOrder",
        models.NotPaidOrderData,
    ),
    "refused: invoice of a stranger's order": Refusal(
        lambda stage: stage.generate("free"), models.SDKError, 404, "ResourceNotFound"
    ),
    "refused: unknown order": Refusal(
        lambda stage: stage.orders.get(security=stage.customer, id=UNKNOWN_ID),
        models.ResourceNotFound,
        404,
        "ResourceNotFound",
        models.ResourceNotFoundData,
    ),
    "refused: patch of a stranger's order": Refusal(
        lambda stage: stage.patch("free", {"billing_name": "Eve"}), models.ResourceNotFound, 404, "ResourceNotFound"
    ),
    "refused: not generated yet": Refusal(
        lambda stage: stage.orders.invoice(security=stage.customer, id=stage.id("fresh")),
        models.ResponseValidationError,
        404,
        "InvoiceDoesNotExist",
    ),
    "refused: no id": Refusal(
        lambda stage: stage.orders.get(security=stage.customer, id="abc"),
        models.HTTPValidationError,
        422,
        "uuid",
        models.HTTPValidationErrorData,
    ),
    "refused: another country": Refusal(
        lambda stage: stage.patch("fresh", {"billing_address": {"country": "FR"}}),
        models.HTTPValidationError,
        422,
        "Country cannot be changed",
    ),
    "refused: paying twice": Refusal(
        lambda stage: stage.orders.confirm_retry_payment(
            security=stage.customer,
            id=stage.id("paid"),
            customer_order_confirm_payment={"confirmation_token_id": "ctoken_succeeded"},
        ),
        models.OrderNotEligibleForRetry,
        422,
        "OrderNotEligibleForRetry",
    ),
    "refused: wrong token": Refusal(
        lambda stage: stage.orders.list(security={"customer_session": "polar_cst_wrong"}),
        models.SDKError,
        401,
        "invalid_token",
    ),
    "refused: no token": Refusal(
        lambda stage: stage.orders.get(security={}, id=stage.id("paid")), models.SDKError, 401, "Unauthorized"
    ),
    "refused: expired session": Refusal(
        lambda stage: stage.orders.list(security={"customer_session": stage.given.shop.tokens["expired"]}),
        models.SDKError,
        401,
        "invalid_token",
    ),
    "refused: wrong organization token": Refusal(
        lambda stage: stage.owned_by("polar_oat_wrong").orders.list(), models.SDKError, 401, "invalid_token"
    ),
    "refused: a plain member": Refusal(
        lambda stage: stage.orders.list(security=stage.member("plain")), models.SDKError, 403, "NotPermitted"
    ),
}

CHECKS: Mapping[str, Callable[[Stage], object]] = {
    "refused: receipt": asks_for_a_receipt,
    **REFUSALS,
}
