"""Where both sides meet: worlds of the judge's own on two mocks; else two accounts, of which a mock's is the other's copy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Protocol

import pytest

from contract_tests.accounts import look_around
from contract_tests.capturing.account import Notes
from contract_tests.capturing.disguise import Disguise
from contract_tests.capturing.document import document_of, key_of_portal_customer
from contract_tests.capturing.reading import read_account
from contract_tests.credentials import Kind
from contract_tests.findings import ContractBroken
from contract_tests.model.live import live_scene
from contract_tests.model.performing import Scene, perform, scene_of
from contract_tests.model.state import State, first_state
from contract_tests.model.steps import Ask
from contract_tests.model.themes import THEMES, Theme, reads
from contract_tests.parity.sides import Pair, Side
from contract_tests.parity.tally import Tally
from contract_tests.stages import Stage

_ORDERS_COPIED = 100
# So that what is announced can be compared too: the mock sends to no such host, but tells what it would have sent.
_LISTENER = Ask(
    "webhooks:create_webhook_endpoint",
    who="organization",
    body={"url": "https://hooks.example.com/listener", "format": "raw", "events": ["order.updated", "order.paid"]},
    names="endpoint:listener",
)
# What `polar-contract capture` does not write down, see docs/capture.md; endpoints are the only items with a URL.
_NEVER_COPIED = re.compile(
    r"^body\.items\[\]\.url$"
    r"|\.(?:subscription|discount|discount_id|checkout_id|metadata|custom_field_data|tax_id|medias"
    r"|platform_fee_amount|platform_fee_currency)(?:[.\[]|$)"
)
Tell = Callable[[str], None]
Stages = tuple[Stage, Stage]
Scenes = tuple[Scene, Scene, State]


class Ground(Protocol):
    """What walks need of it."""

    @property
    def may_write(self) -> bool:
        """Whether anything but reads and refusals may be sent."""

    @property
    def themes(self) -> dict[str, Theme]:
        """What stories may be about."""

    def is_compared(self, place: str) -> bool:
        """Whether a place in a body, like `body.items[].url`, can be the same on both sides."""

    def stages(self) -> AbstractContextManager[Stages]:
        """Where the table is walked."""

    def scenes(self) -> AbstractContextManager[Scenes]:
        """Where a story is told, with what the model knows of both."""


@dataclass(frozen=True, slots=True)
class Worlds:
    """Two mocks: every walk gets fresh worlds on both, their clocks held at the same moment."""

    pair: Pair
    may_write = True

    @property
    def themes(self) -> dict[str, Theme]:
        """All of them."""
        return dict(THEMES)

    def is_compared(self, place: str) -> bool:  # a world is a world
        """All are."""
        return True

    @contextmanager
    def stages(self) -> Iterator[Stages]:
        """The worlds of the core table."""
        with self._worlds("core", "members", "limited") as stages:
            yield stages

    @contextmanager
    def scenes(self) -> Iterator[Scenes]:
        """The model's world, as the model knows it."""
        with self._worlds("model") as (left, right):
            scenes = scene_of(left.worlds[0]), scene_of(right.worlds[0])
            for side, scene in zip((self.pair.left, self.pair.right), scenes, strict=True):
                perform(_LISTENER, side.client, scene)
            yield *scenes, first_state()

    @contextmanager
    def _worlds(self, *names: str) -> Iterator[Stages]:
        with ExitStack() as cleanup:
            left, right = (
                cleanup.enter_context(side.judge.target.stage(*names)) for side in (self.pair.left, self.pair.right)
            )
            for world in (*left.worlds, *right.worlds):
                world.hold_clock()
            yield left, right


@dataclass(frozen=True, slots=True)
class Accounts:
    """At least one live account: nothing is made or changed, so that one look at each is enough for all walks."""

    left: Stage
    right: Stage
    found: Scenes | None
    """What the model knows of both; None where it can't know enough."""
    has_copy: bool
    may_write = False

    @property
    def themes(self) -> dict[str, Theme]:
        """Reads and refusals."""
        return {} if self.found is None else {"reads": reads}

    def is_compared(self, place: str) -> bool:
        """What a copy never has is left out."""
        return not (self.has_copy and _NEVER_COPIED.search(place))

    @contextmanager
    def stages(self) -> Iterator[Stages]:
        """The accounts as they were found."""
        yield self.left, self.right

    @contextmanager
    def scenes(self) -> Iterator[Scenes]:
        """Both accounts, as the model knows them."""
        assert self.found is not None, "without it there are no themes"
        yield self.found


@contextmanager
def open_ground(pair: Pair, tally: Tally, *, tell: Tell) -> Iterator[Ground]:
    """The tally gets what a copy lacks, and what can't be compared. Errors: CannotJudge when an account shows nothing."""
    if pair.are_mocks:
        yield Worlds(pair)
        return
    with ExitStack() as cleanup:
        left, right = (
            cleanup.enter_context(_account(side, other, pair, tell=tell, notes=tally.copy_lacks))
            for side, other in ((pair.left, pair.right), (pair.right, pair.left))
        )
        has_copy = pair.left.is_mock or pair.right.is_mock
        yield Accounts(left, right, _both(pair, left, right, tally), has_copy)


def _both(pair: Pair, left_stage: Stage, right_stage: Stage, tally: Tally) -> Scenes | None:
    """What the model knows of both: the state of the left, as far as the right has it too."""
    try:
        left, state = live_scene(pair.left.judge, left_stage)
        right, other = live_scene(pair.right.judge, right_stage)
    except (pytest.skip.Exception, ContractBroken) as reason:
        tally.not_compared[f"stories: {str(reason).splitlines()[0]}"] += 1
        return None
    orders = {name: order for name, order in state.orders.items() if name in other.orders}
    callers = {name: caller for name, caller in state.callers.items() if name in other.callers}
    return left, right, replace(state, orders=orders, callers=callers)


@contextmanager
def _account(side: Side, other: Side, pair: Pair, *, tell: Tell, notes: Notes) -> Iterator[Stage]:
    if not side.is_mock:
        with side.judge.target.stage() as stage:
            yield stage
        return
    with _copy(side, other, pair, tell=tell, notes=notes) as stage:
        yield stage


@contextmanager
def _copy(side: Side, original: Side, pair: Pair, *, tell: Tell, notes: Notes) -> Iterator[Stage]:
    """The other side's account as a world on the mock, and as its customer and its organization see it."""
    given = original.judge.case.settings.tokens
    account = read_account(original.client, given, most_orders=_ORDERS_COPIED, notes=notes, tell=tell)
    document = document_of(
        account,
        pair.contract,
        revision=side.judge.case.settings.revision,
        disguise=Disguise(keeps_names=True),
        keeps_ids=False,
        notes=notes,
    )
    control = side.judge.target.control
    assert control is not None
    world = control.create(document)
    try:
        tokens = {Kind.ORGANIZATION: world.tokens["organization"]} if Kind.ORGANIZATION in given else {}
        customer = key_of_portal_customer(account, pair.contract)
        if customer is not None:
            tokens[Kind.CUSTOMER] = world.tokens[customer]
        named = {str(kind): token for kind, token in tokens.items()}
        yield look_around(side.client, named, may_open_session=False, learn=control.learn_secret)
    finally:
        world.delete()
