"""The rules that a run reports, as `--only-rule` names them; all others are left out of its findings. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from contract_tests.checks.findings import Finding
from contract_tests.checks.rules import Rule
from contract_tests.config.errors import CannotRun

_MOST_LISTED = 3


def chosen_rules(given: Iterable[str]) -> tuple[str, ...]:
    """The ids without repetitions, in the order of the rules. Errors: CannotRun for an id that no rule has, with the closest ids."""
    known = [rule.id for rule in Rule]
    wanted = set(given)
    for one in sorted(wanted.difference(known)):
        closest = get_close_matches(one, known, n=_MOST_LISTED, cutoff=0.5)
        hint = f"the closest are {', '.join(closest)}; " if closest else ""
        raise CannotRun(f"--only-rule {one} is not the id of a rule; {hint}`polar-contract rules` lists them all.")
    return tuple(one for one in known if one in wanted)


def reported(findings: Sequence[Finding], chosen: Sequence[str]) -> list[Finding]:
    """The findings of the chosen rules; all findings when none was chosen."""
    return [one for one in findings if not chosen or one.rule.id in chosen]


def only_sentence(chosen: Sequence[str]) -> str:
    """That other rules are not in a report; empty when all rules are."""
    if not chosen:
        return ""
    return f"Only {'this rule was' if len(chosen) == 1 else 'these rules were'} reported: {', '.join(chosen)}."
