"""Two readings of the rules agree: the status that each test case states by hand, and the answers of the oracle."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from contract_tests.config.credentials import NONSENSE_TOKENS
from contract_tests.model.outcomes import INVALID, Outcome, Request, outcomes
from contract_tests.model.world_documents import state_of_worlds
from contract_tests.suites.cases.rows import JSON, NOBODY, Row
from contract_tests.suites.cases.table import core_rows
from contract_tests.suites.cases.worlds import core_worlds
from contract_tests.targets.control_api import world_document
from polar_contract import Contract, load_contract, revisions
from polar_contract.json_types import JsonObject, as_object
from polar_contract.operations import Operation, Operations

LENGTH_MISSING, RATE_LIMITED, TOO_LARGE = 411, 429, 413


@pytest.fixture(scope="module", params=[one.revision for one in revisions()])
def contract(request: pytest.FixtureRequest) -> Contract:
    return load_contract(request.param)


@pytest.fixture(scope="module")
def operations(contract: Contract) -> Operations:
    return Operations(contract.published, contract.effective)


@pytest.fixture(scope="module")
def rows(operations: Operations, contract: Contract) -> Sequence[Row]:
    """Every row that is answered by a rule of its operation, and not by a limit that answers before all rules."""
    of_limits = (LENGTH_MISSING, RATE_LIMITED, TOO_LARGE)
    return [row for row in core_rows(operations, contract.behaviour) if row.status not in of_limits]


def answers(row: Row, operation: Operation, contract: Contract) -> list[Outcome]:
    """The oracle's answers to the row's request, on the worlds of the table. It can't tell whether the request is well-formed."""
    worlds = {name: world_document(name) for name in core_worlds(contract.behaviour)}
    state = state_of_worlds(worlds, lambda kind, key: f"{kind}:{key}")
    who = row.who or ("customer" if operation.is_portal else "organization")
    request = Request(
        operation,
        token=None if who == NOBODY else f"token:{who}",
        object_id=row.on.partition("|")[0] or None,
        is_valid=False if row.error == INVALID.error else None,
        is_broken=operation.has_body and _is_broken(row),
        address=_address(row),
    )
    return outcomes(request, state, contract.behaviour)


def _is_broken(row: Row) -> bool:
    if not isinstance(row.body, bytes) or row.content_type != JSON:
        return False
    try:
        json.loads(row.body)
    except ValueError:
        return True
    return False


def _address(row: Row) -> JsonObject | None:
    address = row.body.get("billing_address") if isinstance(row.body, dict) else None
    return address if isinstance(address, dict) else None


def test_when_a_row_states_its_answer_then_the_oracle_allows_it(
    rows: Sequence[Row], operations: Operations, contract: Contract
) -> None:
    found = [(row, answers(row, operations.by_id[row.operation_id], contract)) for row in rows]

    assert {row.name: allowed for row, allowed in found if not _is_among(row, allowed)} == {}


def _is_among(row: Row, allowed: Sequence[Outcome]) -> bool:
    return any(one.status == row.status and one.error in (None, row.error) for one in allowed)


def test_when_a_row_is_refused_for_its_caller_or_its_order_then_the_oracle_allows_nothing_else(
    rows: Sequence[Row], operations: Operations, contract: Contract
) -> None:
    errors = contract.behaviour.error
    of_invoices = (errors.invoice_refused.error, errors.billing_details_missing.error)
    refused = [row for row in rows if row.status == 401 or row.error in of_invoices]
    found = {row.name: (row, answers(row, operations.by_id[row.operation_id], contract)) for row in refused}
    others = {
        name: allowed
        for name, (row, allowed) in found.items()
        if [one for one in allowed if one != INVALID] != [Outcome(row.status, row.error)]
    }

    assert len({row.error for row in refused}) == 4, "all kinds of refusals are among the rows"
    assert others == {}


def test_nonsense_tokens_are_tokens_of_no_world(contract: Contract) -> None:
    documents = [world_document(name) for name in core_worlds(contract.behaviour)]

    assert not any(name in as_object(document.get("tokens")) for name in NONSENSE_TOKENS for document in documents)
