"""The file of accepted differences: one in each line, as it was printed by `--write-accept`; `#` begins a comment."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from contract_tests.config.errors import CannotRun
from contract_tests.tools.changes.grouping import Difference
from contract_tests.transport.visible import visible_line

_HEAD = """\
# Differences between a published document and the contract that are known and accepted, for `polar-contract drift --accept`.
# Each line is one difference: whom it hurts | where | before -> after | the operations that have it.
"""


def line_of(difference: Difference) -> str:
    """The line of a difference. Another operation or another value makes another line."""
    parts = (difference.whom, difference.where, f"{difference.before} -> {difference.after}")
    return visible_line(" | ".join((*parts, ", ".join(difference.operations))))


def read_accepted(path: Path) -> tuple[str, ...]:
    """The lines of a file. Errors: CannotRun."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        why = problem.strerror if isinstance(problem, OSError) else "it is not UTF-8 text"
        raise CannotRun(f"--accept {path} can't be read: {why}.") from problem
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    for line in lines:
        if line.count(" | ") < 3:
            raise CannotRun(f"--accept {path} has a line that is no difference: {line[:80]!r}; see --write-accept.")
    return tuple(lines)


def write_accepted(path: Path, differences: Iterable[Difference]) -> None:
    """Write the lines of all differences. Errors: CannotRun."""
    try:
        path.write_text(_HEAD + "".join(f"{line_of(one)}\n" for one in differences), "utf-8")
    except OSError as problem:
        raise CannotRun(f"--write-accept {path} can't be written: {problem.strerror}.") from problem
