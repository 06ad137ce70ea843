"""Checks the router's answers to requests outside the operations: unknown paths, wrong methods, slashes, preflights. Pure.

Source: observed on the service, April 2026.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from contract_tests.checks.findings import Problem
from contract_tests.checks.rules import Rule
from contract_tests.model.observed_state import ObservedState
from contract_tests.model.outcomes import TOKEN_INVALID
from contract_tests.transport import request_reader
from contract_tests.transport.exchanges import Exchange
from polar_contract.behaviour import Behaviour
from polar_contract.operations import Operations


def routing_problems(
    exchange: Exchange, operations: Operations, observed_state: ObservedState, behaviour: Behaviour
) -> Iterator[Problem]:
    """Everything that is wrong with an answer that belongs to no operation."""
    if not exchange.path.startswith("/v1/") or exchange.status == 429:
        return
    if _is_preflight(exchange):
        yield from _of_preflight(exchange, behaviour.response.cors_allowed_headers)
        return
    if _names_origin(exchange) and "access-control-allow-origin" not in exchange.headers:
        yield Rule.ROUTED, "access-control-allow-origin", "no such header"
    text = request_reader.bearer(exchange)
    token = observed_state.token(text) if text is not None else None
    if text is not None and (token is None or token.is_expired):
        if observed_state.is_complete and (exchange.status, exchange.error_name()) != (401, TOKEN_INVALID.error):
            yield Rule.ROUTED, str(TOKEN_INVALID), exchange.excerpt()
        return
    if exchange.status == 401 and not observed_state.is_complete:
        return
    first = operations.first_route_method(exchange.path)
    other = exchange.path.rstrip("/") if exchange.path.endswith("/") else f"{exchange.path}/"
    if first is not None:
        yield from _expect(exchange, 405)
    elif operations.first_route_method(other) is not None:
        yield from _expect(exchange, 307)
        location = urlsplit(exchange.headers.get("location", ""))
        if exchange.status == 307 and (location.path, location.query) != (other, urlsplit(exchange.url).query):
            yield Rule.ROUTED, f"Location: {other}", exchange.headers.get("location", "no Location")
    elif observed_state.is_complete:
        yield from _expect(exchange, 404)


def _expect(exchange: Exchange, status: int) -> Iterator[Problem]:
    if exchange.status != status:
        yield Rule.ROUTED, str(status), exchange.excerpt()


def _names_origin(exchange: Exchange) -> bool:
    return any(name.lower() == "origin" for name in exchange.request_headers)


def _is_preflight(exchange: Exchange) -> bool:
    sent = {name.lower() for name in exchange.request_headers}
    return exchange.method == "OPTIONS" and {"origin", "access-control-request-method"} <= sent


def _of_preflight(exchange: Exchange, allowed_headers: Iterable[str]) -> Iterator[Problem]:
    sent = {name.lower(): value for name, value in exchange.request_headers.items()}
    wanted = {name.strip().lower() for name in sent.get("access-control-request-headers", "").split(",")} - {""}
    yield from _expect(exchange, 200 if wanted <= {name.lower() for name in allowed_headers} else 400)
    for name, asked in (("methods", {sent["access-control-request-method"].lower()}), ("headers", wanted)):
        header = f"access-control-allow-{name}"
        allowed = {one.strip().lower() for one in exchange.headers.get(header, "").split(",")}
        if exchange.status == 200 and not asked <= allowed:
            yield (
                Rule.ROUTED,
                f"{header} that includes {', '.join(sorted(asked))}",
                exchange.headers.get(header, "no such header"),
            )
    if "access-control-allow-origin" not in exchange.headers:
        yield Rule.ROUTED, "access-control-allow-origin", "no such header"
