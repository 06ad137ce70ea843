"""From an address to a target that can be judged: started, recognised and tried before the first check. Judges nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

import requests

from contract_tests.accounts import look_around, require_token
from contract_tests.budgets import Budget
from contract_tests.credentials import Kind
from contract_tests.exchanges import Ledger
from contract_tests.findings import CannotRun
from contract_tests.fixtures import Fixtures, fixtures_of
from contract_tests.messages import PROXY_WANTS_CREDENTIALS, refused_by_proxy, unreachable
from contract_tests.network import is_loopback
from contract_tests.operations import Operations
from contract_tests.permissions import Limits
from contract_tests.requesting import Client
from contract_tests.safety import LIVE_REQUESTS_PER_MINUTE, AnythingGoes, OnlyWhatIsAllowed, Paced, Unhurried
from contract_tests.settings import Settings
from contract_tests.timeouts import DeadlineSession, TooMuch
from contract_tests.transport import GuardedSession, NoAnswer, Pace
from contract_tests.worlds import Control

Learn = Callable[[str, str], None]
# As good as no limit, for this machine; answers 429 are waited for all the same.
MOST_REQUESTS_PER_MINUTE = 60_000
# Of an address that the target gives; a log-in page likes to pack a page of text into one.
_MOST_SHOWN = 120
_TRIED_FIRST = "customer_portal:orders:list"
# What a mock starts with.
_FIRST_WORLD = "default"
_NOT_WELL = "The mock was started and does not say that it is well."


@dataclass(frozen=True, slots=True)
class Target:
    """One server under judgement. `control` is None on a live account."""

    base_url: str
    client: Client
    control: Control | None
    revision: str
    budget: Budget
    live_fixtures: Fixtures | None

    @property
    def is_mock(self) -> bool:
        """Whether it has worlds and a clock, and may be written to."""
        return self.control is not None

    def ask_in_any_case(self) -> None:
        """A request that any target answers, out of time or not: a check that met silence has to be told of."""
        with self.budget.suspended():
            self.client.send(_TRIED_FIRST)

    @contextmanager
    def fixtures(self, *names: str) -> Iterator[Fixtures]:
        """Fresh worlds by document name, deleted afterwards; on a live account always the account as it was found."""
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
def open_target(settings: Settings, operations: Operations, *, ledger: Ledger, learn: Learn) -> Iterator[Target]:
    """A target that answers. Errors: CannotJudge with one sentence why not."""
    with ExitStack() as cleanup:
        base_url = cleanup.enter_context(own_mock(settings))
        settings = _with_tokens_of_own_mock(base_url, settings, learn)
        if settings.as_live or not is_loopback(base_url):
            # A mock would need none: nothing is sent in vain.
            require_token(settings.tokens)
        control = None if settings.as_live else _control_of(base_url, settings, learn)
        if control is not None:
            cleanup.callback(control.close)
        elif settings.base_url is None and not settings.as_live:
            raise CannotRun(_NOT_WELL)
        budget = Budget(_limits(base_url, settings, is_mock=control is not None))
        guarded = _door(base_url, settings, operations, ledger=ledger, budget=budget, is_mock=control is not None)
        cleanup.enter_context(guarded)
        client = Client(guarded, operations)
        if control is None:
            _try_first_request(client)
        live_fixtures = None
        if control is None:
            may_open = settings.permissions.session
            live_fixtures = look_around(client, settings.tokens, may_open_session=may_open, learn=learn)
        yield Target(base_url, client, control, settings.revision, budget, live_fixtures)


@contextmanager
def own_mock(settings: Settings) -> Iterator[str]:
    """The address that was given; else that of the bundled mock, started for as long as this lasts. Errors: CannotJudge."""
    if settings.base_url is not None:
        yield settings.base_url
        return
    # The only lines of the judge that know the actor, and they only start it.
    from mock_server.testing import MockDidNotStart, running_mock

    with ExitStack() as cleanup:
        try:
            mock = cleanup.enter_context(running_mock(revision=settings.revision))
        except (MockDidNotStart, OSError) as problem:
            said = " ".join(str(problem).split())[-300:]
            raise CannotRun(f"The mock could not be started: {said}") from problem
        yield mock.base_url


def _with_tokens_of_own_mock(base_url: str, settings: Settings, learn: Learn) -> Settings:
    """The bundled mock as a live account: nobody but the judge has a token of the account that it starts with."""
    if not settings.as_live or settings.base_url is not None or settings.tokens:
        return settings
    control = _control_of(base_url, settings, learn)
    if control is None:
        raise CannotRun(_NOT_WELL)
    try:
        token = control.token_of(_FIRST_WORLD, Kind.ORGANIZATION)
    finally:
        control.close()
    return replace(settings, tokens={str(Kind.ORGANIZATION): token})


def _door(
    base_url: str, settings: Settings, operations: Operations, *, ledger: Ledger, budget: Budget, is_mock: bool
) -> GuardedSession:
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


def _limits(base_url: str, settings: Settings, *, is_mock: bool) -> Limits:
    """A process that judges a share of a mock's checks gets a share of the requests. No run goes on for ever."""
    limits, share = replace(settings.limits, max_seconds=seconds_of(settings, base_url)), settings.share
    if share is None or not is_mock or limits.max_requests is None:
        return limits
    return replace(limits, max_requests=limits.max_requests // share.count)


def _pace(base_url: str, settings: Settings, *, is_mock: bool) -> Pace:
    wished = settings.limits.requests_per_minute
    if is_mock:
        # Its worlds have limits only where they are what is judged.
        return Unhurried() if wished is None else Paced(wished, most_retries=0)
    return Paced(pace_of(settings, base_url), is_last_word=False)


def pace_of(settings: Settings, base_url: str | None) -> int:
    """How many requests a live account gets in a minute at most. None is the bundled mock."""
    usual = MOST_REQUESTS_PER_MINUTE if _is_near(settings, base_url) else LIVE_REQUESTS_PER_MINUTE
    return settings.limits.requests_per_minute or usual


def seconds_of(settings: Settings, base_url: str | None) -> float:
    """How long a run may take: at the pace of a live account as long as one on a live account. None is the bundled mock."""
    return settings.limits.seconds_of_run(is_on_this_machine=_is_near(settings, base_url))


def _is_near(settings: Settings, base_url: str | None) -> bool:
    return not settings.as_live and (base_url is None or is_loopback(base_url))


def _control_of(base_url: str, settings: Settings, learn: Learn) -> Control | None:
    """The control API when this is a mock on this machine; other hosts are never asked."""
    if not is_loopback(base_url):
        return None
    try:
        with DeadlineSession(settings.timeout_seconds, route=settings.network.route_to(base_url)) as session:
            answer = session.get(f"{base_url}/_mock/health")
            healthy = answer.status_code == 200 and answer.json().get("status") == "ok"
    except (requests.ConnectionError, requests.Timeout, TooMuch) as problem:
        raise CannotRun(unreachable(base_url, problem)) from problem
    except (requests.RequestException, ValueError, AttributeError, RecursionError):
        return None
    if not healthy:
        return None
    route = settings.network.route_to(base_url)
    return Control(base_url, learn, settings.timeout_seconds, route=route, key=settings.mock_key)


def _try_first_request(client: Client) -> None:
    """A read without a token, which any target has to refuse in JSON."""
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
        raise CannotRun(f"{client.guarded.base_url} redirects to {shown}; give the address that answers itself.")
    try:
        answer.json()
    except ValueError:
        sentence = (
            f"{client.guarded.base_url} does not speak JSON (it answered {answer.status}); is it the right address?"
        )
        raise CannotRun(sentence) from None
