"""The rules of a revision that its OpenAPI document does not state, as frozen values. `behaviour_reading` reads them.

A rule has the name `GROUP.FIELD`, as in `invoice.refused_statuses`. The file of a revision gives every rule a value and a
source; code asks for a rule's value and never for the name of a revision.

Named tuples, because every start defines them: as dataclasses they would take it 5 ms longer.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, NamedTuple

Reissue = Literal["keep", "render", "render_if_billing_changed"]
"""The effect of a second request for an invoice: none, a new document, or that only if the billing details or the tax id changed."""
Automatic = Literal["never", "created"]
"""Whether new orders with billing details get an invoice that nobody requested."""
ValidationTexts = Literal["pydantic_2_12", "pydantic_2_13"]
"""Whose words validation errors are in; the two differ in malformed ids."""
PriceType = Literal["fixed", "free", "unit_based"]
AddressField = Literal["line1", "line2", "postal_code", "city", "state", "country"]
Headers = tuple[tuple[str, str], ...]
"""Names and values of response headers."""


class Refusal(NamedTuple):
    """An error response. `detail` names facts of the request in braces, as in `Order {order_id} is not paid`; `{{` is a brace."""

    status: int
    error: str
    detail: str


# Error responses by the facts that their detail may name.
AboutOrder = Annotated[Refusal, "order_id"]
AboutStatus = Annotated[Refusal, "order_id", "order_status"]
AboutLimit = Annotated[Refusal, "limit_bytes"]
Moment = datetime
"""A time with its time zone, as in `2026-09-08T00:00:00Z`."""


class InvoiceRules(NamedTuple):
    """`refused_statuses`: orders in these statuses can't have an invoice, whatever their billing details."""

    refused_statuses: tuple[str, ...]
    reissue: Reissue
    reissue_as_served: Reissue
    """The effect that was observed on the service, if it is another one than the documented effect."""
    automatic: Automatic
    link_lifetime_seconds: int


class OrderRules(NamedTuple):
    """`statuses`: those that an order can have, in the order in which lists are sorted by status."""

    statuses: tuple[str, ...]
    are_receipts_numbered: bool
    """Whether an order gets the number of a receipt when it is paid."""
    have_items_periods: bool
    """Whether the lines of a subscription's order show the period that they are for."""


class ProductRules(NamedTuple):
    """`price_types`: the forms of a price, of those that a mock has. Where there is no `free`, a free product has a fixed price of 0."""

    price_types: tuple[PriceType, ...]


class OrganizationRules(NamedTuple):
    """What the organization in an order shows besides its published fields: the names of flags, in this order."""

    feature_settings: tuple[str, ...]
    email_settings: tuple[str, ...]


class CustomerRules(NamedTuple):
    """`has_legacy_avatar`: whether the `user` that orders still carry has the customer's avatar."""

    has_legacy_avatar: bool


class BillingRules(NamedTuple):
    """`fixed_address_fields`: no change of an order's address may change these, once the order has an address."""

    fixed_address_fields: tuple[AddressField, ...]


class PaymentRules(NamedTuple):
    """`most_manual_retries`: how often a customer may retry the payment of one order."""

    most_manual_retries: int


class WebhookRules(NamedTuple):
    """Before attempt n+1 the wait is `retry_base_seconds` times 2 to the n, at most the cap, and of that 50 to 100 percent."""

    secret_prefix: str
    secret_can_be_sent: bool
    """Whether a request may set an endpoint's secret, although the document has no such field."""
    standard_signing_since: Moment | None
    """Secrets generated from then on sign as Standard Webhooks does, with the bytes that their base64 stands for; any other
    secret, and all of them where this is None, with the whole secret as UTF-8, prefix included."""
    version_header: str | None
    """The header that names the version of an event, which then stands in its payload, too; None where events have none."""
    most_attempts: int
    retry_base_seconds: float
    retry_cap_seconds: float
    failed_events_before_disabling: int
    """So many failed events in a row disable their endpoint."""


class RequestRules(NamedTuple):
    """`body_limit_bytes`: a larger body is refused. `most_items_per_page`: a larger `limit` counts as this one."""

    body_limit_bytes: int
    most_items_per_page: int
    is_length_required: bool
    """Whether a POST, PUT or PATCH without `Content-Length` is refused before anything else."""
    version_header: str | None
    """The header that chooses a revision by its name in a request, and names it in every response; None where the service has none."""
    validation_texts: ValidationTexts


class ResponseRules(NamedTuple):
    """`headers`: what every response of the API has, unless it has a header of this name already.

    `cors_allowed_headers`: what a page of any origin may send. `cors_exposed_headers`: what it may read.
    """

    headers: Headers
    cors_allowed_headers: tuple[str, ...]
    cors_exposed_headers: tuple[str, ...]
    left_out_fields: tuple[str, ...]
    """What responses of other revisions have, as in `Order.next_payment_attempt_at`: the schema of the document, and its field."""


class ErrorRules(NamedTuple):
    """Error responses in the form `{error, detail}`."""

    unauthorized: Refusal
    not_found: Refusal
    """An order, endpoint or event that the caller does not have."""
    role_refused: Refusal
    body_too_large: AboutLimit
    length_required: Refusal
    invoice_refused: AboutStatus
    billing_details_missing: AboutOrder
    invoice_not_issued: AboutOrder
    receipt_not_issued: AboutOrder
    order_not_draft: AboutStatus
    charging_switched_off: Refusal
    """The organization may not charge saved payment methods."""
    organization_not_ready: Refusal
    """The organization can't take payments yet."""
    payment_failed: AboutOrder
    payment_action_required: AboutOrder
    payment_not_retriable: AboutOrder
    payment_under_way: AboutOrder
    payment_retries_used_up: AboutOrder
    payment_method_foreign: Refusal


class Behaviour(NamedTuple):
    """All rules of one revision, by group."""

    invoice: InvoiceRules
    order: OrderRules
    product: ProductRules
    organization: OrganizationRules
    customer: CustomerRules
    billing: BillingRules
    payment: PaymentRules
    webhook: WebhookRules
    request: RequestRules
    response: ResponseRules
    error: ErrorRules
