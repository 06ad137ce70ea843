"""The calendar of versions: which a service has to serve, and which it may have removed by a day. Pure; the day is passed in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from polar_contract.revisions import Revision, Versions, served_beside

_VERSION = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
# Source: Polar's versioning page: versions rotate in the first week of January, April, July and October.
_ROTATION = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The revisions of spec/revisions.yaml, oldest first."""

    revisions: tuple[Revision, ...]

    @property
    def dated(self) -> Mapping[str, Versions]:
        """The calendar of each revision that requests can choose, oldest first."""
        return {one.revision: one.versions for one in self.revisions if one.versions is not None}

    def current_on(self, day: date) -> str | None:
        """The current version of a day."""
        return next((name for name, one in reversed(list(self.dated.items())) if one.current_since <= day), None)

    def served_beside(self, current: str) -> tuple[str, ...]:
        """What a service serves on the day on which this version becomes its current one."""
        return served_beside(current, self.revisions)

    def is_removed(self, name: str, day: date) -> bool:
        """Whether a version is removed on this day; in its last week it may still be there."""
        return name in self.dated and day >= self.dated[name].removed_on

    def has_to_refuse(self, name: str, current: str, day: date) -> bool:
        """Whether a service may no longer serve a version, or not yet: one that is in no calendar, or whose last week is over.

        A name that is later than every known one may be a version that is not known here.
        """
        if name not in self.dated:
            return not self.is_newer(name)
        since = max(day, self.dated[current].current_since) if current in self.dated else day
        return since >= self.dated[name].removed_on + _ROTATION

    def has_to_serve(self, name: str, current: str, day: date) -> bool:
        """Whether a service has to serve a version: it is served both on this day and since its current one is current."""
        return name in self.served_beside(current) and self.dated[name].is_served(day)

    def may_be_current(self, name: str, before: str, day: date) -> bool:
        """Whether a version may have followed this one as the current version by this day."""
        following = [one for one in self.dated if one > before]
        return bool(following) and following[0] == name and day >= self.dated[name].current_since

    def is_newer(self, name: str) -> bool:
        """Whether a name could be a version that came after all known ones."""
        return bool(self.dated) and _VERSION.fullmatch(name) is not None and name > max(self.dated)

    def removal(self, name: str) -> str:
        """When a version is removed, as a sentence without its full stop."""
        on = self.dated[name].removed_on
        return f"{name} was removed in the first week of {on:%B %Y} by Polar's calendar"


def listed(names: Sequence[str]) -> str:
    """As in "a, b and c"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
