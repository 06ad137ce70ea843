"""Every refusal, as the error type that the SDK makes of it; one that it does not know, it fails to read."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from polar.base import PolarClientError, PolarDeserializationError
from polar.v2026_04 import Polar
from polar.v2026_04.errors import (
    HTTPValidationError,
    MissingInvoiceBillingDetails,
    OrderNotEligibleForRetry,
    ResourceNotFound,
)

from sdk.clients.checking import UNKNOWN_ID, Refusal, raised
from sdk.clients.python_1x.stage import Stage


def wants_a_token(stage: Stage) -> None:
    """Without a token there is no client at all."""
    raised(TypeError, lambda: Polar(base_url=stage.given.base_url))


REFUSALS: Mapping[str, Refusal[Stage]] = {
    "refused: receipt": Refusal(
        lambda stage: stage.orders.receipt(stage.id("paid")), PolarDeserializationError, None, ""
    ),
    # The API that this release was made for gives unpaid orders their invoices.
    "refused: unpaid": Refusal(lambda stage: stage.generate("unpaid"), PolarDeserializationError, None, ""),
    "refused: unpaid, for the organization": Refusal(
        lambda stage: stage.organization.orders.generate_invoice(stage.id("unpaid")),
        PolarDeserializationError,
        None,
        "",
    ),
    "refused: billing details missing": Refusal(
        lambda stage: stage.generate("missing_billing"),
        MissingInvoiceBillingDetails,
        422,
        "MissingInvoiceBillingDetails",
    ),
    "refused: invoice of a stranger's order": Refusal(
        lambda stage: stage.generate("free"), ResourceNotFound, 404, "ResourceNotFound"
    ),
    "refused: unknown order": Refusal(
        lambda stage: stage.orders.get(UNKNOWN_ID), ResourceNotFound, 404, "ResourceNotFound"
    ),
    "refused: patch of a stranger's order": Refusal(
        lambda stage: stage.patch("free", billing_name="Eve"), ResourceNotFound, 404, "ResourceNotFound"
    ),
    "refused: not generated yet": Refusal(
        lambda stage: stage.orders.invoice(stage.id("fresh")), PolarDeserializationError, None, ""
    ),
    "refused: no id": Refusal(lambda stage: stage.orders.get("abc"), HTTPValidationError, 422, "uuid"),
    "refused: another country": Refusal(
        lambda stage: stage.patch("fresh", billing_address={"country": "FR"}),
        HTTPValidationError,
        422,
        "Country cannot be changed",
    ),
    "refused: paying twice": Refusal(
        lambda stage: stage.orders.confirm_retry_payment(stage.id("paid"), confirmation_token_id="ctoken_succeeded"),
        OrderNotEligibleForRetry,
        422,
        "OrderNotEligibleForRetry",
    ),
    "refused: wrong token": Refusal(
        lambda stage: stage.orders.list(request_access_token="polar_cst_wrong"), PolarClientError, 401, "invalid_token"
    ),
    "refused: expired session": Refusal(
        lambda stage: stage.orders.list(request_access_token=stage.given.shop.tokens["expired"]),
        PolarClientError,
        401,
        "invalid_token",
    ),
    "refused: wrong organization token": Refusal(
        lambda stage: stage.owned_by("polar_oat_wrong").orders.list(), PolarClientError, 401, "invalid_token"
    ),
    "refused: a plain member": Refusal(
        lambda stage: stage.orders.list(**stage.member("plain")), PolarClientError, 403, "NotPermitted"
    ),
}

CHECKS: Mapping[str, Callable[[Stage], object]] = {
    "refused: no token": wants_a_token,
    **REFUSALS,
}
