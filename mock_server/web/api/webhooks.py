"""Webhook endpoints, deliveries and redelivery."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from mock_server.contract.errors import RequestInvalid
from mock_server.domain.webhooks import WebhookEndpoint
from mock_server.services import webhooks
from mock_server.views.basics import compact, page_json
from mock_server.views.webhooks import delivery_json, endpoint_json
from mock_server.web.api.calls import ApiOperation, Call, id_filter, page_request
from mock_server.web.exchange import ACCEPTED, NO_CONTENT, Answer
from polar_contract.json_types import JsonObject


def _shape(call: Call, endpoint: WebhookEndpoint) -> JsonObject:
    return endpoint_json(endpoint, call.tables.organization)


def list_endpoints(call: Call) -> Answer:
    page = webhooks.list_endpoints(call.tables, page_request(call), organization_ids=id_filter(call, "organization_id"))
    items = [_shape(call, endpoint) for endpoint in page.items]
    return Answer(200, compact(page_json(items, page.total, page.limit)))


def _require_served_version(call: Call) -> None:
    """An endpoint may have any version that is served, also one that is newer than the request's. Source: Polar's webhook schemas.

    Errors: RequestInvalid.
    """
    version, served = call.checked.body.get("api_version"), call.world.policies.versions.served or ()
    if version is not None and version not in served:
        raise RequestInvalid(
            [
                {
                    "type": "value_error",
                    "loc": ["body", "api_version"],
                    "msg": f"Value error, Invalid API version: {version}",
                    "input": version,
                    "ctx": {"error": {}},
                }
            ]
        )


def create_endpoint(call: Call) -> Answer:
    _require_served_version(call)
    endpoint = webhooks.create_endpoint(call.services, call.world, fields=call.checked.body)
    return Answer(201, compact(_shape(call, endpoint)))


def get_endpoint(call: Call) -> Answer:
    return Answer(200, compact(_shape(call, webhooks.find_endpoint(call.tables, call.id))))


def update_endpoint(call: Call) -> Answer:
    _require_served_version(call)
    endpoint = webhooks.update_endpoint(call.world, endpoint_id=call.id, fields=call.checked.body)
    return Answer(200, compact(_shape(call, endpoint)))


def reset_secret(call: Call) -> Answer:
    endpoint = webhooks.reset_secret(call.services, call.world, endpoint_id=call.id)
    return Answer(200, compact(_shape(call, endpoint)))


def delete_endpoint(call: Call) -> Answer:
    webhooks.delete_endpoint(call.world, call.id)
    return NO_CONTENT


def list_deliveries(call: Call) -> Answer:
    query = call.checked.query
    filters = webhooks.DeliveryFilters(
        endpoint_ids=id_filter(call, "endpoint_id"),
        event_types=id_filter(call, "event_type"),
        start=cast("datetime | None", query.get("start_timestamp")),
        end=cast("datetime | None", query.get("end_timestamp")),
        succeeded=cast("bool | None", query.get("succeeded")),
        http_code_class=cast("str | None", query.get("http_code_class")),
        query=cast("str | None", query.get("query")),
    )
    page = webhooks.list_deliveries(call.tables, page_request(call), filters=filters)
    return Answer(200, compact(page_json([delivery_json(*pair) for pair in page.items], page.total, page.limit)))


def redeliver_event(call: Call) -> Answer:
    webhooks.redeliver_event(call.services, call.world, call.id)
    return ACCEPTED


OPERATIONS = {
    "webhooks:list_webhook_endpoints": ApiOperation(list_endpoints),
    "webhooks:create_webhook_endpoint": ApiOperation(create_endpoint),
    "webhooks:get_webhook_endpoint": ApiOperation(get_endpoint),
    "webhooks:update_webhook_endpoint": ApiOperation(update_endpoint),
    "webhooks:delete_webhook_endpoint": ApiOperation(delete_endpoint),
    "webhooks:reset_webhook_endpoint_secret": ApiOperation(reset_secret),
    "webhooks:list_webhook_deliveries": ApiOperation(list_deliveries),
    "webhooks:redeliver_webhook_event": ApiOperation(redeliver_event),
}
