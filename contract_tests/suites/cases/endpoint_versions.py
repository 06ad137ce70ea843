"""Rows of the core table for the version and the secret of a webhook endpoint, where the service has versions."""

from __future__ import annotations

from contract_tests.suites.cases.rows import INVALID, Row
from polar_contract.json_types import JsonObject, JsonValue

_CREATE, _UPDATE = "webhooks:create_webhook_endpoint", "webhooks:update_webhook_endpoint"
_SECRET = "a-secret-of-the-owners-choice-for-events"
_UNVERSIONED = {"webhook.version_header": None}


def endpoint_version_rows() -> list[Row]:
    """All rows about `api_version`, and about secrets that a request sends."""
    return [*_versions(), *_secrets()]


def _versions() -> list[Row]:
    """Every served version is accepted, whatever version the request names. Source: Polar's published webhook schemas, September 2026."""
    good: JsonObject = {"url": "https://hooks.example.com/versions", "format": "raw", "events": ["order.updated"]}
    served, other = "2026-04", "2026-10"
    refused: list[tuple[str, JsonValue, str]] = [
        ("a word", "latest", "Value error, Invalid version string: latest"),
        ("a version in another form", "2026-4", "Value error, Invalid version string: 2026-4"),
        ("a version that was never served", "2025-10", "Value error, Invalid API version: 2025-10"),
        ("a number", 202610, "Input should be a valid string"),
    ]
    rows = [
        Row(
            _CREATE,
            f"the version {version}",
            201,
            body={**good, "api_version": version},
            shows={"api_version": version},
            unless=_UNVERSIONED,
        )
        for version in (served, other)
    ]
    for operation, on, body in ((_CREATE, "", good), (_UPDATE, "endpoint:kept", {})):
        rows += [
            Row(
                operation,
                f"{says} for a version",
                422,
                INVALID,
                on=on,
                body={**body, "api_version": sent},
                shows=_refusal(sent, text),
                unless=_UNVERSIONED,
            )
            for says, sent, text in refused
        ]
    return [
        *rows,
        *(
            Row(
                _UPDATE,
                f"the version {version}",
                200,
                on="endpoint:for_patch",
                body={"api_version": version},
                shows={"api_version": version},
                unless=_UNVERSIONED,
            )
            for version in (served, other)
        ),
    ]


def _refusal(sent: JsonValue, text: str) -> JsonObject:
    item: JsonObject = {"type": "string_type", "loc": ["body", "api_version"], "msg": text, "input": sent}
    if isinstance(sent, str):
        item = {**item, "type": "value_error", "ctx": {"error": {}}}
    return {"detail": [item]}


def _secrets() -> list[Row]:
    """A secret that a request chooses signs with its whole text; where none can be chosen, the key is unknown and ignored."""
    good: JsonObject = {"url": "https://hooks.example.com/secrets", "format": "raw", "events": ["order.updated"]}
    chosen, ignored = {"webhook.secret_can_be_sent": True}, {"webhook.secret_can_be_sent": False}
    legacy: JsonObject = {"uses_standard_webhook_signature": False}
    return [
        Row(
            _CREATE,
            "a chosen secret signs as it is",
            201,
            body={**good, "secret": _SECRET},
            shows={"secret": _SECRET, **legacy},
            when=chosen,
            unless=_UNVERSIONED,
        ),
        Row(_CREATE, "a secret that can't be chosen is ignored", 201, body={**good, "secret": _SECRET}, when=ignored),
        Row(_CREATE, "a short secret is ignored, too", 201, body={**good, "secret": "short"}, when=ignored),
        Row(
            _UPDATE,
            "a chosen secret",
            200,
            on="endpoint:for_patch",
            body={"secret": _SECRET},
            shows={"secret": _SECRET, **legacy},
            when=chosen,
            unless=_UNVERSIONED,
        ),
        Row(
            _UPDATE,
            "a short secret",
            422,
            INVALID,
            on="endpoint:for_patch",
            body={"secret": "short"},
            when=chosen,
            unless=_UNVERSIONED,
        ),
        Row(
            _UPDATE,
            "a secret that can't be chosen is ignored",
            200,
            on="endpoint:kept",
            body={"secret": _SECRET},
            shows={"modified_at": None},
            when=ignored,
        ),
    ]
