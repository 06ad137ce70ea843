"""Rows of the core table for PATCH of an order's billing details, on the portal and the organization side."""

from __future__ import annotations

from contract_tests.suites.cases.rows import INVALID, NOBODY, REFUSED, Row
from polar_contract.json_types import JsonObject

_ADDRESS: JsonObject = {
    "line1": "5 New Street",
    "city": "New York",
    "state": "US-NY",
    "postal_code": "10002",
    "country": "US",
}
_PORTAL, _ORGANIZATION = "customer_portal:orders:", "orders:"
_NOT_FOUND = "ResourceNotFound"


def patch_rows() -> list[Row]:
    """All rows about changing billing details."""
    rows = []
    for prefix, on in ((_PORTAL, "order:for_portal_patch"), (_ORGANIZATION, "order:for_organization_patch")):
        operation = prefix + "update"
        rows += [*_accepted_patches(operation, on), *_refused_patches(operation, on)]
        rows += _patches_of_states(operation)
    return [*rows, *_patches_by_portal_caller(), *_patches_by_organization_caller()]


def _patches_of_states(operation: str) -> list[Row]:
    """The District of Columbia and Canada's territories are valid states; free-text states of other countries can't be changed either."""
    district: JsonObject = {"billing_address": {"country": "US", "state": "US-DC"}}
    yukon: JsonObject = {"billing_address": {"country": "CA", "state": "CA-YT"}}
    bremen: JsonObject = {"billing_address": {"country": "DE", "state": "Bremen"}}
    paris: JsonObject = {"billing_address": {"country": "FR", "state": "Paris"}}
    return [
        Row(operation, "the District of Columbia", 200, on="order:for_capital", body=district, shows=district),
        Row(operation, "Yukon", 200, on="order:for_yukon", body=yukon, shows=yukon),
        Row(operation, "another state in Germany", 422, REFUSED, on="order:in_germany", body=bremen),
        Row(operation, "a state where there was none", 422, REFUSED, on="order:country_only", body=paris),
    ]


def _accepted_patches(operation: str, on: str) -> list[Row]:
    return [
        Row(operation, "an empty body object", 200, on=on, body={}, shows={"modified_at": None}),
        Row(
            operation,
            "the name that it has",
            200,
            on=on,
            body={"billing_name": "Ada Example"},
            shows={"modified_at": None},
        ),
        Row(
            operation,
            "the name",
            200,
            on=on,
            body={"billing_name": "Ann New"},
            shows={"billing_name": "Ann New", "billing_address": {"country": "US", "state": "US-NY"}},
        ),
        Row(operation, "a media type that ends in +json", 200, on=on, body={}, content_type="application/vnd.api+json"),
        Row(operation, "the name to null", 200, on=on, body={"billing_name": None}, shows={"billing_name": None}),
        Row(
            operation,
            "the address is replaced, not merged",
            200,
            on=on,
            body={"billing_address": {"country": "US", "state": "NY"}},
            shows={
                "billing_address": {
                    "country": "US",
                    "state": "US-NY",
                    "line1": None,
                    "city": None,
                    "postal_code": None,
                }
            },
        ),
        Row(
            operation,
            "the whole address",
            200,
            on=on,
            body={"billing_address": _ADDRESS},
            shows={"billing_address": _ADDRESS},
        ),
        Row(operation, "unknown keys are ignored", 200, on=on, body={"colour": "blue"}),
    ]


def _refused_patches(operation: str, on: str) -> list[Row]:
    return [
        Row(operation, "another country", 422, REFUSED, on=on, body={"billing_address": {"country": "FR"}}),
        Row(
            operation,
            "another state",
            422,
            REFUSED,
            on=on,
            body={"billing_address": {"country": "US", "state": "US-CA"}},
        ),
        Row(operation, "the state left out", 422, REFUSED, on=on, body={"billing_address": {"country": "US"}}),
        Row(
            operation,
            "a state that the country lacks",
            422,
            INVALID,
            on=on,
            body={"billing_address": {"country": "US", "state": "US-XX"}},
        ),
        Row(
            operation,
            "a territory, which is no state",
            422,
            INVALID,
            on="order:for_capital",
            body={"billing_address": {"country": "US", "state": "US-PR"}},
        ),
        Row(operation, "no country", 422, INVALID, on=on, body={"billing_address": {"city": "Lyon"}}),
        Row(operation, "an unknown country", 422, INVALID, on=on, body={"billing_address": {"country": "XX"}}),
        Row(operation, "the country null", 422, INVALID, on=on, body={"billing_address": {"country": None}}),
        Row(operation, "the country a number", 422, INVALID, on=on, body={"billing_address": {"country": 5}}),
        Row(operation, "a name that is a number", 422, INVALID, on=on, body={"billing_name": 5}),
        Row(operation, "a name with NUL in it", 422, INVALID, on=on, body={"billing_name": "a\x00b"}),
        Row(operation, "half a surrogate pair", 422, INVALID, on=on, body=b'{"billing_name": "\\ud800"}'),
        Row(operation, "a name that is not a number", 422, INVALID, on=on, body=b'{"billing_name": NaN}'),
        Row(
            operation,
            "a schema error comes before an unknown order",
            422,
            INVALID,
            on="raw:3fa85f64-5717-4562-b3fc-2c963f66afa6",
            body={"billing_name": 5},
        ),
    ]


def _patches_by_portal_caller() -> list[Row]:
    return [
        Row(
            _PORTAL + "update",
            "another customer's order",
            404,
            _NOT_FOUND,
            on="order:other",
            body={"billing_name": "Eve"},
        ),
        Row(
            _PORTAL + "update",
            "a reading session",
            403,
            "insufficient_scope",
            who="reading_customer",
            on="order:for_portal_patch",
            body={},
        ),
        Row(
            _PORTAL + "update",
            "the team's billing manager",
            200,
            who="member_billing",
            on="order:for_member_patch",
            body={"billing_name": "Team"},
        ),
        Row(
            _PORTAL + "update",
            "broken JSON comes before a missing token",
            422,
            INVALID,
            who=NOBODY,
            on="order:for_portal_patch",
            body=b"{",
        ),
    ]


def _patches_by_organization_caller() -> list[Row]:
    return [
        Row(
            _ORGANIZATION + "update",
            "the scope comes before what the body says",
            403,
            "insufficient_scope",
            who="orders_reader",
            on="order:for_organization_patch",
            body={"billing_name": 5},
        ),
        Row(
            _ORGANIZATION + "update",
            "the reading scope is not enough",
            403,
            "insufficient_scope",
            who="orders_reader",
            on="order:for_organization_patch",
            body={},
        ),
        Row(
            _ORGANIZATION + "update",
            "another organization's order",
            404,
            _NOT_FOUND,
            on="order:team_paid",
            body={"billing_name": "Eve"},
        ),
    ]
