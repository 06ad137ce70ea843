"""Opens the target of a run: starts or recognises it, and sends a first request. Checks nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from types import MappingProxyType

import requests

from contract_tests.config.credentials import Kind
from contract_tests.config.errors import CannotRun
from contract_tests.config.network import is_loopback
from contract_tests.config.permissions import Limits
from contract_tests.config.settings import Settings
from contract_tests.targets.control_api import Control
from contract_tests.targets.fixtures import Fixtures, fixtures_of
from contract_tests.targets.live_account import inspect_account, require_token
from contract_tests.targets.messages import PROXY_WANTS_CREDENTIALS, refused_by_proxy, unreachable
from contract_tests.transport.budgets import Budget
from contract_tests.transport.client import Client
from contract_tests.transport.exchanges import Ledger
from contract_tests.transport.guards import LIVE_REQUESTS_PER_MINUTE, AnythingGoes, OnlyWhatIsAllowed, Paced, Unlimited
from contract_tests.transport.session import GuardedSession, NoAnswer, Pace
from contract_tests.transport.timeouts import DeadlineSession, TooMuch
from polar_contract.json_types import JsonObject, as_object
from polar_contract.operations import Operations

Learn = Callable[[str, str], None]
# Practically no limit, for loopback; after a 429 the run still waits.
MOST_REQUESTS_PER_MINUTE = 60_000
# The longest redirect URL in a message; redirects to log-in pages can have very long URLs.
_MOST_SHOWN = 120
_TRIED_FIRST = "customer_portal:orders:list"
# The world that a mock starts with.
_FIRST_WORLD = "default"
_NOT_WELL = "The mock was started, but its health check fails."


@dataclass(frozen=True, slots=True)
class Target:
    """One server under test. `control` is None on a live account."""

    base_url: str
    client: Client
    control: Control | None
    revision: str
    budget: Budget
    live_fixtures: Fixtures | None

    @property
    def is_mock(self) -> bool:
        """Whether it has worlds and a clock, and accepts all requests."""
        return self.control is not None

    def ask_in_any_case(self) -> None:
        """Send a request that any target answers, regardless of limits, to explain a missing response."""
        with self.budget.suspended():
            self.client.send(_TRIED_FIRST)

    @contextmanager
    def fixtures(self, *names: str) -> Iterator[Fixtures]:
        """Fixtures from new worlds by document name, deleted afterwards; on a live account always the account's fixtures."""
        if self.control is None:
            assert self.live_fixtures is not None
            yield self.live_fixtures
            return
        with ExitStack() as cleanup:
            worlds = []
            for name in names:
                worlds.append(self.control.create_world(name, revision=self.revision))
                cleanup.callback(worlds[-1].delete)
            yield fixtures_of(tuple(worlds))


@contextmanager
def open_target(
    settings: Settings,
    operations: Operations,
    *,
    ledger: Ledger,
    learn: Learn,
    headers: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Target]:
    """A target that responds. `headers` are sent with every request. Errors: CannotRun with one sentence why it cannot be used."""
    with ExitStack() as cleanup:
        base_url = cleanup.enter_context(own_mock(settings))
        settings = _with_tokens_of_own_mock(base_url, settings, learn)
        if settings.as_live or not is_loopback(base_url):
            # Fail before the first request; only a mock needs no token.
            require_token(settings.tokens)
        control = None if settings.as_live else control_of(base_url, settings, learn)
        if control is not None:
            cleanup.callback(control.close)
        elif settings.base_url is None and not settings.as_live:
            raise CannotRun(_NOT_WELL)
        service = settings.service
        budget = Budget(
            limits_of(base_url, settings, is_mock=control is not None), sent=service.requests if service else 0
        )
        guarded = guarded_session(
            base_url, settings, operations, ledger=ledger, budget=budget, is_mock=control is not None
        )
        guarded.headers.update(headers)
        cleanup.enter_context(guarded)
        client = Client(guarded, operations)
        if control is None and service is None:
            try_first_request(client)
        live_fixtures = None
        if control is None:
            may_open = settings.permissions.session
            live_fixtures = inspect_account(client, settings.tokens, may_open_session=may_open, learn=learn)
        yield Target(base_url, client, control, settings.revision, budget, live_fixtures)


@contextmanager
def own_mock(settings: Settings) -> Iterator[str]:
    """The given URL; without one, that of the bundled mock, which runs until the context ends. Errors: CannotRun."""
    if settings.base_url is not None:
        yield settings.base_url
        return
    # The only import of the mock server in the contract tests, and it is only used to start it.
    from mock_server.testing import MockDidNotStart, running_mock

    with ExitStack() as cleanup:
        try:
            mock = cleanup.enter_context(running_mock(revision=settings.revision))
        except (MockDidNotStart, OSError) as problem:
            said = " ".join(str(problem).split())[-300:]
            raise CannotRun(f"The mock could not be started: {said}") from problem
        yield mock.base_url


