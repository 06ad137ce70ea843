"""Which requests a target may get, and how fast.

The mock gets all; a live account gets reads, requests without a valid token, and what was allowed.
"""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from urllib.parse import urlsplit

import requests

from contract_tests.config.credentials import NONSENSE_TOKENS
from contract_tests.config.errors import CannotRun
from contract_tests.config.permissions import Permissions

# Source: the sandbox allows about 100 requests a minute per subject; this stays below with a margin.
LIVE_REQUESTS_PER_MINUTE = 80
_LONGEST_WAIT_SECONDS = 120.0
_MOST_RETRIES = 2
_NONSENSE = frozenset(f"Bearer {token}" for token in NONSENSE_TOKENS.values())
_ORDER = re.compile(r"/v1/(customer-portal/)?orders/(?P<id>[^/]+)")
_INVOICE = re.compile(_ORDER.pattern + "/invoice")
_SECONDS = re.compile(r"[0-9]{1,9}")
_NEW_SESSION = "/v1/customer-sessions/"
# The service refuses a session without a member to a customer of a team, so one refusal does not end the attempts.
MOST_SESSIONS_TRIED = 3


MayWait = Callable[[float], None]
"""Raises when the given number of seconds is more than the time left."""


class RateLimited(CannotRun):
    """The target still answers 429 after all retries. Every further request would end the same way."""


class RefusedToSend(RuntimeError):
    """A request that could change a live account was stopped before it was sent: a bug in the contract tests, not in the target."""


class AnythingGoes:
    """For the mock: the contract tests made its worlds themselves."""

    def check(self, request: requests.PreparedRequest) -> None:
        """Lets every request pass."""


class OnlyWhatIsAllowed:
    """For a live account: GET requests, requests that must be refused because they carry no valid token, and what was allowed.

    An invoice cannot be undone, so each permission for an invoice allows one request. No permission allows making a
    draft order or finalizing one, which charges the customer: a live account gets these only where it must refuse the token.
    """

    def __init__(self, permissions: Permissions) -> None:
        self._permissions = permissions
        self._invoices_left = Counter(permissions.invoice_ids)
        self._sessions_left = MOST_SESSIONS_TRIED if permissions.session else 0

    def check(self, request: requests.PreparedRequest) -> None:
        """Errors: RefusedToSend."""
        authorization = request.headers.get("Authorization")
        if request.method == "GET" or authorization is None or authorization in _NONSENSE:
            return
        if not self._is_allowed(str(request.method), urlsplit(str(request.url)).path):
            raise RefusedToSend(
                f"{request.method} with a valid token is never sent to a live account, unless it was allowed"
            )

    def _is_allowed(self, method: str, path: str) -> bool:
        invoice = _INVOICE.fullmatch(path)
        if method == "POST" and invoice is not None and self._invoices_left[invoice["id"]] > 0:
            self._invoices_left[invoice["id"]] -= 1
            return True
        if method == "POST" and path == _NEW_SESSION and self._sessions_left > 0:
            self._sessions_left -= 1
            return True
        return method == "PATCH" and self._permissions.writes and _ORDER.fullmatch(path) is not None


class Unlimited:
    """No rate limit: for loopback."""

    def wait(self) -> None:
        """Returns at once."""

    def should_retry(self, response: requests.Response, may_wait: MayWait) -> bool:
        """Never."""
        return False


class Paced:
    """Evenly spaced requests; after a 429 waits as long as `Retry-After` says and retries, at most `most_retries` times.

    `is_last_word` says whether a 429 after that is returned as the response; otherwise it ends the run.
    """

    def __init__(
        self,
        requests_per_minute: int,
        *,
        is_last_word: bool = True,
        most_retries: int = _MOST_RETRIES,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._is_last_word = is_last_word
        self._most_retries = most_retries
        self._gap_seconds = 60.0 / requests_per_minute
        self._clock = clock
        self._sleep = sleep
        self._next = clock()
        self._retries = 0
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Sleeps until the next slot."""
        with self._lock:
            now = self._clock()
            due, self._next = self._next, max(self._next, now) + self._gap_seconds
            self._retries = 0
        if due > now:
            self._sleep(due - now)

    def should_retry(self, response: requests.Response, may_wait: MayWait) -> bool:
        """Whether to send the request again; has already waited. Errors: those of `may_wait`; RateLimited."""
        if response.status_code != 429 or (self._retries >= self._most_retries and self._is_last_word):
            return False
        if self._retries >= self._most_retries:
            raise RateLimited(f"The target still answers 429 after {self._most_retries} retries; try later.")
        self._retries += 1
        asked = response.headers.get("Retry-After", "")
        seconds = min(float(asked) if _SECONDS.fullmatch(asked) else 60.0, _LONGEST_WAIT_SECONDS)
        may_wait(seconds)
        self._sleep(seconds)
        return True
