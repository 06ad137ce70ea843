"""Finds out which revision a target keeps, from at most eight GET requests that change nothing. `service_evidence` judges them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from contract_tests.checks.versions import is_route_unknown
from contract_tests.config.credentials import Kind
from contract_tests.config.errors import CannotRun
from contract_tests.config.network import is_loopback
from contract_tests.config.service import Service
from contract_tests.config.settings import Settings
from contract_tests.model.calendar import Calendar
from contract_tests.model.service_evidence import Evidence, Judgement, Kept, Shown, judge
from contract_tests.targets.live_account import require_token
from contract_tests.targets.open import guarded_session, limits_of, mock_health, try_first_request
from contract_tests.transport.budgets import Budget
from contract_tests.transport.client import Client
from contract_tests.transport.exchanges import Exchange, Ledger
from polar_contract import Contract, load_contract, revisions
from polar_contract.operations import Operation, Operations

# No service ever had this version.
NONSENSE_VERSION = "1999-13"
# So many versions are served at once, at most.
_MOST_VERSIONS = 4
# After the first one, which every run sends: with the token, in each version, in one that can't exist, and of one object.
MOST_ASKED = _MOST_VERSIONS + 3
_LISTS = {True: "customer_portal:orders:list", False: "orders:list"}
_NO_ORDER = "3fa85f64-5717-4562-b3fc-2c963f66afa6"


@dataclass(frozen=True, slots=True)
class Known:
    """The known revisions, oldest first, with their operations."""

    calendar: Calendar
    contracts: tuple[Contract, ...]
    operations: tuple[Operations, ...]

    @property
    def header(self) -> str | None:
        """The header that names versions."""
        headers = [one.behaviour.request.version_header for one in self.contracts]
        return next((one for one in reversed(headers) if one is not None), None)

    @property
    def versions(self) -> tuple[str, ...]:
        """The names that a request may choose, as far as they are worth asking for."""
        return tuple(self.calendar.dated)[-_MOST_VERSIONS:]

    def telling_operation(self, *, is_portal: bool) -> Operation | None:
        """A read of one object that some revisions have and others do not."""
        for operation in self.operations[-1]:
            is_there = [operation.id in one.by_id for one in self.operations]
            if operation.is_read and operation.has_id and operation.is_portal is is_portal and not all(is_there):
                return operation
        return None

    def services(self, telling: Operation | None) -> list[Kept]:
        """What a service of each revision would be."""
        return [
            Kept(
                contract.revision,
                contract.behaviour.request.version_header,
                self.calendar.served_beside(contract.revision),
                telling is not None and telling.id in operations.by_id,
            )
            for contract, operations in zip(self.contracts, self.operations, strict=True)
        ]


def load_known() -> Known:
    """Errors: ContractError."""
    every = revisions()
    contracts = tuple(load_contract(one.revision) for one in every)
    return Known(
        Calendar(every), contracts, tuple(Operations(contract.published, contract.effective) for contract in contracts)
    )


def as_our_mock(settings: Settings) -> Settings | None:
    """The settings with the revision by which our mock answers requests without a token; None for any other target.

    The bundled mock keeps the run's revision. Errors: CannotRun for a mock of another revision than the one that was asked for.
    """
    if settings.base_url is None:
        return settings
    health = None if settings.as_live else mock_health(settings.base_url, settings)
    if health is None:
        return None
    own = health.get("revision")
    if own == settings.revision or own not in {one.revision for one in revisions()}:
        return settings
    if settings.asks_revision:
        raise CannotRun(
            f"The mock at {settings.base_url} answers requests without a token by revision {own}, and {settings.revision} "
            f"was asked for; start it with --revision {settings.revision}, or leave out the option of this run."
        )
    return replace(settings, revision=str(own))


def identify(settings: Settings, known: Known, ledger: Ledger, *, only_of_token: bool = False) -> Service:
    """The service at the base URL. `only_of_token`: what answers without the token name says nothing, as beside other worlds.

    Errors: CannotRun; NotChecked when a limit of the run is reached.
    """
    assert settings.base_url is not None
    if settings.as_live or not is_loopback(settings.base_url):
        require_token(settings.tokens, settings.token_hint)
    budget = Budget(limits_of(settings.base_url, settings, is_mock=False))
    operations = known.operations[-1]
    with guarded_session(
        settings.base_url, settings, operations, ledger=ledger, budget=budget, is_mock=False
    ) as guarded:
        evidence, telling = _ask(Client(guarded, operations), settings, known)
    if only_of_token:
        evidence = replace(evidence, tokenless=None)
    found = judge(evidence, known.services(telling), known.calendar)
    return _service(found, evidence, settings, known, requests=ledger.requests)


def _ask(client: Client, settings: Settings, known: Known) -> tuple[Evidence, Operation | None]:
    header, is_portal, token = known.header or "", _is_portal(settings), _token(settings)
    path = client.operations.by_id[_LISTS[is_portal]].url_path()

    def asked(choice: str | None = None) -> Exchange:
        headers = {} if choice is None else {header: choice}
        return client.send_to("GET", path, token=token, query={"limit": "1"} if token else None, headers=headers)

    try_first_request(client)
    tokenless = client.guarded.ledger.last()
    plain = asked() if token is not None else tokenless
    chosen = {name: _shown(asked(name), header) for name in known.versions}
    nonsense = _shown(asked(NONSENSE_VERSION), header)
    telling = known.telling_operation(is_portal=is_portal)
    has_operation = None
    if telling is not None:
        has_operation = _has_operation(client.send_to("GET", telling.url_path(_NO_ORDER), token=token))
    evidence = Evidence(
        plain=_shown(plain, header),
        tokenless=_shown(tokenless, header) if token is not None else None,
        chosen=chosen,
        nonsense=nonsense,
        has_operation=has_operation,
        operation=telling.id if telling is not None else "",
        day=settings.day or day_of(plain),
    )
    return evidence, telling


def _is_portal(settings: Settings) -> bool:
    return not settings.tokens.get(Kind.ORGANIZATION)


def _token(settings: Settings) -> str | None:
    kinds = (Kind.ORGANIZATION, Kind.CUSTOMER, Kind.MEMBER)
    return next((settings.tokens[kind] for kind in kinds if settings.tokens.get(kind)), None)


def _shown(exchange: Exchange, header: str) -> Shown:
    return Shown(exchange.headers.get(header.lower()), is_route_unknown(exchange))


def _has_operation(exchange: Exchange) -> bool | None:
    """None if the token was refused before the router looked at the path."""
    if is_route_unknown(exchange):
        return False
    return None if exchange.error_name() == "invalid_token" or exchange.status >= 500 else True


def day_of(exchange: Exchange) -> date:
    """The day of an answer by its `Date`, else by the time of its request."""
    try:
        return parsedate_to_datetime(exchange.headers.get("date", "")).astimezone(UTC).date()
    except ValueError:
        return datetime.fromtimestamp(exchange.started_at, UTC).date()


def _service(found: Judgement, evidence: Evidence, settings: Settings, known: Known, *, requests: int) -> Service:
    served = tuple(name for name, shown in evidence.chosen.items() if not shown.is_not_found and found.kept.header)
    asked = settings.revision if settings.asks_revision else None
    keeps = found.kept.name
    if asked is not None and asked in served:
        keeps = asked
    pinned = keeps if keeps in served else None
    texts = [_identity(found, settings), _contradictions(found), _removals(evidence, found.kept, known.calendar)]
    identity = " ".join(text for text in texts if text)
    return Service(
        sentence=f"{identity} {_choice(keeps, asked, pinned, evidence, known.calendar)}",
        keeps=keeps,
        current=evidence.plain.version,
        served=served,
        day=evidence.day,
        asked=asked,
        headers=((known.header, pinned),) if known.header and pinned else (),
        requests=requests,
        identity=identity,
    )


def _identity(found: Judgement, settings: Settings) -> str:
    reasons = "; ".join(found.why) or "nothing else fits its answers better"
    if found.newer is None:
        return f"{settings.base_url} is a service of revision {found.kept.name}: {reasons}."
    return (
        f"{settings.base_url} is a service of a version that is newer than all known ones: {reasons}. The newest known one "
        f"that it serves is {found.kept.name}; docs/adding-a-revision.md says how to add {found.newer}."
    )


def _contradictions(found: Judgement) -> str:
    return f"This contradicts it: {'; '.join(found.against)}." if found.against else ""


def _removals(evidence: Evidence, kept: Kept, calendar: Calendar) -> str:
    """Refused versions that the calendar, or the current version of the service, explains."""
    if kept.header is None:
        return ""
    refused = [name for name, shown in evidence.chosen.items() if shown.is_not_found and name < kept.name]
    gone = [name for name in refused if not calendar.has_to_serve(name, kept.name, evidence.day)]
    return " ".join(f"It refuses {name}: {calendar.removal(name)}." for name in gone)


def _choice(keeps: str, asked: str | None, pinned: str | None, evidence: Evidence, calendar: Calendar) -> str:
    """What the run does about it."""
    by = f"every request of the run chooses {pinned}" if pinned else "requests of the run name no version"
    if asked is None:
        return f"The run judges it by {keeps}; {by}."
    if asked == keeps:
        is_other = evidence.plain.version not in (asked, None)
        return f"The run judges it by {asked}, as asked" + (f"; {by}." if is_other else ".")
    gone = f" ({calendar.removal(asked)})" if calendar.is_removed(asked, evidence.day) else ""
    return (
        f"It does not keep {asked}, which was asked for{gone}: what differs only because of that is listed as a known "
        f"difference, and is no breach. --revision {keeps} or --revision auto judges it by what it keeps."
    )
