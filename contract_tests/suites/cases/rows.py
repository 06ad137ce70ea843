"""The type of a row of the core table, and constants for rows. The rows themselves are in the other modules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from contract_tests.model.conditions import When, holds
from polar_contract.behaviour import Behaviour
from polar_contract.json_types import JsonObject, JsonValue
from polar_contract.operations import Operation

JSON = "application/json"
NOBODY = "nobody"
UNKNOWN_ID = "raw:3fa85f64-5717-4562-b3fc-2c963f66afa6"
FIRST_VERSION_ID = "raw:3fa85f64-5717-11ee-b3fc-2c963f66afa6"
SEVENTH_VERSION_ID = "raw:018f2d6a-7b3c-7def-8a1b-3c4d5e6f7a8b"
ID_OF_ZEROS = "raw:00000000-0000-0000-0000-000000000000"
NOT_AN_ID = "raw:nope"
BEYOND_NUMBERS = "9" * 30
INVALID, REFUSED = "RequestValidationError", "PolarRequestValidationError"

# The rule that gives each error its name: a revision may give it another one.
_RULES_OF_ERRORS: Mapping[str, str] = {
    "Unauthorized": "error.unauthorized",
    "ResourceNotFound": "error.not_found",
    "NotPermitted": "error.role_refused",
    "NotPaidOrder": "error.invoice_refused",
    "MissingInvoiceBillingDetails": "error.billing_details_missing",
    "InvoiceDoesNotExist": "error.invoice_not_issued",
    "OrderNotEligibleForRetry": "error.payment_not_retriable",
    "PaymentAlreadyInProgress": "error.payment_under_way",
    "ManualRetryLimitExceeded": "error.payment_retries_used_up",
    "PaymentRetryValidationError": "error.payment_method_foreign",
    "OrderNotEligibleForInvoice": "error.invoice_refused",
    "ReceiptNotAllocated": "error.receipt_not_issued",
    "OrderNotDraft": "error.order_not_draft",
    "OffSessionChargesNotEnabled": "error.charging_switched_off",
    "LengthRequired": "error.length_required",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One equivalence class of one operation: the caller, the request, and the expected answer.

    `who` names a credential (empty: the default one), `on` an object of the fixtures like `order:paid`, with a suffix like
    `|upper` for another spelling, or `raw:` followed by the id itself. Texts like `{order:paid}` in query, body and
    `shows` stand for ids; without `has_length` the body is sent in chunks. `shows` is what the answer must contain,
    `in_world` what it must also contain in a world of the contract tests. `on_account` names the object to use on a live
    account, if that is another one. `when` are the rules of the revision on which the answer depends, besides the error
    that it states; `unless` are rules with which the answer is another one. `parameters` are those of the query that the
    operation must have in the document.
    """

    operation_id: str
    says: str
    status: int
    error: str | None = None
    who: str = ""
    on: str = ""
    query: Mapping[str, str | tuple[str, ...]] | None = None
    body: JsonValue | bytes = None
    content_type: str | None = JSON
    has_length: bool = True
    shows: JsonValue = None
    in_world: JsonObject | None = None
    on_account: str = ""
    when: When = field(default_factory=dict)
    unless: When = field(default_factory=dict)
    parameters: tuple[str, ...] = ()

    def applies(self, operation: Operation, behaviour: Behaviour) -> bool:
        """Whether the revision has the rules and the parameters from which the expected answer follows."""
        if operation.id != self.operation_id or not set(self.parameters) <= set(operation.query_names):
            return False
        stated = _RULES_OF_ERRORS.get(self.error or "")
        needed = {**({stated: f"{self.status} {self.error}"} if stated else {}), **self.when}
        return holds(needed, behaviour) and not (self.unless and holds(self.unless, behaviour))

    @property
    def name(self) -> str:
        """One line for reports."""
        return f"{self.operation_id} · {self.says} · {self.status}"
