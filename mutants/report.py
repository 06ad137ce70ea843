"""Prints the tables of a run over the catalogue, with the missed defects last. Runs no tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from mutants.comparing import Compared
from mutants.running import Caught


def print_caught(console: Console, caught: Mapping[str, Caught]) -> None:
    """Print which rule caught which defect, and in how many requests."""
    table = Table("defect", "caught by the rule", "operation", "check", "source", "requests", "s")
    for name, one in caught.items():
        rule = escape(one.rule) if one.is_caught else _missed(f"exit {one.exit_code}", one.last_line)
        operation = one.operation.replace("customer_portal:", "portal:")
        table.add_row(name, rule, operation, one.check, one.source, str(one.requests), f"{one.seconds:.1f}")
    console.print(table)
    _print_counts(console, "check", Counter(one.check for one in caught.values() if one.is_caught))
    requests = sum(one.requests for one in caught.values())
    missed = [name for name, one in caught.items() if not one.is_caught]
    console.print(f"{len(caught) - len(missed)} of {len(caught)} defects caught in {requests} requests.")
    _print_misses(console, missed)


def print_good(console: Console, good: Mapping[int, Caught]) -> None:
    """Print the results of the good mock, by seed."""
    for seed, one in good.items():
        console.print(
            f"the good mock, seed {seed}: exit {one.exit_code}, {one.requests} requests in {one.seconds:.1f} s"
        )


def print_compared(console: Console, compared: Mapping[str, Compared]) -> None:
    """Print how each defect differs from the good mock."""
    table = Table("defect", "differs in", "operation", "found by", "s")
    for name, one in compared.items():
        verdict = one.verdict if one.is_found else _missed("no difference", one.last_line)
        table.add_row(
            name, verdict, one.what.replace("customer_portal:", "portal:"), one.scenario, f"{one.seconds:.1f}"
        )
    console.print(table)
    _print_counts(console, "scenario", Counter(one.scenario for one in compared.values() if one.is_found))
    missed = [name for name, one in compared.items() if not one.is_found]
    console.print(f"{len(compared) - len(missed)} of {len(compared)} defects differ from the good mock.")
    _print_misses(console, missed)


def _missed(how: str, last_line: str) -> str:
    return f"[red]MISSED[/] ({how}) {escape(last_line[:60])}"


def _print_counts(console: Console, of: str, counts: Counter[str]) -> None:
    console.print(f"by {of}: {', '.join(f'{name} {count}' for name, count in counts.most_common())}")


def _print_misses(console: Console, missed: Iterable[str]) -> None:
    for name in missed:
        console.print(f"missed: {name}", style="red", markup=False)
