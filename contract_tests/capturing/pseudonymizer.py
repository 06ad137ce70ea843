"""Stand-ins for what names a person or a company: the same value always gets the same one. Pure but for its memory."""

from __future__ import annotations

from dataclasses import dataclass, field

from polar_contract.json_types import JsonObject, JsonValue

_FORMS = {
    "billing name": "Billing Name {}",
    "line1": "{} Example Street",
    "line2": "Unit {}",
    "city": "City {}",
    "postal_code": "Postcode {}",
    "endpoint": "Endpoint {}",
    "code": "CODE{}",
}
_ORGANIZATION: JsonObject = {
    "slug": "organization",
    "name": "Organization 1",
    "email": "organization@example.com",
    "website": "https://organization.example.com",
}
_REMOVED = "removed"
# A document can't do without.
_ALWAYS_NAMED = ("slug", "name")
# Rules depend on them, and alone they name nobody.
_KEPT_PARTS = ("state", "country")


@dataclass(frozen=True, slots=True)
class Pseudonymizer:
    """`keeps_names` lets everything through as it is. Blank texts always stay: they are not the same as none."""

    keeps_names: bool
    _known: dict[tuple[str, str], str] = field(default_factory=dict)

    def customer(self, key: str, customer: JsonObject) -> JsonObject:
        """Name, e-mail address and external id of the customer with this key, as in `customer_1`."""
        shown = {part: customer.get(part) for part in ("email", "name", "external_id")}
        if self.keeps_names:
            return shown
        number = key.rpartition("_")[2]
        stand_ins = {
            "email": f"customer-{number}@example.com",
            "name": f"Customer {number}",
            "external_id": f"customer-{number}",
        }
        return {part: stand_ins[part] if _says_something(value) else value for part, value in shown.items()}

    def organization(self, shown: JsonObject) -> JsonObject:
        """Slug, name and, where it shows any, e-mail address and website of the organization."""
        known = {part: value for part, value in shown.items() if part in _ORGANIZATION and value is not None}
        stand_ins = {part: _ORGANIZATION[part] for part in _ORGANIZATION if part in known or part in _ALWAYS_NAMED}
        return {**stand_ins, **known} if self.keeps_names else stand_ins

    def billing_name(self, value: JsonValue, *, real_name: JsonValue, shown_name: JsonValue) -> JsonValue:
        """The name on an order: the customer's own stand-in where it is the customer's own name."""
        return shown_name if value == real_name else self.text("billing name", value)

    def address(self, value: JsonValue) -> JsonObject | None:
        """Another street and town in the same country and state."""
        if not isinstance(value, dict):
            return None
        parts = ("line1", "line2", "postal_code", "city", *_KEPT_PARTS)
        given = {part: value[part] for part in parts if value.get(part) is not None}
        return {part: one if part in _KEPT_PARTS else self.text(part, one) for part, one in given.items()}

    def values(self, shown: JsonValue) -> JsonObject:
        """What is kept under names of the account's own: only that there is something."""
        kept: JsonObject = shown if isinstance(shown, dict) else {}
        return dict(kept) if self.keeps_names else dict.fromkeys(kept, _REMOVED)

    def text(self, kind: str, value: JsonValue) -> JsonValue:
        """The stand-in for a text of a kind that `_FORMS` names."""
        if self.keeps_names or not isinstance(value, str) or not value.strip():
            return value
        number = 1 + sum(known == kind for known, _ in self._known)
        return self._known.setdefault((kind, value), _FORMS[kind].format(number))


def _says_something(value: JsonValue) -> bool:
    return isinstance(value, str) and bool(value.strip())
