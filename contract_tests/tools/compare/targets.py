"""Opens the two targets of a comparison, each with its own guarded session and tokens. Sends only the requests that opening needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Literal

from contract_tests.config.credentials import Kind, environment_variable
from contract_tests.config.errors import CannotRun, NoTokenGiven
from contract_tests.config.gaps import NotChecked
from contract_tests.config.settings import Settings
from contract_tests.reporting.redaction import Redactor
from contract_tests.runner.context import RunContext, prepare_case
from contract_tests.targets.open import open_target
from contract_tests.tools.compare.known import NOTHING_KNOWN, Known, entries
from contract_tests.tools.compare.no_response import Asker
from contract_tests.tools.compare.pace import Pace
from contract_tests.transport.budgets import cut_off_sentence
from contract_tests.transport.client import Client
from polar_contract import Contract
from polar_contract.operations import Operations

SideName = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two targets."""

    name: SideName
    context: RunContext

    @property
    def client(self) -> Client:
        """The client for this target; its session has its own guards."""
        return self.context.client

    @property
    def is_mock(self) -> bool:
        """Whether the target is a mock: it has worlds, and writing is allowed."""
        return self.context.target.is_mock


@dataclass(frozen=True, slots=True)
class Pair:
    """Both targets, with one contract."""

    left: Side
    right: Side
    contract: Contract
    asker: Asker
    is_strict: bool = False
    """Whether known differences count."""

    @property
    def operations(self) -> Operations:
        """The operations of the contract."""
        return self.left.context.operations

    @property
    def are_mocks(self) -> bool:
        """Whether both are mocks, so that any request may be sent to either."""
        return self.left.is_mock and self.right.is_mock

    @property
    def known(self) -> Known:
        """The known differences between mock and service. Where both targets are mocks, either may behave like the service."""
        mocks = frozenset(str(side.name) for side in (self.left, self.right) if side.is_mock)
        return Known(entries(), mocks or frozenset({"left", "right"}))

    @property
    def excused(self) -> Known:
        """The known differences that do not count."""
        return NOTHING_KNOWN if self.is_strict else self.known

    def redact(self, text: str) -> str:
        """The text without secrets of either side."""
        return self.left.context.case.redactor.redact(text)


@contextmanager
def open_pair(left: Settings, right: Settings, contract: Contract, *, is_strict: bool = False) -> Iterator[Pair]:
    """Both targets, once both answer. Errors: CannotRun with a message that names the side."""
    # One redactor for both, because the report shows their answers side by side.
    redactor = Redactor()
    with ExitStack() as cleanup:
        sides = (
            _open("left", left, contract, redactor, cleanup),
            _open("right", right, contract, redactor, cleanup, takes_plain=left.base_url is None),
        )
        yield Pair(*sides, contract, Asker(_pace_of(*sides)), is_strict)


def tokens_in(environment: Mapping[str, str], side: SideName, *, takes_plain: bool = False) -> dict[str, str]:
    """The token variables of one side under their plain names: `POLAR_LEFT_CUSTOMER_TOKEN` becomes `POLAR_CUSTOMER_TOKEN`.

    Each side has its own variables, so no token is ever sent to the other side. With `takes_plain` the plain variables
    are read as well, for a side that is the only one to need a token.
    """
    found = {}
    for kind in Kind:
        plain = environment.get(environment_variable(kind)) if takes_plain else None
        token = environment.get(variable_of(kind, side)) or plain
        if token:
            found[environment_variable(kind)] = token
    return found


def variable_of(kind: Kind, side: SideName) -> str:
    """`POLAR_LEFT_CUSTOMER_TOKEN` and the like."""
    return f"POLAR_{side.upper()}_{kind.upper()}_TOKEN"


def _pace_of(left: Side, right: Side) -> Pace | None:
    return Pace() if left.is_mock and right.is_mock else None


def _why_live(settings: Settings) -> str:
    return "is treated as a live account (--as-live)" if settings.as_live else "is not a mock"


def _open(
    name: SideName,
    settings: Settings,
    contract: Contract,
    redactor: Redactor,
    cleanup: ExitStack,
    *,
    takes_plain: bool = False,
) -> Side:
    case = prepare_case(settings, contract, redactor=redactor)
    with naming_side(name, settings, redactor, takes_plain=takes_plain):
        target = cleanup.enter_context(
            open_target(
                settings, case.operations, ledger=case.ledger, learn=case.redactor.learn, headers=case.version_headers
            )
        )
    return Side(name, RunContext(case, target))


@contextmanager
def naming_side(name: SideName, settings: Settings, redactor: Redactor, *, takes_plain: bool) -> Iterator[None]:
    """Errors inside name the side, and its own options and variables. Errors: CannotRun."""
    try:
        yield
    except NoTokenGiven as problem:
        kinds = (Kind.CUSTOMER, Kind.ORGANIZATION)
        named = [environment_variable(kind) if takes_plain else variable_of(kind, name) for kind in kinds]
        variables = " or ".join(named)
        raise CannotRun(
            f"--{name} {settings.base_url} {_why_live(settings)}, so it needs a token: set {variables}, or use --token-{name}."
        ) from problem
    except CannotRun as problem:
        raise CannotRun(redactor.redact(f"--{name}: {problem}")) from problem
    except NotChecked as problem:
        raise CannotRun(f"--{name} could not be read within the limits. {cut_off_sentence(problem)}") from problem
