"""Prints the outcome of a run over planted defects: failures one by one, everything else as counts. Runs nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from mutants.comparing import Compared
from mutants.defects import Defect
from mutants.running import Seen
from mutants.verdicts import Verdict

_MOST_SHOWN = 60


def print_verdicts(console: Console, verdicts: Sequence[Verdict]) -> None:
    """Print each defect of a small choice, the counts by family, and every defect that was not caught as its row says."""
    if len(verdicts) <= _MOST_SHOWN:
        table = Table("defect", "caught by the rule", "check")
        for one in verdicts:
            shown = escape(one.rules[0]) if one.is_caught else f"[red]{escape(one.problem)}[/]"
            table.add_row(escape(one.defect.name), shown, escape(one.check.rpartition("::")[2]))
        console.print(table)
    families = Counter(one.defect.family for one in verdicts)
    console.print(f"by family: {', '.join(f'{name} {count}' for name, count in families.most_common())}")
    live = sum(one.defect.is_live for one in verdicts)
    console.print(f"{live} by running checks, {len(verdicts) - live} on recorded answers")
    failed = [one for one in verdicts if not one.is_caught]
    console.print(f"{len(verdicts) - len(failed)} of {len(verdicts)} defects caught by a rule that they name.")
    for one in failed:
        console.print(f"{one.defect.name}: {one.problem}", style="red", markup=False, soft_wrap=True)


def print_good(console: Console, good: Mapping[int, Seen]) -> None:
    """Print the results of the good mock, by seed."""
    for seed, one in good.items():
        found = ", ".join(one.rules) or one.mistake or "no violation"
        console.print(f"the good mock, seed {seed}: {found}, {one.requests} requests in {one.seconds:.1f} s")


def print_list(console: Console, chosen: Mapping[str, Defect]) -> None:
    """Print one line for each defect: its name, its rules, and the checks that are run."""
    for name, one in chosen.items():
        rules = " or ".join(rule.id for rule in one.rules)
        console.print(f"{name}  [{rules}]  {one.check or 'recorded answers'}", markup=False, soft_wrap=True)


def print_compared(console: Console, compared: Mapping[str, Compared]) -> None:
    """Print how each defect differs from the good mock."""
    table = Table("defect", "differs in", "operation", "found by", "s")
    for name, one in compared.items():
        verdict = one.verdict if one.is_found else f"[red]no difference[/] {escape(one.last_line[:60])}"
        table.add_row(escape(name), verdict, one.what, one.scenario, f"{one.seconds:.1f}")
    console.print(table)
    scenarios = Counter(one.scenario for one in compared.values() if one.is_found)
    console.print(f"by scenario: {', '.join(f'{name} {count}' for name, count in scenarios.most_common())}")
    found = sum(one.is_found for one in compared.values())
    console.print(f"{found} of {len(compared)} defects differ from the good mock.")
