"""What the rules of a world's faults can name: operations, orders, tokens, event types and documented answers."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from mock_server.documents.errors import shown, some_of
from mock_server.documents.fields import Fields
from mock_server.domain.event_types import EVENT_TYPES
from mock_server.domain.faults import FaultAnswer, InvalidTokenAnswer, NamedAnswer
from polar_contract.behaviour import ErrorRules

INVALID_TOKEN = "invalid_token"  # noqa: S105  the name of an error
"""The error of an unknown or expired token, which is of another form than the documented ones."""
_NEAREST = 3


@dataclass(frozen=True, slots=True)
class FaultNames:
    operations: Mapping[str, str]
    """The operations that the world's service has, by id, with their paths."""
    order_keys: Mapping[str, str]
    """Ids of orders by name."""
    order_ids: Collection[str]
    tokens: Mapping[str, str]
    """Tokens by name."""
    errors: ErrorRules

    def operation(self, fields: Fields) -> str | None:
        operation = fields.text("operation")
        if operation is not None and operation not in self.operations:
            complain_unknown(fields, "operation", operation, self.operations)
        return operation

    def order_id(self, fields: Fields) -> str | None:
        """The id of an order that is given by its name or its id."""
        order = fields.text("order")
        if order is None or order in self.order_ids:
            return order
        if order not in self.order_keys:
            complain_unknown(fields, "order", order, self.order_keys)
        return self.order_keys.get(order)

    def token(self, fields: Fields) -> str | None:
        name = fields.text("token")
        if name is not None and name not in self.tokens:
            complain_unknown(fields, "token", name, self.tokens)
        return None if name is None else self.tokens.get(name)

    def event_type(self, fields: Fields) -> str | None:
        event_type = fields.text("type")
        if event_type is not None and event_type not in EVENT_TYPES:
            complain_unknown(fields, "type", event_type, EVENT_TYPES)
        return event_type

    def answer(self, fields: Fields) -> FaultAnswer | None:
        """An answer that is given by the name of its error; None, with a problem, for an unknown one."""
        name = str(fields.raw("answer"))
        if name == INVALID_TOKEN:
            return InvalidTokenAnswer()
        rules = {refusal.error: rule for rule, refusal in self.errors._asdict().items()}
        if name not in rules:
            complain_unknown(fields, "answer", name, (*rules, INVALID_TOKEN))
            return None
        if "{order_" in getattr(self.errors, rules[name]).detail and not self._has_order(fields):
            fields.complain("answer", f"is {shown(name)}, which names an order; give the order, or an operation of one")
        return NamedAnswer(rules[name])

    def _has_order(self, fields: Fields) -> bool:
        path = self.operations.get(str(fields.raw("operation")), "")
        return fields.raw("order") is not None or "orders/{id}" in path


def complain_unknown(fields: Fields, field: str, name: str, known: Iterable[str]) -> None:
    """Report a name that there is not, with the nearest ones, or else the first ones."""
    listed = tuple(known)
    nearest = difflib.get_close_matches(name[:100], listed, _NEAREST)
    hint = f"did you mean {' or '.join(nearest)}?" if nearest else f"there are: {some_of(listed) or 'none'}"
    fields.complain(field, f"is {shown(name)}; {hint}")
