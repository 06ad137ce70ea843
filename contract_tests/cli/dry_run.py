"""The plan for `--dry-run`: what a run would send, by kind of request. Sends nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import click

from contract_tests.config.credentials import NONSENSE_TOKENS, Kind, environment_variable
from contract_tests.config.network import is_loopback
from contract_tests.config.permissions import Permissions
from contract_tests.config.settings import Settings
from contract_tests.model.calendar import Calendar
from contract_tests.reporting.verdicts import counted
from contract_tests.suites.cases.requests import gap_against
from contract_tests.suites.cases.routes import routes
from contract_tests.suites.cases.rows import NOBODY, Row
from contract_tests.suites.cases.table import core_rows
from contract_tests.suites.changes_ahead import EACH_AN_EVENT
from contract_tests.suites.live.writes import ACCEPTED_PATCHES, READS, REFUSED_PATCHES
from contract_tests.suites.properties import LIVE_EXAMPLES
from contract_tests.suites.stateful.profiles import profiles_of
from contract_tests.suites.stateful.search import LIVE_STEPS, LIVE_STORIES, STEPS
from contract_tests.targets.identifying import MOST_ASKED
from contract_tests.targets.live_account import MOST_PAGES_READ
from contract_tests.targets.live_details import MOST_PAYMENTS_READ
from contract_tests.targets.live_names import LIVE_NAMES
from contract_tests.targets.open import MOST_REQUESTS_PER_MINUTE, pace_of, seconds_of
from contract_tests.transport.guards import MOST_SESSIONS_TRIED
from polar_contract import Behaviour, ContractError, load_contract, revisions
from polar_contract.operations import Operations

_MODES = 2
_NAME = re.compile(r"\{([a-z_]+:[a-z_]+)\}")
_LISTED_FIRST = ("GET /v1/customer-portal/orders/", "GET /v1/orders/")
# The most requests that a scenario with an allowed invoice sends, polling included.
MOST_IN_INVOICE_SCENARIO = 40


@dataclass(frozen=True, slots=True)
class Planned:
    """One kind of request, and the most requests of that kind."""

    check: str
    request: str
    most: int
    effect: str = ""
    """What it changes in the account, such as "that change billing details"; empty for reads and for requests that must be refused."""

    @property
    def method(self) -> str:
        """Its HTTP method; scenarios and stories use several."""
        first = self.request.partition(" ")[0]
        return first if first.isupper() else "several methods"


def print_plan(settings: Settings, *, today: date | None = None) -> int:
    """Print the plan and return the exit code. `today`: for which the calendar of versions is asked; None for this day."""
    is_asked = is_planned_as_live(settings) and settings.base_url is not None
    try:
        if is_asked and not settings.asks_revision:
            day = settings.day or today or datetime.now(UTC).date()
            settings = replace(settings, revision=Calendar(revisions()).current_on(day) or settings.revision)
        contract = load_contract(settings.revision)
    except ContractError as problem:
        click.echo(f"{str(problem)[:1].upper()}{str(problem)[1:]}.", err=True)
        return 2
    operations = Operations(contract.published, contract.effective)
    is_live = is_planned_as_live(settings)
    planned = list(plan_of(settings, operations, contract.behaviour, is_live=is_live))
    kind = "a live account" if is_live else "a mock"
    click.echo(f"Nothing is sent. {settings.base_url or 'The bundled mock'}, as {kind}:")
    if is_asked:
        click.echo(_of_revision(settings))
        if not any(settings.tokens.values()):
            click.echo(
                f"No token was found, and without one the run ends before it sends anything. {_to_token(settings)}"
            )
    for one in planned:
        click.echo(f"  {one.most:>5}  {one.check:<10}  {one.request}")
    for line in _summary(planned, settings):
        click.echo(line)
    return 0


def _to_token(settings: Settings) -> str:
    return settings.token_hint or f"Set {' or '.join(map(environment_variable, (Kind.CUSTOMER, Kind.ORGANIZATION)))}."


def _of_revision(settings: Settings) -> str:
    """What the run does about the revision that the target keeps, which a plan can't know."""
    found = "The run first finds out which revision the target keeps, says so, and"
    if settings.asks_revision:
        return f"{found} judges it by {settings.revision}, as asked; what another revision explains is no breach."
    return (
        f"{found} judges it by that one. This plan is that of {settings.revision}, the current one by Polar's calendar."
    )


