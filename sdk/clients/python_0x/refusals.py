"""Checks of every refusal: the SDK raises its own error type."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sdk.clients.checking import UNKNOWN_ID, Refusal
from sdk.clients.python_0x.fixtures import Fixtures

# Releases with the answers of 0.1.0 have one class for both refusals of an invoice, those since 0.32.0 know only one of them.
_PORTAL_422 = (
    "CustomerPortalOrdersGenerateInvoiceResponse422CustomerPortalOrdersGenerateInvoice | MissingInvoiceBillingDetails"
)
_ORGANIZATION_422 = "OrdersGenerateInvoiceResponse422OrdersGenerateInvoice | MissingInvoiceBillingDetails"


REFUSALS: Mapping[str, Refusal[Fixtures]] = {
    "refused: receipt": Refusal(
        lambda fixtures: fixtures.receipt("paid"), "ResourceNotFound", 404, '{"detail":"Not Found"}'
    ),
    "refused: unpaid": Refusal(
        lambda fixtures: fixtures.generate("unpaid"), _PORTAL_422, 422, "NotPaidOrder", "NotPaidOrderData"
    ),
    "refused: billing details missing": Refusal(
        lambda fixtures: fixtures.generate("missing_billing"),
        _PORTAL_422,
        422,
        "MissingInvoiceBillingDetails",
        "MissingInvoiceBillingDetailsData",
    ),
    "refused: unpaid, for the organization": Refusal(
        lambda fixtures: fixtures.organization.orders.generate_invoice(id=fixtures.id("unpaid")),
        _ORGANIZATION_422,
        422,
        "NotPaidOrder",
        "NotPaidOrderData",
    ),
    "refused: invoice of a draft": Refusal(
        lambda fixtures: fixtures.orders.generate_invoice(security=fixtures.session("fourth"), id=fixtures.id("draft")),
        "SDKError | OrderNotEligibleForInvoice",
        409,
        "OrderNotEligibleForInvoice",
    ),
    "refused: invoice of a stranger's order": Refusal(
        lambda fixtures: fixtures.generate("free"), "SDKError | ResourceNotFound", 404, "ResourceNotFound"
    ),
    "refused: unknown order": Refusal(
        lambda fixtures: fixtures.orders.get(security=fixtures.customer, id=UNKNOWN_ID),
        "ResourceNotFound",
        404,
        "ResourceNotFound",
        "ResourceNotFoundData",
    ),
    "refused: patch of a stranger's order": Refusal(
        lambda fixtures: fixtures.patch("free", {"billing_name": "Eve"}),
        "ResourceNotFound",
        404,
        "ResourceNotFound",
    ),
    "refused: not generated yet": Refusal(
        lambda fixtures: fixtures.orders.invoice(security=fixtures.customer, id=fixtures.id("fresh")),
        "ResourceNotFound",
        404,
        "InvoiceDoesNotExist",
    ),
    "refused: no id": Refusal(
        lambda fixtures: fixtures.orders.get(security=fixtures.customer, id="abc"),
        "HTTPValidationError",
        422,
        "uuid",
        "HTTPValidationErrorData",
    ),
    "refused: another country": Refusal(
        lambda fixtures: fixtures.patch("fresh", {"billing_address": {"country": "FR"}}),
        "HTTPValidationError",
        422,
        "Country cannot be changed",
    ),
    "refused: paying twice": Refusal(
        lambda fixtures: fixtures.orders.confirm_retry_payment(
            security=fixtures.customer,
            id=fixtures.id("paid"),
            customer_order_confirm_payment={"confirmation_token_id": "ctoken_succeeded"},
        ),
        "OrderNotEligibleForRetry",
        422,
        "OrderNotEligibleForRetry",
    ),
    "refused: wrong token": Refusal(
        lambda fixtures: fixtures.orders.list(security={"customer_session": "polar_cst_wrong"}),
        "SDKError",
        401,
        "invalid_token",
    ),
    "refused: no token": Refusal(
        lambda fixtures: fixtures.orders.get(security={}, id=fixtures.id("paid")), "SDKError", 401, "Unauthorized"
    ),
    "refused: expired session": Refusal(
        lambda fixtures: fixtures.orders.list(security={"customer_session": fixtures.given.shop.tokens["expired"]}),
        "SDKError",
        401,
        "invalid_token",
    ),
    "refused: wrong organization token": Refusal(
        lambda fixtures: fixtures.owned_by("polar_oat_wrong").orders.list(), "SDKError", 401, "invalid_token"
    ),
    "refused: a plain member": Refusal(
        lambda fixtures: fixtures.orders.list(security=fixtures.member("plain")), "SDKError", 403, "NotPermitted"
    ),
}

CHECKS: Mapping[str, Callable[[Fixtures], object]] = REFUSALS