def _with_tokens_of_own_mock(base_url: str, settings: Settings, learn: Learn) -> Settings:
    """For the bundled mock with --as-live: the settings with a token of its first world, because the user has none."""
    if not settings.as_live or settings.base_url is not None or settings.tokens:
        return settings
    control = control_of(base_url, settings, learn)
    if control is None:
        raise CannotRun(_NOT_WELL)
    try:
        token = control.token_of(_FIRST_WORLD, Kind.ORGANIZATION)
    finally:
        control.close()
    return replace(settings, tokens={str(Kind.ORGANIZATION): token})


def guarded_session(
    base_url: str, settings: Settings, operations: Operations, *, ledger: Ledger, budget: Budget, is_mock: bool
) -> GuardedSession:
    """The session through which every request to a target goes."""
    return GuardedSession(
        base_url,
        operations=operations,
        ledger=ledger,
        guard=AnythingGoes() if is_mock else OnlyWhatIsAllowed(settings.permissions),
        pace=_pace(base_url, settings, is_mock=is_mock),
        budget=budget,
        timeout_seconds=settings.timeout_seconds,
        network=settings.network,
    )


def limits_of(base_url: str, settings: Settings, *, is_mock: bool) -> Limits:
    """The limits of this process: always a time limit; with a share of a mock's checks, a share of the requests."""
    limits, share = replace(settings.limits, max_seconds=seconds_of(settings, base_url)), settings.share
    if share is None or not is_mock or limits.max_requests is None:
        return limits
    return replace(limits, max_requests=limits.max_requests // share.count)


def _pace(base_url: str, settings: Settings, *, is_mock: bool) -> Pace:
    wished = settings.limits.requests_per_minute
    if is_mock:
        # Its worlds only have rate limits where rate limiting itself is checked.
        return Unlimited() if wished is None else Paced(wished, most_retries=0)
    return Paced(pace_of(settings, base_url), is_last_word=False)


def pace_of(settings: Settings, base_url: str | None) -> int:
    """The most requests per minute to a live account. `base_url` None is the bundled mock."""
    usual = MOST_REQUESTS_PER_MINUTE if _is_local(settings, base_url) else LIVE_REQUESTS_PER_MINUTE
    return settings.limits.requests_per_minute or usual


def seconds_of(settings: Settings, base_url: str | None) -> float:
    """The time limit in seconds; with --as-live the same as on a live account. `base_url` None is the bundled mock."""
    return settings.limits.seconds_of_run(is_on_this_machine=_is_local(settings, base_url))


def _is_local(settings: Settings, base_url: str | None) -> bool:
    return not settings.as_live and (base_url is None or is_loopback(base_url))


def control_of(base_url: str, settings: Settings, learn: Learn) -> Control | None:
    """The control API if this is a mock on this machine. Errors: CannotRun."""
    if not is_mock(base_url, settings):
        return None
    route = settings.network.route_to(base_url)
    return Control(base_url, learn, settings.timeout_seconds, route=route, key=settings.mock_key)


def is_mock(base_url: str, settings: Settings) -> bool:
    """Whether this is a mock on this machine; other hosts never get this request. Errors: CannotRun."""
    return mock_health(base_url, settings) is not None


def mock_health(base_url: str, settings: Settings) -> JsonObject | None:
    """What a mock on this machine says of itself; None for any other target. Errors: CannotRun."""
    if not is_loopback(base_url):
        return None
    try:
        with DeadlineSession(settings.timeout_seconds, route=settings.network.route_to(base_url)) as session:
            answer = session.get(f"{base_url}/_mock/health")
            health = as_object(answer.json())
            return health if answer.status_code == 200 and health.get("status") == "ok" else None
    except (requests.ConnectionError, requests.Timeout, TooMuch) as problem:
        raise CannotRun(unreachable(base_url, problem)) from problem
    except (requests.RequestException, ValueError, RecursionError):
        return None


def try_first_request(client: Client) -> None:
    """Send a read without a token, which any target must refuse in JSON. Errors: CannotRun."""
    try:
        answer = client.send(_TRIED_FIRST)
    except NoAnswer as problem:
        raise CannotRun(unreachable(client.guarded.base_url, problem, through=client.guarded.through)) from problem
    if answer.status == PROXY_WANTS_CREDENTIALS and client.guarded.through:
        raise CannotRun(refused_by_proxy(client.guarded.through, answer.status))
    beginning = answer.body[:64].lstrip().lower()
    if beginning.startswith((b"<!doctype", b"<html")):
        raise CannotRun(f"{client.guarded.base_url} answers with an HTML page; is a proxy or a log-in page in between?")
    if 300 <= answer.status < 400:
        where = answer.headers.get("location", "nowhere")
        shown = where if len(where) <= _MOST_SHOWN else f"{where[:_MOST_SHOWN]}..."
        raise CannotRun(
            f"{client.guarded.base_url} redirects to {shown}; give the address that answers without a redirect."
        )
    try:
        answer.json()
    except ValueError:
        sentence = (
            f"{client.guarded.base_url} does not speak JSON (it answered {answer.status}); is it the right address?"
        )
        raise CannotRun(sentence) from None
