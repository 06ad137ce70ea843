"""The guarded session, through which every request to a target goes: it guards, paces and records. Checks nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol
from urllib.parse import urlsplit

import requests

from contract_tests.config.network import NO_NETWORK, Network
from contract_tests.transport.budgets import Budget
from contract_tests.transport.exchanges import NO_STATUS, Exchange, Ledger
from contract_tests.transport.timeouts import DeadlineSession
from polar_contract.operations import Operations

# The most concurrent requests: the hundred of the one-shot scenario.
_CONNECTIONS = 100


class NoAnswer(requests.ConnectionError):
    """The target gave no complete HTTP response. `asked` is the exchange with only its request."""

    def __init__(self, asked: Exchange, problem: requests.RequestException) -> None:
        super().__init__(f"{type(problem).__name__} on {asked.method} {asked.url}", request=problem.request)
        self.asked = asked


class Guard(Protocol):
    """Refuses a request that the target must not get, before it is sent."""

    def check(self, request: requests.PreparedRequest) -> None: ...


class Pace(Protocol):
    """Waits until the next request may be sent, and after a 429 response."""

    def wait(self) -> None: ...

    def should_retry(self, response: requests.Response, may_wait: Callable[[float], None]) -> bool: ...


class GuardedSession(DeadlineSession):
    """A session for one host, without cookies, with a guard, a request rate and a ledger."""

    def __init__(
        self,
        base_url: str,
        *,
        operations: Operations,
        ledger: Ledger,
        guard: Guard,
        pace: Pace,
        budget: Budget,
        timeout_seconds: float,
        network: Network = NO_NETWORK,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(timeout_seconds, connections=_CONNECTIONS, route=network.route_to(base_url))
        self.base_url = base_url
        self.through = network.described(base_url)
        """The proxy in use, for messages; empty when there is none."""
        self.ledger = ledger
        self._origin = urlsplit(base_url)[:2]
        self._operations = operations
        self._guard = guard
        self._pace = pace
        self._budget = budget
        self._clock = clock

    def send(self, request: requests.PreparedRequest, **kwargs: object) -> requests.Response:
        """Send one prepared request. Errors: NoAnswer; what the guard raises."""
        if urlsplit(str(request.url))[:2] != self._origin:
            raise RuntimeError(f"a request was about to go to another host than {self.base_url}")
        # Schemathesis sets a random value, but the same seed must give the same requests.
        request.headers.pop("X-Schemathesis-TestCaseId", None)
        request.headers["User-Agent"] = "polar-contract"
        self._budget.spend()
        self._guard.check(request)
        self._pace.wait()
        response = self._sent(request, kwargs)
        while self._pace.should_retry(response, self._budget.require_seconds):
            self._budget.spend()
            response = self._sent(request, kwargs)
        return response

    def _sent(self, request: requests.PreparedRequest, kwargs: dict[str, object]) -> requests.Response:
        started, started_at = self._clock(), time.time()
        try:
            response = super().send(request, **kwargs)
        except requests.RequestException as problem:
            raise NoAnswer(self._asked(request, started_at, self._clock() - started), problem) from problem
        asked = self._asked(request, started_at, self._clock() - started)
        headers = {name.lower(): value for name, value in response.headers.items()}
        self.ledger.record(replace(asked, status=response.status_code, headers=headers, body=response.content))
        return response

    def _asked(self, request: requests.PreparedRequest, started_at: float, elapsed_seconds: float) -> Exchange:
        path = urlsplit(str(request.url)).path
        operation = self._operations.match(str(request.method), path)
        return Exchange(
            method=str(request.method),
            url=str(request.url),
            path=path,
            request_headers=_text_headers(request),
            request_body=_raw(request.body),
            status=NO_STATUS,
            headers={},
            body=b"",
            elapsed_seconds=elapsed_seconds,
            operation_id=operation.id if operation else None,
            started_at=started_at,
        )


def _text_headers(request: requests.PreparedRequest) -> dict[str, str]:
    return {
        name: value.decode("latin-1") if isinstance(value, bytes) else str(value)
        for name, value in request.headers.items()
    }


def _raw(body: object) -> bytes:
    if isinstance(body, str):
        return body.encode("utf-8", "surrogatepass")
    return body if isinstance(body, bytes) else b""
