"""Every rule that the contract tests check, by its stable id: reports, waivers and planted defects speak of it.

A sentence states what holds. Ids stay when sentences change.
"""

from __future__ import annotations

from enum import Enum


class Rule(Enum):
    """A rule's id, and the sentence that a reader of a report sees beside it."""

    @property
    def id(self) -> str:
        """Like `page.unique`."""
        return self.value[0]

    @property
    def sentence(self) -> str:
        """In words."""
        return self.value[1]

    @classmethod
    def by_id(cls, rule_id: str) -> Rule:
        """Errors: KeyError."""
        return {rule.id: rule for rule in cls}[rule_id]

    def __str__(self) -> str:
        return f"{self.sentence} [{self.id}]"

    # Answers
    UNEXPECTED = ("answer.expected", "Unexpected status or error for this request")
    SHOWS_REQUEST = ("answer.content", "The response shows what the request asked for")
    STATE_SHOWN = ("answer.state", "The response shows the effect of earlier requests")
    SAME_ANSWERS = ("answer.repeatable", "The same sequence of requests gets the same answers")
    COMPLETE = ("answer.complete", "Every request gets a complete response")
    IN_TIME = ("answer.in-time", "Response time is within the limit")
    NO_FAILURE = ("status.no-server-error", "No request causes a server error (5xx)")
    DOCUMENTED = ("status.documented", "Every status code is documented")
    HEADERS_SENT = ("header.documented", "Every documented response header is sent")
    RATE_LIMITED = ("header.retry-after", "A 429 has a Retry-After header in seconds")
    CONTENT_TYPE = ("body.content-type", "The content type is documented")
    NO_CONTENT = ("body.empty", "A response without documented content has an empty body")
    IS_UTF8 = ("body.utf-8", "JSON is encoded in UTF-8")
    IS_JSON = ("body.json", "A JSON response is valid JSON")
    SHAPE = ("body.schema", "The body matches the documented schema")
    ACCEPTED_NULL = ("body.null-202", "A 202 has the body null")
    GENERATED = ("body.generated-check", "A Schemathesis check passes for generated requests")
    KEY_ONCE = ("body.unique-keys", "An object has no duplicate keys")
    WHOLE_AMOUNTS = ("body.integer-amounts", "Amounts are integers in the smallest currency unit")
    TIME_UTC = ("body.utc-times", "Timestamps are in UTC and end with Z")
    # Routing
    METHOD_ALLOWED = ("routing.allow", "The Allow header of a 405 names the first method of the path")
    ROUTED = ("routing.router", "Requests outside the operations get the router's answer")
    # Versions
    ECHOED = ("version.echoed", "An answer names the version that was asked for, or the current one")
    PINNED = ("version.pinned", "A request for a served version gets an answer of that version")
    UNKNOWN_REFUSED = (
        "version.unknown-refused",
        "A malformed, unknown or removed version gets a bare 404, before everything else",
    )
    SAME_ORDER = ("version.same-order", "An order differs between versions only where their documents differ")
    # Errors and access
    TOKEN_REQUIRED = ("auth.required", "A request without a valid token is refused")
    CHALLENGE = ("auth.challenge", "A 401 or 403 has the WWW-Authenticate challenge of the API")
    NOT_STORED = ("auth.no-store", "An invalid_token response has Cache-Control: no-store")
    OWN_ORDERS = ("auth.own-orders", "A session sees only its own customer's orders")
    ERROR_TEXT = ("error.message", "An error has the message of its kind")
    VALIDATION_PLACE = ("error.location", "A validation error names the location and the input")
    QUERY_ORDER = ("error.query-order", "Query errors are listed in a fixed order")
    JSON_SYNTAX = ("error.json-syntax", "Malformed JSON is reported with its position and cause")
    NO_RETRY_AFTER = ("error.retry-limit", "ManualRetryLimitExceeded has no Retry-After")
    # Lists
    PAGE_UNIQUE = ("page.unique", "No item is listed twice")
    PAGE_COUNT = ("page.max-page", "max_page follows from total_count and limit")
    PAGE_SIZE = ("page.size", "A page has the number of items that limit and total_count give")
    PAGE_TOTAL = ("page.total", "total_count counts every object the caller can see")
    SORTED = ("list.sorted", "Items are in the requested order")
    FILTERED = ("list.filtered", "Every item matches the filter")
    LISTED = ("list.complete", "A list has the orders that its filters, sorting and page select")
    # Orders
    ORDER_ASKED_FOR = ("order.requested", "The order has the requested id")
    ORDER_STABLE = ("order.immutable-fields", "Immutable fields of an order do not change")
    ORDER_STAYS_PAID = ("order.stays-paid", "A paid order stays paid")
    ORDER_PAID = ("order.paid", "paid matches the status")
    CHANGE_SHOWN = ("order.patched", "A PATCH response shows the change")
    CHANGE_TIMED = ("order.modified-at", "A change sets modified_at")
    ISSUE_TIMED = ("order.issue-modified-at", "Generating the invoice changes modified_at")
    NESTED = ("order.nested", "Nested objects match the order's ids")
    AMOUNTS = ("order.amounts", "Amounts add up")
    REFUND_STATUS = ("order.refund-status", "Refunded amounts fit the status")
    REFUND_LIMIT = ("order.refund-limit", "The refunded amount is at most the paid amount")
    LINE_PERIOD = (
        "order.item-period",
        "A line of a subscription's order has the period that it is for; no other line has one",
    )
    NOT_BEFORE_CREATED = ("object.modified-after-created", "modified_at is not before created_at")
    EXPIRES = ("object.expires", "expires_at is after created_at")
    FIXED = ("object.fixed", "Fields that are set at creation do not change")
    CLIENT_SECRET = ("payment.client-secret", "requires_action carries a client_secret")
    # Customers and sessions
    OWN_RECORD = ("customer.saved", "Changes of the customer's record are saved")
    SESSION_WORKS = ("session.lifetime", "A session works until it expires")
    # Invoices
    PERMANENT = ("invoice.one-shot", "A generated invoice does not change")
    STAYS = ("invoice.stays", "is_invoice_generated does not go back to false")
    NUMBERED = ("invoice.number-fixed", "An order keeps its invoice number")
    ANNOUNCED_ONCE = ("invoice.one-event", "Generating an invoice sends order.updated once")
    READY_SOON = ("invoice.ready-in-time", "An invoice is ready within seconds")
    NUMBER_PREFIX = ("invoice.number-prefix", "An invoice number starts with the organization's prefix")
    LINK = ("invoice.link", "The invoice URL is a presigned URL that expires")
    LEADS_TO_PDF = ("invoice.pdf", "The invoice URL leads to a PDF")
    NAMES_ORDER = ("invoice.parties", "The PDF has the invoice number and the bill-to details")
    DOCUMENT_CONTENT = ("invoice.content", "The PDF has the order date, every item and every amount")
    FILE_NAME = ("invoice.file-name", "The download is named after the invoice number")
    REISSUED = ("invoice.reissued", "A request after a change of the billing details makes a new document, once")
    # Receipts and drafts
    RECEIPT_NUMBER = (
        "receipt.number",
        "A paid order has a receipt number of its own, which it keeps; no other has one",
    )
    RECEIPT_PDF = ("receipt.pdf", "The receipt's URL leads to a PDF with the receipt number")
    RECEIPT_SAME = ("receipt.stable", "Both sides of the API lead to the same receipt, which does not change")
    RECEIPT_SILENT = ("receipt.no-event", "Making a receipt sends no event")
    DRAFT_EVENTS = (
        "draft.events",
        "A draft sends order.created when it is made, order.updated and order.paid when it is paid",
    )
    DRAFT_STAYS = ("draft.stays", "A draft has no numbers, and stays a draft until it is paid")
    # Webhooks
    ANNOUNCED = ("webhook.events", "Each change of an order sends its event once, in order")
    PATCH_EVENT = ("webhook.patch-event", "Every PATCH sends order.updated once")
    CUSTOMER_EVENT = (
        "webhook.customer-event",
        "Each change of a customer sends customer.updated once to its subscribers",
    )
    CUSTOMER_PAYLOAD = ("webhook.customer", "customer.updated shows the customer as the organization API does")
    SUBSCRIBED = ("webhook.subscribed", "Only enabled endpoints get events, and only those they subscribe to")
    OTHERS_EVENTS = ("webhook.isolated", "Events go only to endpoints of their own organization")
    PAYLOAD = ("webhook.order", "The payload shows the order as the organization API does")
    EVENT_FROZEN = ("webhook.snapshot", "The payload shows the state at the time of the event")
    SIGNED = ("webhook.signature", "The signature is made with the endpoint's secret")
    SIGNING_SCHEME = (
        "webhook.signing-scheme",
        "An endpoint says how its secret signs, which its origin and age decide",
    )
    EVENT_VERSION = (
        "webhook.version",
        "An event names the version that its endpoint had when it was made, and keeps it",
    )
    SIGNED_ANEW = ("webhook.attempt-signature", "Every attempt is signed with its own timestamp")
    HEADED = ("webhook.headers", "The request has the Standard Webhooks headers")
    FORMED = ("webhook.body", "The body is the event in compact JSON")
    REDELIVERED = ("webhook.redelivery", "A redelivery is the same event with a new signature")
    REDELIVERY_SILENT = ("webhook.redelivery-event", "A redelivery creates no new event")
    RETRIED = ("webhook.retry", "A failed delivery is retried unchanged until it succeeds")
    DISABLED = ("webhook.disabled", "An endpoint is disabled after ten failed events in a row")
    NOT_BLOCKED = ("webhook.not-blocked", "A silent receiver does not block others")
    REDIRECTS = ("webhook.redirects", "Redirects of a receiver are not followed")
    DELIVERIES = ("webhook.deliveries", "The list of deliveries shows what was sent and answered")
    OUTCOME = ("webhook.outcome", "A delivery shows the outcome of its event")
    SECRET_RENEWED = ("webhook.secret", "A reset secret is new and is returned")
    CHANNEL_FORMAT = ("webhook.channel-format", "Discord and Slack endpoints get their own format")
    CHANNEL_TEXT = ("webhook.channel-text", "The message names the event and the order")
    CHANNEL_STYLE = ("webhook.channel-style", "The message has the service's colours, links and footer")
