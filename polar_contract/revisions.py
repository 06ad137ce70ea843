"""The ordered list of the contract's revisions and the default one, as in spec/revisions.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from polar_contract.errors import DocumentUnreadable
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object, pointer_to

_FIELDS = ("revision", "folder", "date", "sentence")
_DATES = ("served_since", "current_since", "deprecated_on", "removed_on")


@dataclass(frozen=True, slots=True)
class Versions:
    """The calendar of a revision that requests can choose: the first day of each of its states, in this order."""

    served_since: date
    current_since: date
    deprecated_on: date
    removed_on: date

    def is_served(self, day: date) -> bool:
        return self.served_since <= day < self.removed_on


@dataclass(frozen=True, slots=True)
class Revision:
    """One published state of the contract. `date` is that of the service it was compared with; `folder` is in spec/."""

    revision: str
    folder: str
    date: str
    sentence: str
    versions: Versions | None = None
    """None for a revision from before requests could choose one."""


def served_beside(current: str, known: tuple[Revision, ...]) -> tuple[str, ...]:
    """The revisions that a service serves whose current one is this: those served on the day on which it became current.

    Empty for a revision from before requests could choose one, which is all that its service has.
    """
    calendars = {revision.revision: revision.versions for revision in known if revision.versions}
    if current not in calendars:
        return ()
    day = calendars[current].current_since
    return tuple(name for name, versions in calendars.items() if versions.is_served(day))


def revisions_in(document: JsonObject, file: str) -> tuple[Revision, ...]:
    """The revisions of a parsed revisions.yaml, oldest first. Errors: DocumentUnreadable if a text or a date is missing."""
    found = []
    for index, entry in enumerate(as_list(document.get("revisions"))):
        place = f"/revisions/{index}"
        fields = as_object(entry)
        texts = [fields.get(name) for name in _FIELDS]
        if not all(isinstance(text, str) for text in texts):
            raise DocumentUnreadable(file, place, f"a revision needs these as text: {', '.join(_FIELDS)}")
        versions = _versions(fields["versions"], file, pointer_to(place, "versions")) if "versions" in fields else None
        revision, folder, date_, sentence = (str(text) for text in texts)
        found.append(Revision(revision, folder, date_, sentence, versions))
    if not found:
        raise DocumentUnreadable(file, "/revisions", "there is no revision in the list")
    return tuple(found)


def _versions(value: JsonValue, file: str, place: str) -> Versions:
    fields = as_object(value)
    try:
        dates = [date.fromisoformat(str(fields.get(name))) for name in _DATES]
    except ValueError:
        dates = []
    if not dates or set(fields) != set(_DATES) or any(later < earlier for earlier, later in pairwise(dates)):
        raise DocumentUnreadable(
            file, place, f"needs these dates, each like '2026-10-01', in order: {', '.join(_DATES)}"
        )
    return Versions(*dates)


def default_in(document: JsonObject, file: str, known: tuple[Revision, ...]) -> str:
    """The revision of callers that name none. Errors: DocumentUnreadable if it is none of the list."""
    default = document.get("default")
    names = [revision.revision for revision in known]
    if not isinstance(default, str) or default not in names:
        raise DocumentUnreadable(file, "/default", f"is {default!r}; it has to be one of: {', '.join(names)}")
    return default
