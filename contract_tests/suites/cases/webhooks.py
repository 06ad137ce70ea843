"""Rows of the core table for webhook endpoints and deliveries, specific to each operation."""

from __future__ import annotations

from contract_tests.suites.cases.rows import BEYOND_NUMBERS, INVALID, REFUSED, UNKNOWN_ID, Row
from polar_contract.json_types import JsonObject

_URL = "https://hooks.example.com/new"
_SECRET = "a-secret-of-the-owners-choice-for-events"
_SECRET_CAN_BE_SENT = {"webhook.secret_can_be_sent": True}


def webhook_rows() -> list[Row]:
    """All rows about webhook endpoints, deliveries and redelivery."""
    return [*_endpoints(), *_new_endpoints(), *_single_endpoints(), *_deliveries()]


def _endpoints() -> list[Row]:
    listing = "webhooks:list_webhook_endpoints"
    return [
        Row(listing, "without parameters", 200),
        Row(listing, "the reading scope", 200, who="webhooks_reader"),
        Row(
            listing,
            "the second of two pages",
            200,
            query={"limit": "3", "page": "2"},
            shows={"pagination": {"total_count": 4, "max_page": 2}},
            # A caller that a live account does not have, because its number of endpoints is not known.
            who="webhooks_reader",
        ),
        Row(
            listing,
            "another organization",
            200,
            query={"organization_id": UNKNOWN_ID.removeprefix("raw:")},
            shows={"pagination": {"total_count": 0}},
            who="webhooks_reader",
        ),
        Row(listing, "page 0", 422, INVALID, query={"page": "0"}),
        Row(
            listing,
            "several faults at once",
            422,
            INVALID,
            query={"organization_id": "nope", "limit": "x", "page": "0"},
        ),
        Row(listing, "a page beyond all numbers", 422, INVALID, query={"page": BEYOND_NUMBERS}),
    ]


def _new_endpoints() -> list[Row]:
    create = "webhooks:create_webhook_endpoint"
    good: JsonObject = {"url": _URL, "format": "raw", "events": ["order.updated"]}
    return [
        Row(
            create,
            "a valid endpoint",
            201,
            body=good,
            shows={"url": _URL, "format": "raw", "events": ["order.updated"], "enabled": True},
        ),
        Row(
            create,
            "a secret of its own",
            201,
            body={**good, "secret": _SECRET},
            shows={"secret": _SECRET},
            when=_SECRET_CAN_BE_SENT,
        ),
        Row(
            create,
            "a secret that is too short",
            422,
            INVALID,
            body={**good, "secret": "short"},
            when=_SECRET_CAN_BE_SENT,
        ),
        Row(create, "plain http", 422, INVALID, body={**good, "url": "http://hooks.example.com/new"}),
        *(
            Row(create, says, 422, INVALID, body={**good, "url": f"https://{host}/new"})
            for says, host in (
                ("localhost", "localhost"),
                ("the loopback of IPv6", "[::1]"),
                ("a private address, 10.x", "10.1.2.3"),
                ("a private address, 192.168.x", "192.168.1.2"),
                ("a link-local address", "169.254.169.254"),
            )
        ),
        *(
            Row(create, says, 201, body={**good, "url": f"https://{host}/new"}, shows={"url": f"https://{host}/new"})
            for says, host in (
                ("a name that ends in a dot", "localhost."),
                ("a name below localhost", "hooks.localhost"),
                ("a name in a private network", "hooks.internal"),
            )
        ),
        Row(create, "blanks around it", 201, body={**good, "url": f" {_URL} "}, shows={"url": _URL}),
        Row(create, "an unknown event", 422, INVALID, body={**good, "events": ["order.eaten"]}),
        Row(create, "an unknown format", 422, INVALID, body={**good, "format": "carrier-pigeon"}),
        Row(create, "no URL", 422, INVALID, body={"format": "raw", "events": []}),
        Row(
            create,
            "an organization beside an organization token",
            422,
            REFUSED,
            body={**good, "organization_id": "{organization:core}"},
        ),
    ]


def _single_endpoints() -> list[Row]:
    get, update = "webhooks:get_webhook_endpoint", "webhooks:update_webhook_endpoint"
    kept, patched = "endpoint:kept", "endpoint:for_patch"
    return [
        Row(get, "one", 200, on=kept, shows={"id": f"{{{kept}}}"}, in_world={"url": "https://hooks.example.com/kept"}),
        Row(update, "an empty body object", 200, on=kept, body={}, shows={"modified_at": None}),
        Row(update, "the name", 200, on=patched, body={"name": "Accounting"}, shows={"name": "Accounting"}),
        Row(update, "disabled", 200, on=patched, body={"enabled": False}, shows={"enabled": False}),
        Row(
            update,
            "null is ignored",
            200,
            on=patched,
            body={"url": None},
            shows={"url": "https://hooks.example.com/patch"},
        ),
        Row(update, "localhost", 422, INVALID, on=patched, body={"url": "https://localhost/new"}),
        Row(update, "plain http", 422, INVALID, on=patched, body={"url": "http://hooks.example.com"}),
        Row(get, "an id in capitals", 200, on=f"{kept}|upper", shows={"id": f"{{{kept}}}"}),
        *(
            Row(
                f"webhooks:{name}",
                "the reading scope is not enough",
                403,
                "insufficient_scope",
                who="webhooks_reader",
                on=on,
            )
            for name, on in (
                ("update_webhook_endpoint", patched),
                ("reset_webhook_endpoint_secret", "endpoint:for_secret"),
                ("delete_webhook_endpoint", "endpoint:for_delete"),
            )
        ),
        *(
            Row(f"webhooks:{name}", "another organization's", 404, "ResourceNotFound", on="endpoint:foreign", body=body)
            for name, body in (
                ("get_webhook_endpoint", None),
                ("update_webhook_endpoint", {}),
                ("reset_webhook_endpoint_secret", None),
                ("delete_webhook_endpoint", None),
            )
        ),
        Row("webhooks:reset_webhook_endpoint_secret", "one", 200, on="endpoint:for_secret"),
        Row("webhooks:delete_webhook_endpoint", "one", 204, on="endpoint:for_delete"),
    ]


def _deliveries() -> list[Row]:
    listing = "webhooks:list_webhook_deliveries"
    return [
        Row(listing, "without parameters", 200),
        Row(listing, "the reading scope", 200, who="webhooks_reader"),
        Row(listing, "of one endpoint", 200, query={"endpoint_id": "{endpoint:kept}"}),
        Row(
            listing,
            "the failed ones of one kind",
            200,
            query={"succeeded": "false", "event_type": "order.updated", "http_code_class": "5xx"},
        ),
        Row(listing, "an unknown class of codes", 422, INVALID, query={"http_code_class": "9xx"}),
        *(
            Row(listing, f"{name} without a time zone", 422, INVALID, query={name: "2026-04-15T12:00:00"})
            for name in ("start_timestamp", "end_timestamp")
        ),
        Row(listing, "a timestamp that is not a time", 422, INVALID, query={"start_timestamp": "yesterday"}),
        Row(listing, "a page beyond all numbers", 422, INVALID, query={"page": BEYOND_NUMBERS}),
        Row(listing, "a malformed endpoint", 422, INVALID, query={"endpoint_id": "nope"}),
        Row(
            listing,
            "several faults at once",
            422,
            INVALID,
            query={
                **{"event_type": "order.eaten", "http_code_class": "9xx", "succeeded": "perhaps"},
                **{"start_timestamp": "yesterday", "endpoint_id": "nope", "limit": "x", "page": "0"},
            },
        ),
    ]
