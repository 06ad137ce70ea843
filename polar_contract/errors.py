"""What can go wrong with the law as a document. Data first, sentence second.

ContractError
├── UnknownRevision      no such revision is bundled
├── SpecFolderMissing    the package has no law with it
├── DocumentUnreadable   a file that is missing, not text, not YAML, or no mapping
├── DocumentInvalid      a document that is read and is no valid OpenAPI 3.1
└── OverlayMismatch      an overlay that does not fit its law
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class ContractError(Exception):
    """Anything wrong with the contract as a document."""


class UnknownRevision(ContractError):
    def __init__(self, revision: str, known: Sequence[str]) -> None:
        self.revision = revision
        self.known = tuple(known)
        super().__init__(f"there is no revision {revision!r} of the contract; known are: {', '.join(self.known)}")


class SpecFolderMissing(ContractError):
    def __init__(self, looked_in: Sequence[Path]) -> None:
        self.looked_in = tuple(looked_in)
        places = " or ".join(str(path) for path in self.looked_in)
        super().__init__(f"no revisions.yaml in {places}; reinstall the package, or restore spec/ in the checkout")


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
