"""Reads a sent request into the form of the oracle: its caller, its id, and whether it is well-formed. Pure."""

from __future__ import annotations

from contract_tests.model.outcomes import Request
from contract_tests.transport import request_reader
from contract_tests.transport.exchanges import Exchange
from polar_contract.operations import Operation

# Very large page numbers made the service fail; the limit is not known.
_SAFE_DIGITS = 9


def request_of(exchange: Exchange, operation: Operation) -> Request:
    """The request of an exchange."""
    sent = request_reader.body(exchange) if operation.has_body else request_reader.Body()
    address = sent.value.get("billing_address") if isinstance(sent.value, dict) else None
    return Request(
        operation,
        request_reader.bearer(exchange),
        hides_token=exchange.hides_caller,
        object_id=request_reader.canonical_id(exchange, operation),
        is_valid=_is_valid(exchange, operation, sent),
        is_broken=sent.is_broken,
        address=address if isinstance(address, dict) else None,
    )


def _is_valid(exchange: Exchange, operation: Operation, sent: request_reader.Body) -> bool | None:
    """Whether id, query and body are valid; None when this can't be determined from outside."""
    if operation.has_id and request_reader.canonical_id(exchange, operation) is None:
        return False
    parameters = request_reader.query(exchange)
    for name in ("page", "limit"):
        if name in parameters and operation.is_list and not _is_positive(parameters[name][-1]):
            return False
    if operation.sortings and not operation.sortings.issuperset(parameters.get("sorting", [])):
        return False
    if operation.has_body and not _has_object(sent, operation):
        return False
    may_lack_fields = operation.needs_body and operation.method == "POST"
    is_plain = set(parameters) <= {"page", "limit", "sorting"} and not (
        operation.has_body and (sent.value or may_lack_fields)
    )
    is_close = all(len(text) <= _SAFE_DIGITS for text in parameters.get("page", []))
    return True if is_plain and is_close else None


def _has_object(sent: request_reader.Body, operation: Operation) -> bool:
    """Whether the body is a JSON object, or absent or null where the operation needs none."""
    if sent.is_absent or (sent.is_json and sent.value is None):
        return not operation.needs_body
    return sent.is_json and isinstance(sent.value, dict)


def _is_positive(text: str) -> bool:
    """Whether text is a positive integer as the service reads one."""
    digits = text.strip().removeprefix("+").replace("_", "")
    whole, _, fraction = digits.partition(".")
    return whole.isdecimal() and int(whole) > 0 and set(fraction) <= {"0"}
