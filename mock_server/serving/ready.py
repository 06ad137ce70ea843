"""Files for scripts that start the server: its URL, or its variables. They are there while it serves."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path


class CannotWrite(Exception):
    """The message names the file, the reason and the remedy."""


class ReadyFile:
    """Written atomically, and removed at the end unless another process has replaced it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._temporary = path.with_name(f".{path.name}.{os.getpid()}")
        self._written: tuple[int, int] | None = None

    def prepare(self) -> None:
        """Check that the file can be written, and remove one that is there, as an earlier server may have left it. Errors: CannotWrite."""
        try:
            if self._path.exists() and not stat.S_ISREG(self._path.stat().st_mode):
                raise self._cannot("it exists and is not a file; name another")
            self._temporary.touch()
            self._temporary.unlink()
            self._path.unlink(missing_ok=True)
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            raise self._cannot(f"{why}; name a file in an existing, writable folder") from None

    def write(self, text: str) -> None:
        """Write the text and a line feed. Errors: OSError."""
        self._temporary.write_text(f"{text}\n")
        self._temporary.replace(self._path)
        self._written = self._identity()

    def remove(self) -> None:
        with suppress(OSError):
            self._temporary.unlink(missing_ok=True)
            if self._written is not None and self._identity() == self._written:
                self._path.unlink()

    def _identity(self) -> tuple[int, int]:
        found = self._path.stat()
        return found.st_dev, found.st_ino

    def _cannot(self, why: str) -> CannotWrite:
        return CannotWrite(f"can't write {self._path}: {why}")
