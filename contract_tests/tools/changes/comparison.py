"""Two revisions compared: the differences of their documents, and of their rules."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from contract_tests.reporting.verdicts import counted
from contract_tests.tools.changes.behaviours import RuleChange, rule_changes
from contract_tests.tools.changes.grouping import Difference, differences_of
from contract_tests.tools.changes.operations import Hurts, changes_between
from polar_contract import Revision, load_contract, revisions


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from one revision to another. `calendar` is a sentence for each revision that has dates."""

    old: str
    new: str
    differences: tuple[Difference, ...]
    new_operations: tuple[str, ...]
    rules: tuple[RuleChange, ...]
    calendar: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """The counts in one line."""
        added = counted(len(self.new_operations), "new operation")
        return f"{counts_of(self.differences)}; {added}; {counted(len(self.rules), 'other rule')} of behaviour."


def compare_revisions(old: str, new: str) -> Comparison:
    """Compare the documents as published, and the rules.

    The published documents, because they are what Polar promises and what other tools generate clients from. The overlays
    add what the service was seen to send at two different times; what changed in that is among the rules.
    Errors: ContractError.
    """
    before, after = load_contract(old), load_contract(new)
    found = changes_between(before.published, after.published)
    return Comparison(
        old,
        new,
        differences_of(found.changes),
        found.new_operations,
        rule_changes(before, after),
        tuple(calendar_of(one) for one in revisions() if one.revision in (old, new) and one.versions),
    )


def counts_of(differences: tuple[Difference, ...]) -> str:
    """As in `3 differences: 1 hurts clients that read, 1 clients that write, 1 nobody`."""
    counts = Counter(one.hurts for one in differences)
    unsure = sum(not one.is_sure for one in differences)
    doubt = f" ({unsure} of these only perhaps)" if unsure else ""
    return (
        f"{counted(len(differences), 'difference')} of the documents: {counts[Hurts.READERS]} hurt clients that read, "
        f"{counts[Hurts.WRITERS]} clients that write{doubt}, {counts[Hurts.NOBODY]} nobody"
    )


def calendar_of(revision: Revision) -> str:
    """When a revision begins and ends to be what requests get."""
    versions = revision.versions
    assert versions is not None, "asked only for revisions with dates"
    return (
        f"{revision.revision} is what requests without a version get from {versions.current_since}, "
        f"deprecated from {versions.deprecated_on}, removed on {versions.removed_on}."
    )
