"""The file that says where the server is, once it serves: for scripts that start it and wait."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path


class CannotWrite(Exception):
    """The text is a sentence: the file, why not, and what to do."""


class ReadyFile:
    """Written whole or not at all, and removed at the end unless somebody else has put another in its place."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._draft = path.with_name(f".{path.name}.{os.getpid()}")
        self._written: tuple[int, int] | None = None

    def prepare(self) -> None:
        """Make sure that it can be written, and remove one that an earlier server left. Errors: CannotWrite."""
        try:
            if self._path.exists() and not stat.S_ISREG(self._path.stat().st_mode):
                raise self._cannot("it is there and no file; name another")
            self._draft.touch()
            self._path.unlink(missing_ok=True)
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            raise self._cannot(f"{why}; name a file in a folder that is there and can be written to") from None

    def write(self, base_url: str) -> None:
        """The base URL and a line feed. Errors: OSError."""
        self._draft.write_text(f"{base_url}\n")
        self._draft.replace(self._path)
        self._written = self._identity()

    def remove(self) -> None:
        with suppress(OSError):
            self._draft.unlink(missing_ok=True)
            if self._written is not None and self._identity() == self._written:
                self._path.unlink()

    def _identity(self) -> tuple[int, int]:
        found = self._path.stat()
        return found.st_dev, found.st_ino

    def _cannot(self, why: str) -> CannotWrite:
        return CannotWrite(f"can't write {self._path}: {why}")
