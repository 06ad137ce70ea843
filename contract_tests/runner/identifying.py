"""Before the first check: the settings of a run, with what its target is and the revision that it is judged by."""

from __future__ import annotations

from dataclasses import dataclass, replace

from contract_tests.config.errors import CannotRun
from contract_tests.config.gaps import NotChecked
from contract_tests.config.left_changed import require_none_left
from contract_tests.config.service import Service
from contract_tests.config.settings import Settings
from contract_tests.targets.identifying import as_our_mock, identify, load_known
from contract_tests.targets.messages import unreachable
from contract_tests.transport.exchanges import Exchange, Ledger
from contract_tests.transport.session import NoAnswer


@dataclass(frozen=True, slots=True)
class Beginning:
    """The settings with the service that was found; the requests that this took; and why the target can't be checked, if it can't."""

    settings: Settings
    exchanges: tuple[Exchange, ...] = ()
    problem: str = ""


def begin(settings: Settings) -> Beginning:
    """The target is asked which revision it keeps, unless it is the bundled mock, which keeps the run's. Errors: ContractError."""
    ledger = Ledger()
    try:
        require_none_left(settings)
        of_mock = as_our_mock(settings)
        if of_mock is not None:
            return Beginning(of_mock)
        service = found_service(settings, ledger)
    except CannotRun as problem:
        return Beginning(settings, _kept(ledger), str(problem))
    revision = settings.revision if settings.asks_revision else service.keeps
    return Beginning(replace(settings, service=service, revision=revision), _kept(ledger))


def found_service(settings: Settings, ledger: Ledger, *, only_of_token: bool = False) -> Service:
    """What the target is, whatever it is. Errors: CannotRun with one sentence; ContractError."""
    try:
        return identify(settings, load_known(), ledger, only_of_token=only_of_token)
    except NoAnswer as problem:
        through = settings.network.described(str(settings.base_url))
        raise CannotRun(unreachable(str(settings.base_url), problem, through=through)) from problem
    except NotChecked as problem:
        raise CannotRun(f"The target could not be inspected within the limits of the run ({problem}).") from problem


def _kept(ledger: Ledger) -> tuple[Exchange, ...]:
    """The exchanges, of no operation: they choose versions, so that an operation's documented answers say nothing of them."""
    return tuple(replace(one, operation_id=None) for one in ledger.exchanges)
