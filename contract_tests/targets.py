"""From an address to a target that can be judged: started, recognised and tried before the first check. Judges nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

import requests

from contract_tests.accounts import look_around
from contract_tests.budgets import Budget
from contract_tests.exchanges import Ledger
from contract_tests.findings import CannotJudge
from contract_tests.operations import Operations
from contract_tests.patience import PatientSession, TooMuch
from contract_tests.permissions import Limits
from contract_tests.requesting import Client
from contract_tests.safety import LIVE_REQUESTS_PER_MINUTE, AnythingGoes, OnlyWhatIsAllowed, Paced, Unhurried
from contract_tests.sentences import unreachable
from contract_tests.settings import Settings, is_loopback
from contract_tests.stages import Stage, stage_of
from contract_tests.transport import Door, NoAnswer, Pace
from contract_tests.worlds import Control

Learn = Callable[[str, str], None]
# As good as no limit; answers 429 are waited for all the same.
_LOOPBACK_REQUESTS_PER_MINUTE = 60_000
# Of an address that the target gives; a log-in page likes to pack a page of text into one.
_MOST_SHOWN = 120
_TRIED_FIRST = "customer_portal:orders:list"


@dataclass(frozen=True, slots=True)
class Target:
    """One server under judgement. `control` is None on a live account."""

    base_url: str
    client: Client
    control: Control | None
    revision: str
    budget: Budget
    live_stage: Stage | None

    @property
    def is_mock(self) -> bool:
        """Whether it has worlds and a clock, and may be written to."""
        return self.control is not None

    @contextmanager
    def stage(self, *names: str) -> Iterator[Stage]:
        """Fresh worlds by document name, deleted afterwards; on a live account always the account as it was found."""
        if self.control is None:
            assert self.live_stage is not None
            yield self.live_stage
            return
        with ExitStack() as cleanup:
            worlds = []
            for name in names:
                worlds.append(self.control.create_world(name, revision=self.revision))
                cleanup.callback(worlds[-1].delete)
            yield stage_of(tuple(worlds))


@contextmanager
def open_target(settings: Settings, operations: Operations, *, ledger: Ledger, learn: Learn) -> Iterator[Target]:
    """A target that answers. Errors: CannotJudge with one sentence why not."""
    with ExitStack() as cleanup:
        base_url = cleanup.enter_context(own_mock(settings))
        control = _control_of(base_url, settings, learn)
        if control is not None:
            cleanup.callback(control.close)
        if settings.base_url is None and control is None:
            raise CannotJudge("The mock was started and does not say that it is well.")
        budget = Budget(_limits(settings, is_mock=control is not None))
        door = _door(base_url, settings, operations, ledger=ledger, budget=budget, is_mock=control is not None)
        cleanup.enter_context(door)
        client = Client(door, operations)
        if control is None:
            _try_first_request(client)
        live_stage = None
        if control is None:
            may_open = settings.permissions.session
            live_stage = look_around(client, settings.tokens, may_open_session=may_open, learn=learn)
        yield Target(base_url, client, control, settings.revision, budget, live_stage)


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
            raise CannotJudge(f"The mock could not be started: {said}") from problem
        yield mock.base_url


def _door(
    base_url: str, settings: Settings, operations: Operations, *, ledger: Ledger, budget: Budget, is_mock: bool
) -> Door:
    return Door(
        base_url,
        operations=operations,
        ledger=ledger,
        guard=AnythingGoes() if is_mock else OnlyWhatIsAllowed(settings.permissions),
        pace=_pace(base_url, settings, is_mock=is_mock),
        budget=budget,
        timeout_seconds=settings.timeout_seconds,
    )


def _limits(settings: Settings, *, is_mock: bool) -> Limits:
    """A process that judges a share of a mock's checks gets a share of the requests."""
    limits, share = settings.limits, settings.share
    if share is None or not is_mock or limits.max_requests is None:
        return limits
    return replace(limits, max_requests=limits.max_requests // share.count)


def _pace(base_url: str, settings: Settings, *, is_mock: bool) -> Pace:
    wished = settings.limits.requests_per_minute
    if is_mock:
        # Its worlds have limits only where they are what is judged.
        return Unhurried() if wished is None else Paced(wished, most_retries=0)
    usual = _LOOPBACK_REQUESTS_PER_MINUTE if is_loopback(base_url) else LIVE_REQUESTS_PER_MINUTE
    return Paced(wished or usual, is_last_word=False)


def _control_of(base_url: str, settings: Settings, learn: Learn) -> Control | None:
    """The control API when this is a mock on this machine; other hosts are never asked."""
    if not is_loopback(base_url):
        return None
    try:
        with PatientSession(settings.timeout_seconds) as session:
            answer = session.get(f"{base_url}/_mock/health")
            healthy = answer.status_code == 200 and answer.json().get("status") == "ok"
    except (requests.ConnectionError, requests.Timeout, TooMuch) as problem:
        raise CannotJudge(unreachable(base_url, problem)) from problem
    except (requests.RequestException, ValueError, AttributeError, RecursionError):
        return None
    return Control(base_url, learn, settings.timeout_seconds, key=settings.mock_key) if healthy else None


def _try_first_request(client: Client) -> None:
    """A read without a token, which any target has to refuse in JSON."""
    try:
        answer = client.send(_TRIED_FIRST)
    except NoAnswer as problem:
        raise CannotJudge(unreachable(client.door.base_url, problem)) from problem
    beginning = answer.body[:64].lstrip().lower()
    if beginning.startswith((b"<!doctype", b"<html")):
        raise CannotJudge(f"{client.door.base_url} answers with an HTML page; is a proxy or a log-in page in between?")
    if 300 <= answer.status < 400:
        where = answer.headers.get("location", "nowhere")
        shown = where if len(where) <= _MOST_SHOWN else f"{where[:_MOST_SHOWN]}..."
        raise CannotJudge(f"{client.door.base_url} redirects to {shown}; give the address that answers itself.")
    try:
        answer.json()
    except ValueError:
        sentence = f"{client.door.base_url} does not speak JSON (it answered {answer.status}); is it the right address?"
        raise CannotJudge(sentence) from None
