"""Compares an answer with its prediction, and fixed values with those shown first. Sends nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from contract_tests.checks.findings import ContractBroken, Finding
from contract_tests.checks.response import AnswerRules, differences
from contract_tests.checks.rules import Rule
from contract_tests.model.prediction import Prediction
from contract_tests.suites.stateful.performing import Bindings
from contract_tests.transport.exchanges import Exchange
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object

_MOST_DIFFERENCES = 3
FIXED_KEYS = (
    *("created_at", "subtotal_amount", "discount_amount", "net_amount", "tax_amount", "total_amount", "due_amount"),
    *("currency", "billing_reason", "invoice_number", "customer_id", "product_id", "organization_id", "secret"),
)


@dataclass(frozen=True, slots=True)
class Memory:
    """The first values of fixed fields in a story, by object id; and the first documents, by the name of their order."""

    objects: dict[str, JsonObject] = field(default_factory=dict)
    documents: dict[str, bytes] = field(default_factory=dict)


def check_answer(
    exchange: Exchange, prediction: Prediction, *, rules: AnswerRules, bindings: Bindings, memory: Memory, on: str
) -> None:
    """Check an answer. `on` is the name of the requested object. Errors: ContractBroken."""
    if exchange.operation_id is None:
        _check_document(exchange, rules, memory, on)
        return
    try:
        rules.check(exchange, status=prediction.status, error=prediction.error)
    except ContractBroken as broken:
        if prediction.source is None or exchange.status >= 500:
            raise
        finding = broken.findings[0]
        raise ContractBroken(
            [rules.finding(exchange, finding.rule, finding.expected, finding.got, source=prediction.source)]
        ) from None
    found = [*_wrongly_shown(exchange, prediction, rules, bindings), *_changed(exchange, rules, bindings, memory)]
    if found:
        raise ContractBroken(found[:_MOST_DIFFERENCES])


def _wrongly_shown(
    exchange: Exchange, prediction: Prediction, rules: AnswerRules, bindings: Bindings
) -> Iterator[Finding]:
    if prediction.shows is None:
        return
    wanted, got = bindings.filled(prediction.shows), exchange.json()
    if isinstance(wanted, dict) and isinstance(wanted.get("items"), list):
        expected, found = _ids(wanted), _ids(got)
        if (sorted(expected) if prediction.is_unordered else expected) != (
            sorted(found) if prediction.is_unordered else found
        ):
            yield rules.finding(exchange, Rule.LISTED, _names(bindings, expected), _names(bindings, found))
            return
        got = {**as_object(got), "items": _by_ids(got, expected)}
    for place, value, other in differences(wanted, got):
        texts = (
            f"{place} is {bindings.named(repr(value))}",
            f"{exchange.status}: {place} is {bindings.named(repr(other))}",
        )
        is_guarantee = place.endswith("is_invoice_generated") and value is True
        yield rules.finding(exchange, Rule.STATE_SHOWN, *texts, source="guarantee" if is_guarantee else None)


def _changed(exchange: Exchange, rules: AnswerRules, bindings: Bindings, memory: Memory) -> Iterator[Finding]:
    """Compares with the values that were shown first, and remembers new ones."""
    answer = _parsed(exchange)
    for shown in map(as_object, [answer, *as_list(answer.get("items"))]):
        # A draft has no number yet.
        fixed = {
            key: shown[key]
            for key in FIXED_KEYS
            if key in shown and not (key == "invoice_number" and shown[key] is None)
        }
        if not isinstance(shown.get("id"), str) or not fixed:
            continue
        first = memory.objects.setdefault(str(shown["id"]), {})
        for key, value in fixed.items():
            if first.setdefault(key, value) != value:
                texts = (f"{key} of {bindings.named(str(shown['id']))} is {first[key]!r}", f"{key} is {value!r}")
                yield rules.finding(
                    exchange, Rule.NUMBERED if key == "invoice_number" else Rule.FIXED, *texts, source="observed"
                )


def _check_document(exchange: Exchange, rules: AnswerRules, memory: Memory, on: str) -> None:
    if exchange.status != 200 or not exchange.body.startswith(b"%PDF-"):
        raise ContractBroken([rules.finding(exchange, Rule.LEADS_TO_PDF, "200 with a PDF document", source="contract")])
    if memory.documents.setdefault(on, exchange.body) != exchange.body:
        texts = ("the bytes of the first download", "different bytes")
        raise ContractBroken([rules.finding(exchange, Rule.PERMANENT, *texts)])
    others = [body for name, body in memory.documents.items() if name != on and _is_same_order(name, on)]
    if exchange.body in others:
        texts = ("a document with the changed billing details", "the document from before the change")
        raise ContractBroken([rules.finding(exchange, Rule.REISSUED, *texts)])


def _is_same_order(one: str, other: str) -> bool:
    return one.partition(" ")[0] == other.partition(" ")[0]


def _parsed(exchange: Exchange) -> JsonObject:
    try:
        return as_object(exchange.json())
    except ValueError:
        return {}


def _ids(answer: JsonValue) -> list[str]:
    return [str(as_object(item).get("id")) for item in as_list(as_object(answer).get("items"))]


def _by_ids(answer: JsonValue, ids: list[str]) -> JsonValue:
    items = {str(as_object(item).get("id")): item for item in as_list(as_object(answer).get("items"))}
    return [items[one] for one in ids]


def _names(bindings: Bindings, ids: list[str]) -> str:
    return bindings.named(", ".join(ids)) or "no item"
