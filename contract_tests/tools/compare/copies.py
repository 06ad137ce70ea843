"""Creates a mock's copy of a live account for a comparison, and maps the account's ids to the ids of the copy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from contract_tests.config.credentials import Kind
from contract_tests.config.errors import CannotRun
from contract_tests.targets.fixtures import Fixtures
from contract_tests.targets.identifying import load_known
from contract_tests.targets.live_account import inspect_account
from contract_tests.tools.capture.account import Notes
from contract_tests.tools.capture.document import document_of, names_of
from contract_tests.tools.capture.pseudonymizer import Pseudonymizer
from contract_tests.tools.capture.reading import read_account
from contract_tests.tools.compare.matching import Matching
from contract_tests.tools.compare.targets import Pair, Side
from polar_contract import Contract

Report = Callable[[str], None]
_ORDERS_COPIED = 100
_TOKENLESS = "customer_portal:orders:list"
_OBJECTS = re.compile(r"^(?:organization_)?(?:order|customer|product|subscription|endpoint):")
# Parts that `polar-contract capture` does not write into its document, see docs/capture.md.
_NEVER_COPIED = re.compile(
    r"\.(?:subscription|discount|discount_id|checkout_id|metadata|custom_field_data|tax_id|medias"
    r"|platform_fee_amount|platform_fee_currency)(?:[.\[]|$)"
)
_OF_ENDPOINTS = re.compile(r"^body(?:\.items\[\])?\.(?:url|secret)$")
_OF_LISTS = re.compile(r"^body\.(?:items|pagination)\b")
_COUNTS = re.compile(r"^body\.pagination\b")


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of an account; `ids` maps ids of the account to ids of the copy."""

    fixtures: Fixtures
    ids: Mapping[str, str]
    has_all_orders: bool

    def has(self, operation: str | None, place: str) -> bool:
        """Whether a place in a response body can have the same value in a copy."""
        if operation == "webhooks:list_webhook_deliveries" and _OF_LISTS.match(place):
            return False
        if operation is not None and operation.startswith("webhooks:") and _OF_ENDPOINTS.match(place):
            return False
        if not self.has_all_orders and operation is not None and operation.endswith("orders:list"):
            return _COUNTS.match(place) is None
        return _NEVER_COPIED.search(place) is None

    def matching(self, *, is_left: bool) -> Matching:
        """A matching that pairs the id of every copied object with the id of its copy."""
        matching = Matching()
        for original, copy in self.ids.items():
            matching.know("id", *((copy, original) if is_left else (original, copy)))
        return matching

    def beside(self, account: Fixtures) -> tuple[Fixtures, Fixtures]:
        """The fixtures of the copy and of the account with equal names for equal objects; objects without a copy have no name.

        Each was read separately, and the first object of a kind in one list need not be the first in the other list.
        """
        copied = {name: self.ids[one] for name, one in account.ids.items() if one in self.ids}
        own = {name: one for name, one in self.fixtures.ids.items() if not _OBJECTS.match(name)}
        ids = {name: one for name, one in account.ids.items() if name in copied or not _OBJECTS.match(name)}
        return replace(self.fixtures, ids=own | copied), replace(account, ids=ids)


@contextmanager
def copy_of(original: Side, side: Side, pair: Pair, *, report: Report, notes: Notes) -> Iterator[Copy]:
    """Create a world on the mock from what the account's customer and organization tokens show; deleted afterwards."""
    _require_revision(side, pair.contract)
    given = original.context.case.settings.tokens
    account = read_account(original.client, given, most_orders=_ORDERS_COPIED, notes=notes, report=report)
    document = document_of(
        account,
        pair.contract,
        revision=side.context.case.settings.revision,
        pseudonymizer=Pseudonymizer(keeps_names=True),
        keeps_ids=False,
        notes=notes,
    )
    control = side.context.target.control
    assert control is not None
    world = control.create(document)
    try:
        names = names_of(account, pair.contract)
        tokens = {Kind.ORGANIZATION: world.tokens["organization"]} if Kind.ORGANIZATION in given else {}
        customer = names.get(str((account.customer or {}).get("id")))
        if customer is not None:
            tokens[Kind.CUSTOMER] = world.tokens[customer.partition(":")[2]]
        named = {str(kind): token for kind, token in tokens.items()}
        fixtures = inspect_account(side.client, named, may_open_session=False, learn=control.learn_secret)
        ids = {one: world.ids[name] for one, name in names.items() if name in world.ids}
        yield Copy(fixtures, ids, has_all_orders=not account.more_orders)
    finally:
        world.delete()


def _require_revision(side: Side, contract: Contract) -> None:
    """The copy has the revision of the account, but requests without a token belong to no world. Errors: CannotRun."""
    header = load_known().header
    wanted = contract.revision if contract.behaviour.request.version_header else None
    if header is None or side.client.send(_TOKENLESS).headers.get(header.lower()) == wanted:
        return
    bundled = ", or leave out --left for the bundled mock" if side.name == "left" else ""
    raise CannotRun(
        f"--{side.name} {side.context.target.base_url} answers requests without a token by another revision than "
        f"{contract.revision}; start it with `polar-mock serve --revision {contract.revision}`{bundled}."
    )
