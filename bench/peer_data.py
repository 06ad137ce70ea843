"""What other mock servers serve: a data file for each, and the requests that it can answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

from bench.load import Request
from bench.targets import more_requests, requests_for
from bench.trivial import LISTED, TOKEN
from polar_contract.json_types import JsonObject, JsonValue

_CONTRACT = Path("spec/0.1.0/openapi.yaml")
_UUID = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
Prepared = tuple[Path, dict[str, Request]]


def prism(_: Path, order: JsonObject) -> Prepared:
    """The published contract itself. It answers its own examples, so its list has one order; it knows neither ids nor tokens."""
    requests = _requests(order)
    listed = requests["list of 10"]
    requests["422, an id that is none"] = replace(listed, path=listed.path.replace("=10", "=none"), status=422)
    requests["401, an unknown token"] = replace(requests["401, an unknown token"], token="")
    return _CONTRACT, requests


def json_server(folder: Path, order: JsonObject) -> Prepared:
    """Collections of objects. It has no tokens and checks nothing; its POST makes an object, which is another operation."""
    id_ = str(order["id"])
    orders: list[JsonValue] = [{**order, "id": id_ if not number else f"order-{number}"} for number in range(LISTED)]
    file = folder / "json-server.json"
    file.write_text(json.dumps({"orders": orders, "invoices": [_invoice(order)]}), "utf-8")
    requests = _requests(order)
    paths = {
        "GET order": f"/orders/{id_}",
        "list of 10": f"/orders?_limit={LISTED}",
        "PATCH": f"/orders/{id_}",
        "GET invoice": f"/invoices/{id_}",
    }
    return file, {name: replace(requests[name], path=path) for name, path in paths.items()}


def mockoon(folder: Path, order: JsonObject) -> Prepared:
    """A fixed answer for each route, with rules for the token and the form of the id."""
    orders = "v1/customer-portal/orders"
    listed: JsonObject = {"items": [order] * LISTED, "pagination": {"total_count": LISTED, "max_page": 1}}
    routes: list[JsonValue] = [
        _route("get", f"{orders}/", 200, listed),
        _route("get", f"{orders}/:id", 200, order),
        _route("patch", f"{orders}/:id", 200, order),
        _route("post", f"{orders}/:id/invoice", 202, None),
        _route("get", f"{orders}/:id/invoice", 200, _invoice(order)),
    ]
    children: list[JsonValue] = [
        {"type": "route", "uuid": route["uuid"]} for route in routes if isinstance(route, dict)
    ]
    file = folder / "mockoon.json"
    file.write_text(json.dumps({**_MOCKOON, "routes": routes, "rootChildren": children}), "utf-8")
    return file, _requests(order)


PREPARE: dict[str, Callable[[Path, JsonObject], Prepared]] = {
    "Prism": prism,
    "json-server": json_server,
    "Mockoon": mockoon,
}


def _requests(order: JsonObject) -> dict[str, Request]:
    requests = requests_for(str(order["id"]), TOKEN)
    return {**requests, **more_requests(requests["POST invoice"])}


def _invoice(order: JsonObject) -> JsonObject:
    return {"id": order["id"], "url": "http://127.0.0.1/invoice.pdf"}


def _route(method: str, endpoint: str, status: int, body: JsonValue) -> JsonObject:
    token: JsonObject = {"target": "header", "modifier": "Authorization", "value": f"Bearer {TOKEN}"}
    answers: list[JsonValue] = [
        _answer(401, {"detail": "Unauthorized"}, {**token, "operator": "equals", "invert": True})
    ]
    if ":id" in endpoint:
        form: JsonObject = {"target": "params", "modifier": "id", "value": _UUID, "operator": "regex", "invert": True}
        answers.append(_answer(422, {"detail": []}, form))
    return {
        "uuid": _id(f"{method} {endpoint}"),
        "type": "http",
        "documentation": "",
        "method": method,
        "endpoint": endpoint,
        "responses": [*answers, _answer(status, body, None)],
        "responseMode": None,
        "streamingMode": None,
        "streamingInterval": 0,
    }


def _answer(status: int, body: JsonValue, rule: JsonObject | None) -> JsonObject:
    """`rule` None: the answer if no rule applies."""
    return {
        "uuid": _id(f"{status} {json.dumps(body)} {json.dumps(rule)}"),
        "body": json.dumps(body),
        "latency": 0,
        "statusCode": status,
        "label": "",
        "headers": [{"key": "Content-Type", "value": "application/json"}],
        "bodyType": "INLINE",
        "filePath": "",
        "databucketID": "",
        "sendFileAsBody": False,
        "rules": [] if rule is None else [rule],
        "rulesOperator": "OR",
        "disableTemplating": True,
        "fallbackTo404": False,
        "default": rule is None,
        "crudKey": "id",
        "callbacks": [],
    }


def _id(name: str) -> str:
    made: UUID = uuid5(NAMESPACE_URL, name)
    return str(made)


# The file format of the pinned version.
_MOCKOON: JsonObject = {
    "uuid": _id("bench"),
    "lastMigration": 33,
    "name": "bench",
    "port": 3000,
    "hostname": "127.0.0.1",
    "endpointPrefix": "",
    "latency": 0,
    "folders": [],
    "proxyMode": False,
    "headers": [],
    "data": [],
    "callbacks": [],
    "cors": False,
    "tlsOptions": {"enabled": False, "type": "CERT"},
}
