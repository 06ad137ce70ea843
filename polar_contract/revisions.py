"""The ordered list of the contract's revisions and the default one, as in spec/revisions.yaml."""

from __future__ import annotations

from dataclasses import dataclass

from polar_contract.errors import DocumentUnreadable
from polar_contract.json_types import JsonObject, as_list, as_object

_FIELDS = ("revision", "folder", "date", "sentence")


@dataclass(frozen=True, slots=True)
class Revision:
    """One published state of the contract. `date` is that of the service it was compared with; `folder` is in spec/."""

    revision: str
    folder: str
    date: str
    sentence: str


def revisions_in(document: JsonObject, file: str) -> tuple[Revision, ...]:
    """The revisions of a parsed revisions.yaml, oldest first. Errors: DocumentUnreadable if a text is missing."""
    found = []
    for index, entry in enumerate(as_list(document.get("revisions"))):
        texts = [as_object(entry).get(name) for name in _FIELDS]
        if not all(isinstance(text, str) for text in texts):
            raise DocumentUnreadable(
                file, f"/revisions/{index}", f"a revision needs these as text: {', '.join(_FIELDS)}"
            )
        found.append(Revision(*(str(text) for text in texts)))
    if not found:
        raise DocumentUnreadable(file, "/revisions", "there is no revision in the list")
    return tuple(found)


def default_in(document: JsonObject, file: str, known: tuple[Revision, ...]) -> str:
    """The revision of callers that name none. Errors: DocumentUnreadable if it is none of the list."""
    default = document.get("default")
    names = [revision.revision for revision in known]
    if not isinstance(default, str) or default not in names:
        raise DocumentUnreadable(file, "/default", f"is {default!r}; it has to be one of: {', '.join(names)}")
    return default