def _summary(planned: Sequence[Planned], settings: Settings) -> Iterator[str]:
    """How many requests there are, by method; which of them change something; and how long they take."""
    most, limit = sum(one.most for one in planned), settings.limits.max_requests
    cut = f"; --max-requests stops at {limit}" if limit is not None and limit < most else ""
    yield f"At most {most} requests of {len(planned)} kinds{cut}. By method:"
    counts, effects = Counter[str](), Counter[tuple[str, str]]()
    for one in planned:
        counts[one.method] += one.most
        effects[one.method, one.effect] += one.most if one.effect else 0
    for method, count in counts.most_common():
        said = [f"{number} {effect}" for (name, effect), number in effects.items() if name == method and number]
        yield f"  {count:>5}  {method}" + (f": {'; '.join(said)}" if said else "")
    yield _time_of(min(most, limit or most), settings)


def _time_of(requests: int, settings: Settings) -> str:
    pace = pace_of(settings, settings.base_url)
    if pace >= MOST_REQUESTS_PER_MINUTE:
        return "No rate limit: each request is sent as soon as the last one is answered."
    seconds, minutes = seconds_of(settings, settings.base_url), -(-requests // pace)
    cut = f" The run ends after {seconds:g} seconds; --max-time changes that." if minutes * 60 > seconds else ""
    return f"At {pace} requests a minute this takes up to {counted(minutes, 'minute')}.{cut}"


def is_planned_as_live(settings: Settings) -> bool:
    """Whether the target counts as a live account, without asking it: a mock needs no tokens and runs on this machine."""
    if settings.as_live:
        return True
    return settings.base_url is not None and (not is_loopback(settings.base_url) or bool(settings.tokens))


def plan_of(settings: Settings, operations: Operations, behaviour: Behaviour, *, is_live: bool) -> Iterator[Planned]:
    """Every kind of request of the chosen checks."""
    if is_live:
        yield from _inspection(settings)
    makers: dict[str, Callable[[], Iterator[Planned]]] = {
        "core": lambda: _core(settings, operations, behaviour, is_live),
        "scenarios": lambda: _allowed(settings.permissions) if is_live else _scenarios(),
        "webhooks": lambda: iter(()) if is_live else _webhooks(),
        "model": lambda: _model(settings, behaviour, is_live),
        "properties": lambda: _properties(settings, operations, is_live),
    }
    for check in settings.only:
        yield from makers[check]()


def _inspection(settings: Settings) -> Iterator[Planned]:
    """The most requests that `targets/live_account.py` and `live_details.py` send before the first check."""
    has_portal, has_organization = (
        bool({"customer", "member"} & set(settings.tokens)),
        "organization" in settings.tokens,
    )
    opens_session = settings.permissions.session and not has_portal
    if not settings.as_live and settings.base_url is not None and is_loopback(settings.base_url):
        yield Planned("account", "GET /_mock/health (whether this is a mock)", 1)
    yield Planned("account", f"{_LISTED_FIRST[0]} without a token", 1)
    if settings.base_url is not None:
        yield Planned(
            "account", "GET of a list and of one object, in several versions (which revision it keeps)", MOST_ASKED
        )
    for request in _LISTED_FIRST:
        yield Planned("account", f"{request}?limit=100 (the account's orders), page by page", MOST_PAGES_READ)
    for order_id in dict.fromkeys(settings.permissions.invoice_ids):
        yield Planned("account", f"GET /v1/.../orders/{order_id} (if the lists do not show it)", len(_LISTED_FIRST))
    if opens_session:
        request = "POST /v1/customer-sessions/ (one session, because no customer or member token is given)"
        yield Planned("account", request, MOST_SESSIONS_TRIED, "to open one session")
    if has_portal or opens_session:
        request = (
            "GET /v1/customer-portal/orders/{id}/payment-status (pending and paid orders, until each outcome is seen)"
        )
        yield Planned("account", request, 2 * MOST_PAYMENTS_READ)
    if "member" in settings.tokens:
        yield Planned("account", "GET /v1/customer-portal/customer-session/user (the member's role)", 1)
    if has_organization:
        yield Planned("account", "GET /v1/webhooks/endpoints (an existing endpoint)", 1)


def _core(settings: Settings, operations: Operations, behaviour: Behaviour, is_live: bool) -> Iterator[Planned]:
    for row in core_rows(operations, behaviour):
        operation = operations.by_id[row.operation_id]
        if not is_live or (_could_be_there(row) and gap_against(operation, row, settings.permissions) is None):
            expected = f"{row.status} {row.error or ''}".rstrip()
            yield Planned("core", f"{operation.method} {operation.path} · {row.says} -> {expected}", 1)
    if not is_live:
        yield from _routes(operations)


def _webhooks() -> Iterator[Planned]:
    yield Planned("webhooks", "scenarios whose events go to a receiver that the contract tests run", 150)


def _could_be_there(row: Row) -> bool:
    """Whether a live account may have the token and the objects that the row uses."""
    has_token = row.who in ("", NOBODY, *Kind, *NONSENSE_TOKENS)
    names = _NAME.findall(f"{row.query} {row.body!r}")
    if row.on and not row.on.startswith("raw:"):
        names.append((row.on_account or row.on).partition("|")[0])
    return has_token and set(names) <= LIVE_NAMES


def _scenarios() -> Iterator[Planned]:
    yield Planned("scenarios", "scenarios, each in its own world: every request that a customer sends", 500)


def _routes(operations: Operations) -> Iterator[Planned]:
    for route in routes(operations):
        yield Planned("core", f"{route.method} {route.path} · {route.says} -> {route.status}", 1)


def _allowed(permissions: Permissions) -> Iterator[Planned]:
    for order_id, times in Counter(permissions.invoice_ids).items():
        made = f"that may generate an invoice, which cannot be undone, {EACH_AN_EVENT}"
        yield Planned("scenarios", f"POST /v1/.../orders/{order_id}/invoice", times, made)
        yield Planned("scenarios", f"GET /v1/.../orders/{order_id} and its invoice, polled", MOST_IN_INVOICE_SCENARIO)
        if permissions.downloads:
            yield Planned("scenarios", f"GET of the invoice's URL of {order_id}", 2)
    if permissions.writes:
        changed = f"that change billing details and restore them, {EACH_AN_EVENT}"
        for side in ("/v1/customer-portal/orders", "/v1/orders"):
            one = f"{side}/{{id}} of one paid order with billing details"
            yield Planned("scenarios", f"PATCH {one} · changed and restored -> 200", ACCEPTED_PATCHES, changed)
            yield Planned("scenarios", f"PATCH {one} · country and state -> 422", REFUSED_PATCHES)
            yield Planned("scenarios", f"GET {one} · before and after", READS)


def _model(settings: Settings, behaviour: Behaviour, is_live: bool) -> Iterator[Planned]:
    if is_live:
        stories = min(settings.max_examples, LIVE_STORIES)
        request, most = "randomly ordered reads and invalid requests", stories * LIVE_STEPS + 2
        yield Planned("model", request, most, "reads, and writes without a valid token")
        return
    for profile in profiles_of(behaviour):
        yield Planned("model", f"stories of {profile}, with reads after every step", settings.max_examples * STEPS * 2)


def _properties(settings: Settings, operations: Operations, is_live: bool) -> Iterator[Planned]:
    for operation in operations:
        if not is_live:
            what = "generated, valid and invalid data, after the boundary values of the schema"
            yield Planned("properties", f"{operation.method} {operation.path} · {what}", settings.max_examples * 20)
        elif operation.is_read:
            most = min(settings.max_examples, LIVE_EXAMPLES) * _MODES + _MODES
            yield Planned(
                "properties", f"{operation.method} {operation.path} · generated, valid and invalid data", most
            )
