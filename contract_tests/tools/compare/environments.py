"""Paired environments: new worlds on two mocks, or two accounts (a mock beside a live account gets a copy of that account)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Protocol

from contract_tests.checks.findings import ContractBroken
from contract_tests.config.gaps import NotChecked
from contract_tests.model.state import State, first_state
from contract_tests.model.steps import Ask
from contract_tests.suites.stateful.live import live_bindings
from contract_tests.suites.stateful.performing import Bindings, bindings_of, perform
from contract_tests.suites.stateful.profiles import Profile, profiles_of, reads
from contract_tests.targets.fixtures import Fixtures
from contract_tests.tools.compare.comparing import Terms
from contract_tests.tools.compare.copies import Copy, copy_of
from contract_tests.tools.compare.known import Known
from contract_tests.tools.compare.matching import Matching
from contract_tests.tools.compare.summary import Summary
from contract_tests.tools.compare.targets import Pair

# With this endpoint the webhook deliveries can be compared as well: the mock does not send to this host, but lists the deliveries.
_LISTENER = Ask(
    "webhooks:create_webhook_endpoint",
    who="organization",
    body={"url": "https://hooks.example.com/listener", "format": "raw", "events": ["order.updated", "order.paid"]},
    names="endpoint:listener",
)
Report = Callable[[str], None]
PairedFixtures = tuple[Fixtures, Fixtures]
PairedBindings = tuple[Bindings, Bindings, State]


class PairedEnvironment(Protocol):
    """What the table and the stories need from an environment."""

    @property
    def may_write(self) -> bool:
        """Whether requests other than reads and requests to be refused may be sent."""

    @property
    def profiles(self) -> dict[str, Profile]:
        """The profiles from which stories are generated, by name."""

    def terms(self, known: Known) -> Terms:
        """What counts as a difference here, given the known differences."""

    def matching(self) -> Matching:
        """The pairs of ids that are known before the first request."""

    def fixtures(self) -> AbstractContextManager[PairedFixtures]:
        """The fixtures for the table, left and right."""

    def bindings(self) -> AbstractContextManager[PairedBindings]:
        """The bindings for a story, left and right, and the state from which the model starts."""


@dataclass(frozen=True, slots=True)
class Worlds:
    """Two mocks: the table and every story get new worlds on both, with the clocks stopped at the same time."""

    pair: Pair
    may_write = True

    @property
    def profiles(self) -> dict[str, Profile]:
        """All profiles of the revision."""
        return profiles_of(self.pair.contract.behaviour)

    def terms(self, known: Known) -> Terms:
        """Every unknown difference counts."""
        return Terms(known)

    def matching(self) -> Matching:
        """No pairs: the worlds are new."""
        return Matching()

    @contextmanager
    def fixtures(self) -> Iterator[PairedFixtures]:
        """The worlds of the core table."""
        with self._worlds("core", "members", "limited") as fixtures:
            yield fixtures

    @contextmanager
    def bindings(self) -> Iterator[PairedBindings]:
        """New worlds of the model's document, and the model's initial state."""
        with self._worlds("model") as (left, right):
            bindings = bindings_of(left.worlds[0]), bindings_of(right.worlds[0])
            for side, own in zip((self.pair.left, self.pair.right), bindings, strict=True):
                perform(_LISTENER, side.client, own)
            yield *bindings, first_state()

    @contextmanager
    def _worlds(self, *names: str) -> Iterator[PairedFixtures]:
        with ExitStack() as cleanup:
            left, right = (
                cleanup.enter_context(side.context.target.fixtures(*names))
                for side in (self.pair.left, self.pair.right)
            )
            for world in (*left.worlds, *right.worlds):
                world.hold_clock()
            yield left, right


@dataclass(frozen=True, slots=True)
class Accounts:
    """At least one live account: nothing is created or changed, so each account is read only once."""

    left: Fixtures
    right: Fixtures
    found: PairedBindings | None
    """The bindings and the state for stories; None where the accounts do not show enough for the model."""
    copy: Copy | None
    """The mock's copy of the account; None where both sides are live accounts."""
    is_left_copy: bool
    may_write = False

    @property
    def profiles(self) -> dict[str, Profile]:
        """Only reads and requests to be refused."""
        return {} if self.found is None else {"reads": reads}

    def terms(self, known: Known) -> Terms:
        """Places that a copy never has do not count."""
        if self.copy is None:
            return Terms(known)
        return Terms(known, is_compared=self.copy.has, has_whole_lists=self.copy.has_all_orders)

    def matching(self) -> Matching:
        """The ids of the copied objects, paired with the ids of their copies."""
        return Matching() if self.copy is None else self.copy.matching(is_left=self.is_left_copy)

    @contextmanager
    def fixtures(self) -> Iterator[PairedFixtures]:
        """The fixtures found in the accounts."""
        yield self.left, self.right

    @contextmanager
    def bindings(self) -> Iterator[PairedBindings]:
        """The bindings of both accounts."""
        assert self.found is not None, "without it there are no profiles"
        yield self.found


@contextmanager
def open_environment(pair: Pair, summary: Summary, *, report: Report) -> Iterator[PairedEnvironment]:
    """The environment of both targets; `summary` records what a copy lacks and what can't be compared.

    Errors: CannotRun when an account shows nothing.
    """
    if pair.are_mocks:
        yield Worlds(pair)
        return
    mock = next((side for side in (pair.left, pair.right) if side.is_mock), None)
    with ExitStack() as cleanup:
        if mock is None:
            left, right = (cleanup.enter_context(side.context.target.fixtures()) for side in (pair.left, pair.right))
            yield Accounts(left, right, _both(pair, left, right, summary), None, is_left_copy=False)
            return
        live = pair.right if mock is pair.left else pair.left
        copy = cleanup.enter_context(copy_of(live, mock, pair, report=report, notes=summary.copy_lacks))
        copied, account = copy.beside(cleanup.enter_context(live.context.target.fixtures()))
        left, right = (copied, account) if mock is pair.left else (account, copied)
        yield Accounts(left, right, _both(pair, left, right, summary), copy, is_left_copy=mock is pair.left)


def _both(pair: Pair, left_fixtures: Fixtures, right_fixtures: Fixtures, summary: Summary) -> PairedBindings | None:
    """The bindings of both sides, and the state of the left side reduced to the orders and callers that the right side also has."""
    try:
        left, state = live_bindings(pair.left.context, left_fixtures)
        right, other = live_bindings(pair.right.context, right_fixtures)
    except NotChecked as reason:
        summary.leave_out(reason, "stories: ")
        return None
    except ContractBroken as reason:
        summary.not_compared[f"stories: {str(reason).splitlines()[0]}"] += 1
        return None
    orders = {name: order for name, order in state.orders.items() if name in other.orders}
    callers = {name: caller for name, caller in state.callers.items() if name in other.callers}
    return left, right, replace(state, orders=orders, callers=callers)
