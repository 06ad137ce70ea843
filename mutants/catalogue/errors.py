"""Wrong error names and texts, with the right status."""

from __future__ import annotations

import re

from mutants.operators import (
    INVOICE,
    ORDER,
    PORTAL_ORDER,
    Mutant,
    body_changed,
    changing,
    mutant,
    on,
    replaced,
    with_parts,
    without,
)
from mutants.proxy import Answer

_NAMES = {b"NotPaidOrder": b"MissingInvoiceBillingDetails", b"MissingInvoiceBillingDetails": b"NotPaidOrder"}


def _swapped(answer: Answer) -> Answer:
    return answer.but(body=re.sub(b"|".join(_NAMES), lambda found: _NAMES[found.group()], answer.body))


def _another_id(answer: Answer) -> Answer:
    return answer.but(body=re.sub(rb"Order [0-9a-f-]{36}", b"Order 3fa85f64-5717-4562-b3fc-2c963f66afa6", answer.body))


ERRORS: list[Mutant] = [
    mutant("error", "a wrong error name", changing(on("POST", INVOICE, 422), replaced("NotPaidOrder", "OrderNotPaid"))),
    mutant(
        "error",
        "an error name in lower case",
        changing(on("POST", INVOICE, 422), replaced("NotPaidOrder", "notpaidorder")),
    ),
    mutant("error", "two errors swapped", changing(on("POST", INVOICE, 422), _swapped)),
    mutant("error", "another order in the detail", changing(on("POST", INVOICE, 422, "NotPaidOrder"), _another_id)),
    mutant(
        "error",
        "another detail for missing billing",
        changing(
            on("POST", INVOICE, 422, "MissingInvoiceBillingDetails"), body_changed(with_parts(detail="Fill it in"))
        ),
    ),
    mutant("error", "no error name", changing(on("POST", INVOICE, 422), body_changed(without("error")))),
    mutant(
        "error",
        "an unknown order is called an unknown invoice",
        changing(on("GET", PORTAL_ORDER, 404), replaced("ResourceNotFound", "InvoiceDoesNotExist")),
    ),
    mutant(
        "error",
        "a missing invoice is called a missing order",
        changing(on("GET", INVOICE, 404, "InvoiceDoesNotExist"), replaced("InvoiceDoesNotExist", "ResourceNotFound")),
    ),
    mutant(
        "error",
        "an expired token is called missing",
        changing(
            on("GET", ORDER, 401, "invalid_token"),
            body_changed(lambda _: {"error": "Unauthorized", "detail": "Unauthorized"}),
        ),
    ),
    mutant(
        "error",
        "business errors in the validation form",
        changing(
            on("PATCH", ORDER, 422, "PolarRequestValidationError"),
            replaced("PolarRequestValidationError", "RequestValidationError"),
        ),
    ),
]
