"""Which revision a service keeps, judged by its answers to a few requests. Pure.

Versions are labels and behaviour at once: an answer names one, and a request can choose one. What answers name counts first, if
it is a known version; then which versions are served, then which operations there are. Every contradiction is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from contract_tests.model.calendar import Calendar, listed


@dataclass(frozen=True, slots=True)
class Kept:
    """A known revision as the only one that a service could keep: what its answers would then be."""

    name: str
    header: str | None
    """The header that names versions; None for a revision from before there were any."""
    served: tuple[str, ...]
    has_operation: bool
    """Whether it has the operation that the run asks for because not every revision has it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What an answer shows of versions: the one that it names, and whether it is the router's 404."""

    version: str | None
    is_not_found: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """The answers: `plain` to a request that names no version, with the token if there is one, `tokenless` without it.

    `chosen`: by the version that the request named. `nonsense`: to one that named a version that can't exist.
    `has_operation`: whether the service has the operation that not every revision has; None if the answer does not tell.
    """

    plain: Shown
    tokenless: Shown | None
    chosen: Mapping[str, Shown]
    nonsense: Shown
    has_operation: bool | None
    operation: str
    day: date


@dataclass(frozen=True, slots=True)
class Judgement:
    """The revision that the service keeps, why, and what contradicts that. `newer`: a current version that is not known here."""

    kept: Kept
    why: tuple[str, ...]
    against: tuple[str, ...]
    newer: str | None = None


def judge(evidence: Evidence, known: Sequence[Kept], calendar: Calendar) -> Judgement:
    """The judgement. `known`: the revisions, oldest first; at least one."""
    dated = [one for one in known if one.header is not None]
    label = evidence.plain.version
    if label is not None and calendar.is_newer(label) and not _is_constant(evidence):
        kept = next((one for one in reversed(dated) if _is_accepted(evidence, one.name)), dated[-1])
        why = (f"its answers name the version {label}, which is not among the known revisions",)
        return Judgement(kept, why, (), newer=label)
    kept = _kept(evidence, known, calendar.current_on(evidence.day))
    return Judgement(kept, tuple(_why(evidence, kept)), tuple(_against(evidence, kept, calendar)))


def _kept(evidence: Evidence, known: Sequence[Kept], of_day: str | None) -> Kept:
    """The known revision that explains the answers best."""
    dated, undated = ([one for one in known if (one.header is not None) is has] for has in (True, False))
    label, reads_versions = evidence.plain.version, evidence.nonsense.is_not_found
    named = next((one for one in dated if one.name == label), None)
    if reads_versions and named is not None:
        return named
    fitting = [one for one in known if evidence.has_operation in (None, one.has_operation)]
    by_served = _by_served(evidence, [one for one in dated if one in fitting]) if reads_versions else None
    if by_served is not None:
        return by_served
    if named is not None and named in fitting:
        return named
    without = [one for one in undated if one in fitting or (label is None and not reads_versions)]
    if without:
        return without[-1]
    return named or next((one for one in dated if one.name == of_day), (dated or list(known))[-1])


def _by_served(evidence: Evidence, dated: Sequence[Kept]) -> Kept | None:
    """The only revision whose service serves what this one does; None if there is none."""
    accepted = {name for name in evidence.chosen if _is_accepted(evidence, name)}
    found = [one for one in dated if set(one.served) & evidence.chosen.keys() == accepted]
    return found[0] if len(found) == 1 else None


def _is_accepted(evidence: Evidence, name: str) -> bool:
    shown = evidence.chosen.get(name)
    return shown is not None and not shown.is_not_found


def _is_constant(evidence: Evidence) -> bool:
    """Whether answers name the same version, whatever the request chose: then what they name is no evidence."""
    label = evidence.plain.version
    others = [one for name, one in evidence.chosen.items() if name != label and not one.is_not_found]
    return any(one.version == label for one in others)


def _why(evidence: Evidence, kept: Kept) -> Iterator[str]:
    """The evidence that agrees with the judgement."""
    if kept.header is None:
        yield "its answers name no version"
        if not evidence.nonsense.is_not_found:
            yield "it ignores a version that a request names"
    elif evidence.plain.version == kept.name:
        yield f"its answers name the version {kept.name} to a request that names none"
    accepted = [name for name in evidence.chosen if _is_accepted(evidence, name)]
    if kept.header is not None and accepted and evidence.nonsense.is_not_found:
        yield f"it serves {listed(accepted)}"
    if evidence.has_operation is not None and evidence.has_operation == kept.has_operation:
        yield f"it {'has' if kept.has_operation else 'does not have'} {evidence.operation}"


def _against(evidence: Evidence, kept: Kept, calendar: Calendar) -> Iterator[str]:
    """What a service of this revision would answer in another way."""
    wanted = kept.name if kept.header is not None else None
    if evidence.plain.version != wanted:
        yield f"its answers name {evidence.plain.version or 'no version'}"
    if evidence.tokenless is not None and evidence.tokenless.version != evidence.plain.version:
        yield f"without the token they name {evidence.tokenless.version or 'no version'}"
    for name, shown in evidence.chosen.items():
        is_removed = calendar.is_removed(name, evidence.day)
        yield from _against_choice(name, shown, kept, is_removed=is_removed)
    if evidence.nonsense.is_not_found != (kept.header is not None):
        yield "it accepts a version that can't exist" if kept.header else "it refuses a version that can't exist"
    if evidence.has_operation is not None and evidence.has_operation != kept.has_operation:
        yield f"it {'has' if evidence.has_operation else 'does not have'} {evidence.operation}"


def _against_choice(name: str, shown: Shown, kept: Kept, *, is_removed: bool) -> Iterator[str]:
    is_served = name in kept.served or kept.header is None
    if shown.is_not_found and is_served and not is_removed:
        yield f"it refuses {name}, which a service of {kept.name} serves"
    elif not shown.is_not_found and not is_served:
        yield f"it accepts {name}, which a service of {kept.name} does not serve"
    elif not shown.is_not_found and shown.version != (name if kept.header else None):
        yield f"it answers a request for {name} with {shown.version or 'no version'}"
