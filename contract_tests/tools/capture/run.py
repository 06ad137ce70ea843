"""Runs one capture: opens the session, reads the account, builds the document. The command writes the text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TextIO

from contract_tests.config.credentials import placeholder
from contract_tests.config.errors import CannotRun
from contract_tests.config.gaps import NotChecked
from contract_tests.config.network import NO_NETWORK, Network, is_loopback
from contract_tests.config.permissions import NO_LIMITS, Limits
from contract_tests.config.settings import Settings
from contract_tests.reporting.progress import Progress
from contract_tests.reporting.redaction import Redactor
from contract_tests.reporting.verdicts import counted
from contract_tests.runner.context import Case, prepare_case
from contract_tests.runner.identifying import found_service
from contract_tests.targets.live_account import require_token
from contract_tests.tools.capture.account import Account, Notes
from contract_tests.tools.capture.document import document_of, text_of
from contract_tests.tools.capture.pseudonymizer import Pseudonymizer
from contract_tests.tools.capture.reading import OnlyReads, read_account
from contract_tests.transport.budgets import Budget, cut_off_sentence
from contract_tests.transport.client import Client
from contract_tests.transport.exchanges import Ledger
from contract_tests.transport.guards import LIVE_REQUESTS_PER_MINUTE, Paced, Unlimited
from contract_tests.transport.session import GuardedSession
from polar_contract import ContractError, load_contract


@dataclass(frozen=True, slots=True)
class Wish:
    """What to capture, and which parts are kept unchanged. `tokens` by kind do not appear in the repr.

    `revision` None is the one that the account keeps.
    """

    base_url: str
    tokens: Mapping[str, str] = field(repr=False)
    revision: str | None
    most_orders: int
    timeout_seconds: float
    keeps_names: bool = False
    keeps_ids: bool = False
    limits: Limits = NO_LIMITS
    network: Network = NO_NETWORK


@dataclass(frozen=True, slots=True)
class Captured:
    """The document's text, and lines for the user on what it contains and lacks. Neither contains a token."""

    text: str
    report: list[str]


def capture_text(wish: Wish, *, stream: TextIO, today: Callable[[], date] | None = None) -> Captured:
    """Read the account and build the document's text. `stream` gets the progress. Errors: CannotRun."""
    case = _prepared(wish)
    notes = Notes()
    try:
        account = _read(wish, case, notes, stream)
    except CannotRun as problem:
        # The message may quote an answer, and the answer may contain a token.
        raise CannotRun(case.redactor.redact(str(problem))) from problem
    pseudonymizer = Pseudonymizer(wish.keeps_names)
    document = document_of(
        account,
        case.contract,
        revision=case.contract.revision,
        pseudonymizer=pseudonymizer,
        keeps_ids=wish.keeps_ids,
        notes=notes,
    )
    on = today() if today is not None else datetime.now(UTC).date()
    text = text_of(document, notes, source=wish.base_url, on=on, is_pseudonymized=not wish.keeps_names)
    service = case.settings.service
    requests = case.ledger.requests + (service.requests if service else 0)
    lines = [
        *([f"{service.identity} The copy is of revision {service.keeps}."] if service else []),
        f"{counted(len(account.orders), 'order')} in {counted(requests, 'request')}{_through(wish)}.",
        *_lacking(notes),
    ]
    return Captured(case.redactor.redact(text), [case.redactor.redact(line) for line in lines])


def _prepared(wish: Wish) -> Case:
    """The contract of the revision that was asked for, or that the account keeps. Errors: CannotRun."""
    settings = Settings(
        base_url=wish.base_url,
        tokens=wish.tokens,
        timeout_seconds=wish.timeout_seconds,
        limits=wish.limits,
        network=wish.network,
    )
    redactor = Redactor()
    for name, token in wish.tokens.items():
        redactor.learn(token, placeholder(name))
    try:
        if wish.revision is None:
            require_token(wish.tokens)
            service = found_service(settings, Ledger(), only_of_token=True)
            settings = replace(settings, service=service, revision=service.keeps)
        else:
            settings = replace(settings, revision=wish.revision)
        return prepare_case(settings, load_contract(settings.revision), redactor=redactor)
    except ContractError as problem:
        raise CannotRun(f"{str(problem)[:1].upper()}{str(problem)[1:]}.") from problem
    except CannotRun as problem:
        raise CannotRun(redactor.redact(str(problem))) from problem


def _read(wish: Wish, case: Case, notes: Notes, stream: TextIO) -> Account:
    progress = Progress(stream)
    seconds = wish.limits.seconds_of_run(is_on_this_machine=is_loopback(wish.base_url))
    guarded = GuardedSession(
        wish.base_url,
        operations=case.operations,
        ledger=case.ledger,
        guard=OnlyReads(),
        pace=Unlimited() if is_loopback(wish.base_url) else Paced(LIVE_REQUESTS_PER_MINUTE),
        budget=Budget(replace(wish.limits, max_seconds=seconds)),
        timeout_seconds=wish.timeout_seconds,
        network=wish.network,
    )
    guarded.headers.update(case.version_headers)
    with guarded:
        try:
            return read_account(
                Client(guarded, case.operations),
                wish.tokens,
                most_orders=wish.most_orders,
                notes=notes,
                report=progress.say,
            )
        except NotChecked as reason:
            raise CannotRun(f"The account could not be read completely. {cut_off_sentence(reason)}") from reason
        finally:
            progress.clear()


def _through(wish: Wish) -> str:
    proxy = wish.network.described(wish.base_url)
    return f", through the proxy {proxy}" if proxy else ""


def _lacking(notes: Notes) -> list[str]:
    return [f"not copied: {line}" for line in notes.lines()]
