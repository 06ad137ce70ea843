"""Coverage by operation and status: what is documented and how often it occurred. Only counts; printing is elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from polar_contract.operations import Operation, Operations

# Responses that no token of a run can get. Source: Polar's published SDK, September 2026: an external id is ambiguous for a
# token that reaches several organizations; those of a run reach one.
_OUT_OF_REACH = frozenset({("customer-sessions:create", 409)})


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One operation's statuses: each documented status with its count, and the undocumented ones that occurred."""

    operation: Operation
    documented: Mapping[int, int]
    undocumented: Mapping[int, int]


def coverage_rows(operations: Operations, reached: Mapping[tuple[str, int], int]) -> list[CoverageRow]:
    """One row per operation, in the order of the contract."""
    return [_row(operation, reached) for operation in operations]


def unreached(rows: Sequence[CoverageRow]) -> list[str]:
    """Documented responses that did not occur, as `operation status`; a run of all checks on the mock must reach each."""
    return [
        f"{row.operation.id} {status}"
        for row in rows
        for status, count in row.documented.items()
        if count == 0 and (row.operation.id, status) not in _OUT_OF_REACH
    ]


def _row(operation: Operation, reached: Mapping[tuple[str, int], int]) -> CoverageRow:
    seen = {status: count for (name, status), count in sorted(reached.items()) if name == operation.id}
    documented = {status: seen.get(status, 0) for status in operation.statuses}
    return CoverageRow(operation, documented, {one: count for one, count in seen.items() if one not in documented})
