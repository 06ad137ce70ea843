"""Files for scripts that start the server: its URL, or its variables. They are there while it serves."""

from __future__ import annotations

import os
import re
import stat
from contextlib import suppress
from pathlib import Path

URL = re.compile(r"http://\S+\n")
VARIABLES = re.compile(r"POLAR_SERVER_URL=(\S+)\nPOLAR_CONTROL_URL=\1/_mock\n(POLAR_\w+=.*\n)*")


class CannotWrite(Exception):
    """The message names the file, the reason and the remedy."""


class ReadyFile:
    """Written atomically, and removed at the end unless another process has replaced it."""

    def __init__(self, path: Path, form: re.Pattern[str]) -> None:
        """`form`: what an earlier server wrote. A file with anything else is somebody's own and stays, an empty one excepted."""
        self._path = path
        self._form = form
        self._temporary = path.with_name(f".{path.name}.{os.getpid()}")
        self._written: tuple[int, int, int] | None = None

    def prepare(self) -> None:
        """Check that the file can be written, and remove one that is there, as an earlier server may have left it. Errors: CannotWrite."""
        try:
            if self._path.exists() and not stat.S_ISREG(self._path.stat().st_mode):
                raise self._cannot("it exists and is not a file; name another")
            if self._path.exists() and not self._is_ours():
                raise self._cannot("it exists, and no mock wrote it; name another, which is removed at the end")
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

    def _is_ours(self) -> bool:
        """Errors: OSError."""
        content = self._path.read_bytes().decode("utf-8", "replace")
        return (
            not content.strip()
            or self._form.fullmatch(content if content.endswith("\n") else f"{content}\n") is not None
        )

    def _identity(self) -> tuple[int, int, int]:
        found = self._path.stat()
        # The time, too: a new file can get the number of one that is gone.
        return found.st_dev, found.st_ino, found.st_mtime_ns

    def _cannot(self, why: str) -> CannotWrite:
        return CannotWrite(f"can't write {self._path}: {why}")
