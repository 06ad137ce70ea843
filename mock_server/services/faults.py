"""Add, list and remove a world's faults, and find those that strike a call or the job of an invoice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from mock_server.documents.fault_names import FaultNames
from mock_server.documents.fault_sets import read_faults
from mock_server.documents.journal_queries import DOWNLOAD
from mock_server.documents.names import token_names
from mock_server.domain.faults import CallFault
from mock_server.services.callers import Caller
from mock_server.services.context import Services
from mock_server.services.downloads import DOWNLOAD_ROOTS
from mock_server.store.faults import CallRule, FaultRule
from mock_server.store.state import Transaction, World
from polar_contract.json_types import JsonObject


class CallStrike(NamedTuple):
    """A fault that strikes a call. `number`: which of the matching calls it is."""

    rule_id: str
    fault: CallFault
    number: int
    order_id: str | None
    """The id in the path, if it is one."""


def add_faults(services: Services, world: World, given: JsonObject) -> tuple[FaultRule, ...]:
    """Add a rule, or those of a named set, after those that the world has. Errors: DocumentInvalid."""
    with world.changing() as transaction:
        before = len(transaction.faults.rules)
        read = read_faults(given, _names(services, world), present=before)
        transaction.faults = transaction.faults.with_rules(read.faults, set_name=read.set_name)
        return transaction.faults.rules[before:]


def remove_fault(world: World, fault_id: str) -> None:
    """Errors: FaultUnknown."""
    with world.changing() as transaction:
        transaction.faults = transaction.faults.without(fault_id)


def remove_faults(world: World) -> None:
    with world.changing() as transaction:
        transaction.faults = transaction.faults.emptied()


def _names(services: Services, world: World) -> FaultNames:
    """What the rules of this world can name."""
    tables, versions = world.tables, world.policies.versions
    operations: dict[str, str] = {}
    for revision in versions.served or (versions.current or world.revision,):
        operations |= services.operations_of(revision)
    operations[DOWNLOAD] = DOWNLOAD_ROOTS[0]
    keys = {name.removeprefix("order:"): id_ for name, id_ in tables.names.items() if name.startswith("order:")}
    tokens = {name: token for token, name in token_names(world.state).items()}
    return FaultNames(operations, keys, tables.orders, tokens, world.behaviour.error)


def strike_call(
    world: World,
    rules: tuple[CallRule, ...],
    *,
    caller: Caller | None,
    method: str,
    path_parameters: Mapping[str, str],
) -> CallStrike | None:
    """Count a call for those of its operation's rules that match it; returns the first that strikes. A download has no caller.

    Effects: a session that expires by it is unknown from now on.
    """
    order_id = _uuid_text(path_parameters.get("id"))
    matching = [rule for rule, fault in rules if _matches(fault, caller, method, order_id)]
    if not matching:
        return None
    with world.changing() as transaction:
        strike = transaction.struck_by(matching)
        if strike is None or not isinstance(fault := strike.rule.fault, CallFault):
            return None
        if fault.does_session_expire and caller is not None:
            transaction.put(replace(caller.credential, expires_at=world.clock.now()))
    return CallStrike(strike.rule.id, fault, strike.number, order_id)


def _matches(fault: CallFault, caller: Caller | None, method: str, order_id: str | None) -> bool:
    return (
        fault.order_id in (None, order_id)
        and fault.token in (None, caller and caller.credential.token)
        and fault.method in (None, method)
        and (not fault.does_session_expire or (caller is not None and caller.customer is not None))
    )


def _uuid_text(text: str | None) -> str | None:
    """An id in the form that orders have; None for text that is no id."""
    try:
        return str(UUID(text)) if text is not None else None
    except ValueError:
        return None


def is_invoice_lost(transaction: Transaction, order_id: str) -> bool:
    """Whether a fault makes the job of an order's invoice make nothing."""
    matching = transaction.faults.of_invoice(order_id)
    return bool(matching) and transaction.struck_by(matching) is not None
