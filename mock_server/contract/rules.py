"""Checks of the service that its schemas do not state: small named rules, keyed by the title of a schema.

Source of all of them: observed on the service, April 2026; where it answered 500, the rule gives the 422 form instead.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from typing import Any

from pydantic_core import PydanticKnownError

from polar_contract.behaviour import WebhookRules
from polar_contract.json_types import JsonObject

# The service answered 500 for a page number whose offset does not fit into 64 bits.
MOST_PAGE = (2**63 - 1) // 100
# The mock's own limit, that of whole numbers in world documents.
MOST_AMOUNT = 2**53 - 1
LONGEST_URL = 2083
# The mock's own limit: each violation is reported in full, so a body full of them would make a response of many times its size.
MOST_LIST_ITEMS = 1_000

ALIASES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("CustomerSessionCustomerExternalIDCreate", "external_customer_id"): ("customer_external_id",)
}
# Objects whose every field counts as sent: an address is replaced as a whole.
WHOLE_OBJECTS = frozenset({"AddressInput"})
WEBHOOK_OBJECTS = frozenset({"WebhookEndpointCreate", "WebhookEndpointUpdate"})
_SECRET: JsonObject = {"anyOf": [{"type": "string", "minLength": 32}, {"type": "null"}]}


_VERSION_FORM = re.compile(r"\d{4}-\d{2}")


def refuse_malformed_version(value: Any) -> Any:
    """Which versions are served depends on the day, so it is checked later; the document lists those of its own day."""
    if isinstance(value, str) and not _VERSION_FORM.fullmatch(value):
        raise ValueError(f"Invalid version string: {value}")
    return value


def hidden_fields(title: str, webhook: WebhookRules) -> dict[str, Any]:
    """Fields of an object that are accepted in a body, but are not in the published contract."""
    return {"secret": _SECRET} if title in WEBHOOK_OBJECTS and webhook.secret_can_be_sent else {}


def require_one_way_to_pay(body: dict[str, Any]) -> dict[str, Any]:
    given = [name for name in ("confirmation_token_id", "payment_method_id") if body.get(name) is not None]
    if not given:
        raise ValueError("Either confirmation_token_id or payment_method_id must be provided")
    if len(given) > 1:
        raise ValueError("Only one of confirmation_token_id or payment_method_id can be provided")
    return body


# Rules between the fields of an object, by its title.
OBJECT_RULES: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "CustomerOrderConfirmPayment": require_one_way_to_pay
}

US_STATES = frozenset(
    (  # noqa: SIM905  one string reads better than fifty quoted codes
        "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH "
        "OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY"
    ).split()
)
CA_SUBDIVISIONS = frozenset(["AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT"])
_STATES = {"US": (US_STATES, "Invalid US state"), "CA": (CA_SUBDIVISIONS, "Invalid CA subdivision")}


def upper_case_country(value: Any) -> Any:
    return value.upper() if isinstance(value, str) else value


def blank_to_null(value: str | None) -> str | None:
    return value or None


def refuse_unstorable(value: str) -> str:
    """Reject text that the service's database can't hold; the service answered 500 for it."""
    if "\x00" in value:
        raise ValueError("Text may not contain NUL characters")
    if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError("Text may not contain lone surrogates")
    return value


def prefix_state(address: dict[str, Any]) -> dict[str, Any]:
    """US and Canadian states get their country's prefix; other countries' states are kept as they are."""
    state, country = address["state"], str(address["country"])
    if state is None or country not in _STATES:
        return address
    known, refusal = _STATES[country]
    bare = state.removeprefix(f"{country}-")
    if bare not in known:
        raise ValueError(refusal)
    return {**address, "state": f"{country}-{bare}"}


def strip_blanks(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def refuse_private_host(url: Any) -> Any:
    """Reject the name `localhost` and addresses that are not global; other names are not checked."""
    host = (url.host or "").strip("[]").lower()
    if host == "localhost" or _is_private_address(host):
        raise ValueError("Webhook URLs cannot point to localhost or private IP addresses.")
    return url


def refuse_long_when_written(url: Any) -> Any:
    """Check the length of the normalised URL: normalising may add to it, for example a slash after the host."""
    if len(str(url)) > LONGEST_URL:
        raise PydanticKnownError("url_too_long", {"max_length": LONGEST_URL})
    return url


def refuse_long_list(value: Any) -> Any:
    if isinstance(value, list) and len(value) > MOST_LIST_ITEMS:
        raise PydanticKnownError(
            "too_long", {"field_type": "List", "max_length": MOST_LIST_ITEMS, "actual_length": len(value)}
        )
    return value


def refuse_large_map(value: Any) -> Any:
    if isinstance(value, dict) and len(value) > MOST_LIST_ITEMS:
        raise PydanticKnownError(
            "too_long", {"field_type": "Dictionary", "max_length": MOST_LIST_ITEMS, "actual_length": len(value)}
        )
    return value


def _is_private_address(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    # Check an IPv4 address inside an IPv6 address by itself, as interpreters since 3.13 do.
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return not (mapped or address).is_global
