"""Decides whether a defect was caught by a rule that its row names."""

from __future__ import annotations

from dataclasses import dataclass

from mutants.defects import Defect
from mutants.replaying import Replayed
from mutants.running import Seen


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome for one defect. `problem` says what is wrong; empty when a named rule caught it."""

    defect: Defect
    rules: tuple[str, ...]
    check: str
    problem: str

    @property
    def is_caught(self) -> bool:
        """Whether the first finding is of a rule that the row names."""
        return not self.problem


def verdict_of(defect: Defect, seen: Seen | Replayed) -> Verdict:
    """The first finding counts: it is what a reader of the report sees first."""
    if isinstance(seen, Replayed):
        rules, missed = tuple(one.rule.id for one in seen.findings), _missed_in_memory(seen)
    else:
        rules, missed = seen.rules, "no check failed"
    return Verdict(defect, rules, seen.check, _problem(defect, rules, seen.mistake, missed))


def _problem(defect: Defect, rules: tuple[str, ...], mistake: str, missed: str) -> str:
    if mistake:
        return mistake
    if not rules:
        return f"not caught: {missed}"
    expected = [rule.id for rule in defect.rules]
    return "" if rules[0] in expected else f"caught by {rules[0]}, not by {' or '.join(expected)}"


def _missed_in_memory(seen: Replayed) -> str:
    return f"{seen.changed} recorded answers changed" if seen.changed else "it changes no recorded answer"
