"""Compares a published document with that of a revision: only our operations, only what hurts clients counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contract_tests.config.errors import CannotRun
from contract_tests.reporting.verdicts import counted
from contract_tests.tools.changes.comparison import counts_of
from contract_tests.tools.changes.documents import BrokenReference, Document
from contract_tests.tools.changes.grouping import Difference, differences_of, hurting
from contract_tests.tools.changes.operations import changes_between, operations_of
from contract_tests.tools.changes.report import sections_as_text
from contract_tests.tools.drift.accepting import line_of
from polar_contract import Contract
from polar_contract.json_types import JsonObject


@dataclass(frozen=True, slots=True)
class Drift:
    """The result: `hurts` are the differences that count, `accepted` those that were accepted, `stale` accepted lines without one."""

    source: str
    revision: str
    differences: tuple[Difference, ...]
    hurts: tuple[Difference, ...]
    accepted: tuple[Difference, ...]
    stale: tuple[str, ...]
    other_operations: int

    @property
    def exit_code(self) -> int:
        """1 when a client is hurt by a difference that was not accepted."""
        return 1 if self.hurts else 0


def drift_of(source: str, document: JsonObject, contract: Contract, accepted: Sequence[str] = ()) -> Drift:
    """Compare a document with the contract. Errors: CannotRun for a document that can't be compared."""
    try:
        ours, theirs = (dict(operations_of(Document(one))) for one in (contract.published, document))
        if not ours.keys() & theirs.keys():
            raise CannotRun(f"{source} has no operation of the contract; is it the right document?")
        found = changes_between(contract.published, document)
        differences = differences_of(found.changes)
    except BrokenReference as problem:
        raise CannotRun(f"{source} can't be compared: {problem}.") from problem
    except RecursionError as problem:
        raise CannotRun(f"{source} can't be compared: its schemas are nested too deeply.") from problem
    bad = hurting(differences)
    known = frozenset(accepted)
    lines = {line_of(one) for one in bad}
    return Drift(
        source,
        contract.revision,
        differences,
        hurts=tuple(one for one in bad if line_of(one) not in known),
        accepted=tuple(one for one in bad if line_of(one) in known),
        stale=tuple(line for line in accepted if line not in lines),
        other_operations=len(found.new_operations),
    )


def lines_of(drift: Drift) -> Iterator[str]:
    """The output; the verdict comes last."""
    harmless = tuple(one for one in drift.differences if one not in (*drift.hurts, *drift.accepted))
    yield f"From the contract of {drift.revision} to {drift.source}:"
    yield counts_of(drift.differences) + "."
    yield from sections_as_text((*drift.hurts, *harmless))
    yield ""
    if drift.other_operations:
        yield f"Not compared: {counted(drift.other_operations, 'operation')} that the contract does not have."
    if drift.accepted:
        yield f"Accepted: {counted(len(drift.accepted), 'difference')}."
    for line in drift.stale:
        yield f"Accepted, but no longer there: {line}"
    if drift.hurts:
        yield f"{counted(len(drift.hurts), 'difference')} may break clients of {drift.revision}."
    else:
        yield f"Nothing breaks clients of {drift.revision}."
