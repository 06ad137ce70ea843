"""The errors of loading the contract as a document. Each carries its data and a message.

ContractError
├── UnknownRevision      no such revision is bundled
├── SpecFolderMissing    the folder of revisions has no revisions.yaml
├── DocumentUnreadable   a file that is missing, not text, not YAML, or not a mapping
├── DocumentInvalid      a readable document that is not valid OpenAPI 3.1
├── OverlayMismatch      an overlay that is not valid, or does not match its contract
└── LibrariesMissing     the package is installed without the extra that this needs
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class ContractError(Exception):
    """Base of all errors of the contract as a document."""


def known_revisions(wanted: str, known: Sequence[str]) -> str:
    """What to say of an unknown revision: the nearest name, and all names."""
    import difflib  # Imported late: only a wrong name needs it.

    close = difflib.get_close_matches(wanted[:60], known, 1)
    hint = f"did you mean {close[0]}? " if close else ""
    return f"{hint}known revisions: {', '.join(known)}"


class UnknownRevision(ContractError):
    def __init__(self, revision: str, known: Sequence[str]) -> None:
        self.revision = revision
        self.known = tuple(known)
        super().__init__(f"there is no revision {revision!r} of the contract; {known_revisions(revision, self.known)}")


class SpecFolderMissing(ContractError):
    def __init__(self, looked_in: Sequence[Path], remedy: str) -> None:
        self.looked_in = tuple(looked_in)
        places = " or ".join(str(path) for path in self.looked_in)
        super().__init__(f"no revisions.yaml in {places}; {remedy}")


class DocumentUnreadable(ContractError):
    def __init__(self, file: str, pointer: str, reason: str) -> None:
        self.file = file
        self.pointer = pointer
        self.reason = reason
        super().__init__(f"{file}:{pointer or '/'}: {reason}")


class DocumentInvalid(ContractError):
    def __init__(self, file: str, reason: str) -> None:
        self.file = file
        self.reason = reason
        super().__init__(f"{file}: {reason}")


class OverlayMismatch(ContractError):
    def __init__(self, pointer: str, reason: str) -> None:
        self.pointer = pointer
        self.reason = reason
        super().__init__(f"overlay:{pointer}: {reason}")


class LibrariesMissing(ContractError):
    def __init__(self, purpose: str, libraries: Sequence[str], remedy: str) -> None:
        self.libraries = tuple(libraries)
        named = ", ".join(self.libraries)
        super().__init__(f"{purpose} needs libraries that are not installed ({named}); install them: {remedy}")
