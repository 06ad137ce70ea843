"""Rows of the core table for customer and member sessions, specific to each operation."""

from __future__ import annotations

from contract_tests.suites.cases.rows import FIRST_VERSION_ID, INVALID, REFUSED, UNKNOWN_ID, Row
from polar_contract.json_types import JsonObject

_UNKNOWN = UNKNOWN_ID.removeprefix("raw:")
_NO_SUCH_MEMBERS: tuple[tuple[str, JsonObject], ...] = (
    ("an unknown member id", {"customer_id": "{customer:team}", "member_id": _UNKNOWN}),
    ("an external member id of nobody", {"customer_id": "{customer:team}", "external_member_id": "nobody"}),
    ("another customer's member", {"customer_id": "{customer:lone}", "member_id": "{member:plain}"}),
)


def session_rows() -> list[Row]:
    """All rows about customer and member sessions."""
    return [*_of_customers("customer-sessions:create"), *_of_teams("customer-sessions:create"), *_of_members()]


def _of_customers(create: str) -> list[Row]:
    return [
        Row(create, "by id", 201, body={"customer_id": "{customer:main}"}, shows={"customer_id": "{customer:main}"}),
        *(
            Row(create, says, 201, body={name: "core-main"}, shows={"customer_id": "{customer:main}"})
            for says, name in (
                ("by external id", "external_customer_id"),
                ("by the former name of the external id", "customer_external_id"),
            )
        ),
        Row(
            create,
            "with a return URL",
            201,
            body={"customer_id": "{customer:main}", "return_url": "https://example.com/back"},
            shows={"return_url": "https://example.com/back"},
        ),
        Row(
            create,
            "with a return URL by external id",
            201,
            body={"external_customer_id": "core-main", "return_url": "https://example.com/back"},
            shows={"return_url": "https://example.com/back"},
        ),
        Row(
            create,
            "of both ids the external one counts",
            201,
            body={"customer_id": "{customer:main}", "external_customer_id": "core-other"},
            shows={"customer_id": "{customer:other}"},
        ),
        Row(
            create,
            "a return URL that is a script",
            422,
            INVALID,
            body={"customer_id": "{customer:main}", "return_url": "javascript:alert(1)"},
        ),
        Row(create, "an id of version 1", 422, INVALID, body={"customer_id": FIRST_VERSION_ID.removeprefix("raw:")}),
        Row(create, "an unknown customer", 422, REFUSED, body={"customer_id": _UNKNOWN}),
        Row(create, "an unknown external id", 422, REFUSED, body={"external_customer_id": "nobody"}),
        Row(create, "another organization's team", 422, REFUSED, body={"customer_id": "{customer:team}"}),
        Row(create, "another organization's customer", 422, REFUSED, body={"customer_id": "{customer:lone}"}),
        Row(create, "neither id is wrong in two ways", 422, INVALID, body={}, shows={"detail": [{}, {}]}),
    ]


def _of_teams(create: str) -> list[Row]:
    return [
        Row(
            create,
            "a team without a member",
            422,
            REFUSED,
            who="members_organization",
            body={"customer_id": "{customer:team}"},
        ),
        Row(
            create,
            "a team's member",
            201,
            who="members_organization",
            body={"customer_id": "{customer:team}", "member_id": "{member:plain}"},
            shows={"customer_id": "{customer:team}"},
        ),
        Row(
            create,
            "a team's member by external id",
            201,
            who="members_organization",
            body={"external_customer_id": "members-team", "external_member_id": "members-plain"},
            shows={"customer_id": "{customer:team}"},
        ),
        *(Row(create, says, 422, REFUSED, who="members_organization", body=body) for says, body in _NO_SUCH_MEMBERS),
    ]


def _of_members() -> list[Row]:
    member = "member-sessions:create"
    return [
        Row(
            member,
            "by id",
            201,
            who="members_organization",
            body={"member_id": "{member:owner}"},
            shows={"member_id": "{member:owner}"},
        ),
        Row(member, "an unknown member", 422, REFUSED, who="members_organization", body={"member_id": _UNKNOWN}),
        Row(member, "no member", 422, INVALID, who="members_organization", body={}),
        Row(member, "a malformed id", 422, INVALID, who="members_organization", body={"member_id": "nope"}),
    ]
