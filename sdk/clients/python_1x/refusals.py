"""Checks of every refusal: the SDK raises its own class of error."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sdk.clients.checking import UNKNOWN_ID, Refusal, raised
from sdk.clients.python_1x.fixtures import Fixtures


def wants_a_token(fixtures: Fixtures) -> None:
    """Without a token the SDK makes no client."""
    raised("TypeError", lambda: fixtures.sdk.Polar(base_url=fixtures.given.base_url))


REFUSALS: Mapping[str, Refusal[Fixtures]] = {
    "refused: receipt": Refusal(
        lambda fixtures: fixtures.orders.receipt(fixtures.id("paid")), "ResourceNotFound", 404, "Not Found"
    ),
    "refused: unpaid": Refusal(lambda fixtures: fixtures.generate("unpaid"), "NotPaidOrder", 422, "NotPaidOrder"),
    "refused: unpaid, for the organization": Refusal(
        lambda fixtures: fixtures.organization.orders.generate_invoice(fixtures.id("unpaid")),
        "NotPaidOrder",
        422,
        "NotPaidOrder",
    ),
    "refused: billing details missing": Refusal(
        lambda fixtures: fixtures.generate("missing_billing"),
        "MissingInvoiceBillingDetails",
        422,
        "MissingInvoiceBillingDetails",
    ),
    "refused: invoice of a draft": Refusal(
        lambda fixtures: fixtures.orders.generate_invoice(
            fixtures.id("draft"), request_access_token=fixtures.given.shop.tokens["fourth"]
        ),
        "OrderNotEligibleForInvoice",
        409,
        "OrderNotEligibleForInvoice",
    ),
    "refused: invoice of a stranger's order": Refusal(
        lambda fixtures: fixtures.generate("free"), "ResourceNotFound", 404, "ResourceNotFound"
    ),
    "refused: unknown order": Refusal(
        lambda fixtures: fixtures.orders.get(UNKNOWN_ID), "ResourceNotFound", 404, "ResourceNotFound"
    ),
    "refused: patch of a stranger's order": Refusal(
        lambda fixtures: fixtures.patch("free", billing_name="Eve"), "ResourceNotFound", 404, "ResourceNotFound"
    ),
    "refused: not generated yet": Refusal(
        lambda fixtures: fixtures.orders.invoice(fixtures.id("fresh")), "ResourceNotFound", 404, "InvoiceDoesNotExist"
    ),
    "refused: no id": Refusal(lambda fixtures: fixtures.orders.get("abc"), "HTTPValidationError", 422, "uuid"),
    "refused: another country": Refusal(
        lambda fixtures: fixtures.patch("fresh", billing_address={"country": "FR"}),
        "HTTPValidationError",
        422,
        "Country cannot be changed",
    ),
    "refused: paying twice": Refusal(
        lambda fixtures: fixtures.orders.confirm_retry_payment(
            fixtures.id("paid"), confirmation_token_id="ctoken_succeeded"
        ),
        "OrderNotEligibleForRetry",
        422,
        "OrderNotEligibleForRetry",
    ),
    "refused: wrong token": Refusal(
        lambda fixtures: fixtures.orders.list(request_access_token="polar_cst_wrong"),
        "PolarClientError",
        401,
        "invalid_token",
    ),
    "refused: expired session": Refusal(
        lambda fixtures: fixtures.orders.list(request_access_token=fixtures.given.shop.tokens["expired"]),
        "PolarClientError",
        401,
        "invalid_token",
    ),
    "refused: wrong organization token": Refusal(
        lambda fixtures: fixtures.owned_by("polar_oat_wrong").orders.list(), "PolarClientError", 401, "invalid_token"
    ),
    "refused: a plain member": Refusal(
        lambda fixtures: fixtures.orders.list(**fixtures.member("plain")), "PolarClientError", 403, "NotPermitted"
    ),
    # A service that no longer has the version answers as to an unknown path.
    "retired version: a list": Refusal(
        lambda fixtures: fixtures.orders.list(**fixtures.retired("customer")), "PolarClientError", 404, "Not Found"
    ),
    "retired version: an order": Refusal(
        lambda fixtures: fixtures.orders.get(UNKNOWN_ID, **fixtures.retired("customer")),
        "PolarClientError",
        404,
        "Not Found",
    ),
    "retired version: a session": Refusal(
        lambda fixtures: fixtures.organization.customer_sessions.create(
            customer_id=UNKNOWN_ID, **fixtures.retired("organization")
        ),
        "PolarClientError",
        404,
        "Not Found",
    ),
}

CHECKS: Mapping[str, Callable[[Fixtures], object]] = {
    "refused: no token": wants_a_token,
    **REFUSALS,
}
