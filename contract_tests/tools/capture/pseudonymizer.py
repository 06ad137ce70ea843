"""Replaces names of persons and companies by pseudonyms. Equal values always get the same pseudonym, so it stores those it used."""

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
# Parts that every document needs.
_ALWAYS_NAMED = ("slug", "name")
# Rules depend on these parts, and alone they identify nobody.
_KEPT_PARTS = ("state", "country")


@dataclass(frozen=True, slots=True)
class Pseudonymizer:
    """With `keeps_names` all values stay unchanged. Blank texts always stay, because blank and missing are different values."""

    keeps_names: bool
    _known: dict[tuple[str, str], str] = field(default_factory=dict)

    def customer(self, key: str, customer: JsonObject) -> JsonObject:
        """Name, e-mail address and external id of the customer with this key, as in `customer_1`."""
        shown = {part: customer.get(part) for part in ("email", "name", "external_id")}
        if self.keeps_names:
            return shown
        number = key.rpartition("_")[2]
        pseudonyms = {
            "email": f"customer-{number}@example.com",
            "name": f"Customer {number}",
            "external_id": f"customer-{number}",
        }
        return {part: pseudonyms[part] if _is_not_blank(value) else value for part, value in shown.items()}

    def organization(self, shown: JsonObject) -> JsonObject:
        """Slug and name of the organization, and its e-mail address and website if they are shown."""
        known = {part: value for part, value in shown.items() if part in _ORGANIZATION and value is not None}
        pseudonyms = {part: _ORGANIZATION[part] for part in _ORGANIZATION if part in known or part in _ALWAYS_NAMED}
        return {**pseudonyms, **known} if self.keeps_names else pseudonyms

    def billing_name(self, value: JsonValue, *, real_name: JsonValue, shown_name: JsonValue) -> JsonValue:
        """The billing name of an order: the customer's pseudonym when it equals the customer's name, else one of its own."""
        return shown_name if value == real_name else self.text("billing name", value)

    def address(self, value: JsonValue) -> JsonObject | None:
        """An address with the same country and state, the other parts replaced."""
        if not isinstance(value, dict):
            return None
        parts = ("line1", "line2", "postal_code", "city", *_KEPT_PARTS)
        given = {part: value[part] for part in parts if value.get(part) is not None}
        return {part: one if part in _KEPT_PARTS else self.text(part, one) for part, one in given.items()}

    def values(self, shown: JsonValue) -> JsonObject:
        """Metadata and custom fields: the keys stay, the values are removed."""
        kept: JsonObject = shown if isinstance(shown, dict) else {}
        return dict(kept) if self.keeps_names else dict.fromkeys(kept, _REMOVED)

    def text(self, kind: str, value: JsonValue) -> JsonValue:
        """The pseudonym for a text of one of the kinds in `_FORMS`."""
        if self.keeps_names or not isinstance(value, str) or not value.strip():
            return value
        number = 1 + sum(known == kind for known, _ in self._known)
        return self._known.setdefault((kind, value), _FORMS[kind].format(number))


def _is_not_blank(value: JsonValue) -> bool:
    return isinstance(value, str) and bool(value.strip())
