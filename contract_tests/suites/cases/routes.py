"""The table of routes: the router's answers to requests outside the operations. On a mock server only.

Source: observed on the service, April 2026.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from contract_tests.checks.findings import ContractBroken, Problem
from contract_tests.checks.rules import Rule
from contract_tests.config.credentials import NONSENSE_TOKENS
from contract_tests.runner.context import RunContext
from contract_tests.suites.cases.rows import UNKNOWN_ID
from contract_tests.targets.fixtures import Fixtures
from contract_tests.transport.exchanges import Exchange
from polar_contract.json_types import JsonObject, JsonValue
from polar_contract.operations import Operations

_NOT_ALLOWED: JsonObject = {"detail": "Method Not Allowed"}
_NOT_FOUND: JsonObject = {"detail": "Not Found"}
_NAME = re.compile(r"\{([a-z_]+:[a-z_]+)\}")
_OBJECTS = {"orders": "order:paid", "endpoints": "endpoint:kept"}
_ID = UNKNOWN_ID.removeprefix("raw:")
_PAGE = "https://shop.example.com"
_PREFLIGHT = {
    "Origin": _PAGE,
    "Access-Control-Request-Method": "PATCH",
    "Access-Control-Request-Headers": "authorization,content-type",
}
_MOVED = "The API root has moved from /api/v1 to /v1. Please update your integration."
# A refused token may become valid soon.
_NOT_STORED = {"cache-control": "no-store"}
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Route:
    """One request to the router. With `body` None any body is accepted; `shows` are headers by lower-case name.

    Names in braces in `path` stand for ids, `who` for a token, as in the core table.
    """

    says: str
    method: str
    path: str
    status: int
    body: JsonValue = None
    headers: Mapping[str, str] = field(default_factory=dict)
    shows: Mapping[str, str] = field(default_factory=dict)
    who: str = ""

    @property
    def name(self) -> str:
        """One line for reports."""
        return f"{self.method} {self.path} · {self.says} · {self.status}"


def routes(operations: Operations) -> list[Route]:
    """Every row: unsupported methods and wrong trailing slashes for each path, unknown paths, and CORS requests."""
    return [*_wrong_methods(operations), *_known_objects(operations), *_slashes(operations), *_special()]


def check_route(context: RunContext, fixtures: Fixtures, route: Route) -> None:
    """Send the request and check the answer. Errors: ContractBroken."""
    path = _NAME.sub(lambda found: fixtures.ids[found[1]], route.path)
    token = fixtures.tokens[route.who] if route.who else None
    exchange = context.client.send_to(route.method, path, token=token, headers=route.headers)
    found = [*context.rules.findings(exchange)]
    found += [context.rules.finding(exchange, *problem, source="observed") for problem in _problems(exchange, route)]
    if found:
        raise ContractBroken(found)


def _paths(operations: Operations) -> dict[str, list[str]]:
    """The methods of each path, with an unknown id, in the order of the contract."""
    paths: dict[str, list[str]] = {}
    for operation in operations:
        paths.setdefault(operation.url_path(_ID), []).append(operation.method)
    return paths


def _wrong_methods(operations: Operations) -> Iterator[Route]:
    for path, methods in _paths(operations).items():
        for method in [one for one in _METHODS if one not in methods][:2]:
            body = None if method == "HEAD" else _NOT_ALLOWED
            yield Route("a method that it lacks", method, path, 405, body, shows={"allow": methods[0]})
        yield Route("HEAD", "HEAD", path, 405, shows={"allow": methods[0]})


def _known_objects(operations: Operations) -> Iterator[Route]:
    """Unsupported methods on existing objects, with a token that may change them."""
    for operation in operations:
        name = next((one for part, one in _OBJECTS.items() if operation.path.endswith(f"/{part}/{{id}}")), None)
        if operation.method == "GET" and name is not None:
            path, who = (
                operation.path.replace("{id}", f"{{{name}}}"),
                "customer" if operation.is_portal else "organization",
            )
            methods = {one.method for one in operations if one.path == operation.path}
            for method in sorted({"PUT", "DELETE", "POST"} - methods):
                shows = {"allow": "GET"}
                yield Route(
                    "with a token that may change the object", method, path, 405, _NOT_ALLOWED, shows=shows, who=who
                )


def _slashes(operations: Operations) -> Iterator[Route]:
    for path, methods in _paths(operations).items():
        other = path.removesuffix("/") if path.endswith("/") else f"{path}/"
        shows = {"location": f"{path}?page=2"}
        yield Route("a slash too many or too few", methods[0], f"{other}?page=2", 307, shows=shows)


def _special() -> Iterator[Route]:
    orders, unknown = "/v1/customer-portal/orders/", "/v1/nothing-of-this-name"
    wrong = {"Authorization": f"Bearer {NONSENSE_TOKENS['unknown_customer']}"}
    shared = {"access-control-allow-origin": _PAGE}
    yield Route("no such path", "GET", unknown, 404, _NOT_FOUND)
    yield Route("no such path, with an unknown token", "GET", unknown, 401, headers=wrong, shows=_NOT_STORED)
    yield Route("a slash too few, with an unknown token", "GET", orders[:-1], 401, headers=wrong, shows=_NOT_STORED)
    yield Route("a method that it lacks, with an unknown token", "PUT", orders, 401, headers=wrong, shows=_NOT_STORED)
    yield Route("no such version", "GET", "/v2/orders/", 404, _NOT_FOUND)
    yield Route("the former prefix", "GET", "/api/v1/orders/", 401, shows={"x-polar-deprecation-notice": _MOVED})
    yield Route("a CORS preflight request", "OPTIONS", orders, 200, headers=_PREFLIGHT, shows=shared)
    yield Route("a refusal has CORS headers", "GET", orders, 401, headers={"Origin": _PAGE}, shows=shared)


def _problems(exchange: Exchange, route: Route) -> Iterator[Problem]:
    if exchange.status != route.status:
        yield Rule.ROUTED, f"{route.status}", exchange.excerpt()
        return
    if route.body is not None and _parsed(exchange) != route.body:
        yield Rule.ROUTED, f"{route.status} with {route.body}", exchange.excerpt()
    for name, value in route.shows.items():
        got = exchange.headers.get(name, f"no {name}")
        if (_place(got) if name == "location" else got) not in (value, "*"):
            yield Rule.ROUTED, f"{name}: {value}", got
    if exchange.status == 307 and urlsplit(exchange.headers.get("location", ""))[:2] != urlsplit(exchange.url)[:2]:
        yield Rule.ROUTED, "a location on the same host", exchange.headers.get("location", "no location")


def _parsed(exchange: Exchange) -> JsonValue:
    try:
        return exchange.json()
    except ValueError:
        return None


def _place(location: str) -> str:
    parts = urlsplit(location)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
