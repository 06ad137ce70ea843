"""Changes told once: the same change in many places is one difference; differences of the same operations stand together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contract_tests.tools.changes.operations import Change, Hurts, Place

_ORDER = tuple(Hurts)


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference, with every place where it shows."""

    subject: str
    before: str
    after: str
    hurts: Hurts
    is_sure: bool
    places: tuple[Place, ...]

    @property
    def operations(self) -> tuple[str, ...]:
        """The operations that have it, in the document's order."""
        return tuple(dict.fromkeys(place.operation for place in self.places))

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of operations that have it, as in `response 200`."""
        return tuple(dict.fromkeys(place.part for place in self.places))

    @property
    def where(self) -> str:
        """The subject, with the parts unless it names them itself."""
        if not any(self.parts) or self.subject.partition(" /")[0] in self.parts:
            return self.subject
        return f"{self.subject} in {', '.join(self.parts)}"

    @property
    def whom(self) -> str:
        """As in `readers` and `perhaps writers`."""
        return self.hurts.value if self.is_sure else f"perhaps {self.hurts.value}"


@dataclass(frozen=True, slots=True)
class Group:
    """The differences that the same operations have."""

    operations: tuple[str, ...]
    differences: tuple[Difference, ...]


def differences_of(changes: Iterable[Change]) -> tuple[Difference, ...]:
    """The changes, each distinct one once."""
    places: dict[tuple[str, str, str, Hurts, bool], list[Place]] = {}
    for change in changes:
        key = (change.subject, change.before, change.after, change.hurts, change.is_sure)
        places.setdefault(key, []).append(change.place)
    return tuple(Difference(*key, tuple(dict.fromkeys(found))) for key, found in places.items())


def grouped(differences: Sequence[Difference]) -> tuple[Group, ...]:
    """The differences by their operations; what hurts comes first, then what concerns most operations."""
    found: dict[tuple[str, ...], list[Difference]] = {}
    for difference in differences:
        found.setdefault(difference.operations, []).append(difference)
    groups = [Group(operations, tuple(sorted(some, key=_rank))) for operations, some in found.items()]
    return tuple(sorted(groups, key=lambda group: (_rank(group.differences[0])[0], -len(group.operations))))


def hurting(differences: Iterable[Difference]) -> tuple[Difference, ...]:
    """Those that hurt somebody, also those that perhaps do."""
    return tuple(one for one in differences if one.hurts is not Hurts.NOBODY)


def _rank(difference: Difference) -> tuple[int, bool]:
    return _ORDER.index(difference.hurts), not difference.is_sure
