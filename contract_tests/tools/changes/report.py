"""A comparison of two revisions as text for a terminal, as Markdown and as JSON. What hurts comes first."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict

from contract_tests.tools.changes.behaviours import RuleChange
from contract_tests.tools.changes.comparison import Comparison
from contract_tests.tools.changes.grouping import Difference, Group, grouped, hurting
from contract_tests.tools.changes.operations import Hurts
from contract_tests.tools.changes.wording import wrapped
from polar_contract.json_types import JsonObject, JsonValue

_HURTING, _HARMLESS = "What hurts clients", "What hurts nobody"
_RULES, _NEW = "Rules of behaviour that the documents do not state", "New operations"


def as_text(comparison: Comparison) -> str:
    """For a terminal."""
    lines = [f"{comparison.old} -> {comparison.new}", comparison.summary, *comparison.calendar]
    lines += sections_as_text(comparison.differences)
    if comparison.rules:
        lines += ["", _RULES.upper()]
    for rule in comparison.rules:
        lines += ["", *wrapped(f"{rule.name} ({rule.words.where})", "")]
        for line in (rule.words.means, f"{rule.before} -> {rule.after}", f"Client: {rule.words.client}"):
            lines += wrapped(line, "  ")
    if comparison.new_operations:
        lines += ["", _NEW.upper(), *(f"  {one}" for one in comparison.new_operations)]
    return "\n".join(lines) + "\n"


def sections_as_text(differences: Sequence[Difference]) -> Iterator[str]:
    """The differences as lines, by operations."""
    for title, groups in _sections(differences):
        yield from ("", title.upper())
        for group in groups:
            yield from ("", *wrapped(", ".join(group.operations), ""))
            for one in group.differences:
                yield from wrapped(f"{one.whom}: {one.where}: {one.before} -> {one.after}", "  ")


def as_markdown(comparison: Comparison) -> str:
    """A section of a page; its headings begin at the second level."""
    lines = [f"## From {comparison.old} to {comparison.new}", "", comparison.summary]
    lines += [text for line in comparison.calendar for text in ("", line)]
    for title, groups in _sections(comparison.differences):
        lines += ["", f"### {title}"]
        for group in groups:
            lines += ["", f"{', '.join(f'`{one}`' for one in group.operations)}:", ""]
            lines += _table(("hurts", "where", "before", "after"), map(_cells_of, group.differences))
    if comparison.rules:
        lines += ["", f"### {_RULES}", ""]
        lines += _table(
            ("rule", "means", "before", "after", "what client code has to do"), map(_rule, comparison.rules)
        )
    if comparison.new_operations:
        lines += ["", f"### {_NEW}", "", ", ".join(f"`{one}`" for one in comparison.new_operations)]
    return "\n".join(lines) + "\n"


def as_json(comparison: Comparison) -> str:
    """For programs: every difference with every place where it shows."""
    document: JsonObject = {
        "from": comparison.old,
        "to": comparison.new,
        "counts": {
            "differences": len(comparison.differences),
            **{one.value: sum(each.hurts is one for each in comparison.differences) for one in Hurts},
        },
        "differences": [difference_as_json(one) for one in comparison.differences],
        "rules": [
            {"rule": one.name, "before": one.before, "after": one.after, **asdict(one.words)}
            for one in comparison.rules
        ],
        "new_operations": list(comparison.new_operations),
    }
    return json.dumps(document, indent=2) + "\n"


FORMATS: dict[str, Callable[[Comparison], str]] = {"text": as_text, "markdown": as_markdown, "json": as_json}


def difference_as_json(difference: Difference) -> JsonValue:
    """One difference."""
    return {
        "hurts": difference.hurts.value,
        "certain": difference.is_sure,
        "subject": difference.subject,
        "before": difference.before,
        "after": difference.after,
        "places": [{"operation": one.operation, "part": one.part, "pointer": one.pointer} for one in difference.places],
    }


def _sections(differences: Sequence[Difference]) -> Iterator[tuple[str, tuple[Group, ...]]]:
    bad = hurting(differences)
    for title, some in ((_HURTING, bad), (_HARMLESS, [one for one in differences if one not in bad])):
        if some:
            yield title, grouped(some)


def _table(columns: Sequence[str], rows: Iterator[Sequence[str]] | map[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(columns)} |"
    yield f"|{'---|' * len(columns)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def _cells_of(difference: Difference) -> Sequence[str]:
    return difference.whom, _code(difference.where), difference.before, difference.after


def _rule(rule: RuleChange) -> Sequence[str]:
    means = f"{rule.words.means} ({rule.words.where})"
    return _code(rule.name), means, _code(rule.before), _code(rule.after), rule.words.client


def _code(text: str) -> str:
    return f"`{text.replace('`', chr(39))}`"
