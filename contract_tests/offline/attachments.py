"""Bodies that a HAR document keeps in files of their own, beside it in its folder or in its zip. Reads from nowhere else.

Source: Playwright names them by `_file`, in an answer's `content` and in a request's `postData`.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, Protocol

# An answer has 32 MiB at most, see `patience`; a zip of a few megabytes may hold thousands of times as much.
LARGEST_BODY = 32 * 1024 * 1024
LARGEST_DOCUMENT = 256 * 1024 * 1024
LARGEST_TOTAL = 512 * 1024 * 1024
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
_MEBIBYTE = 1024 * 1024


class Unattached(Exception):
    """A file that is named and can't be read; the text says why, and names it."""


class Place(Protocol):
    """Where a HAR document lies."""

    def open(self, name: str) -> IO[bytes]:
        """The file of this name, from here or from below. Errors: Unattached; OSError."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder on this machine."""

    path: Path

    def open(self, name: str) -> IO[bytes]:
        """Whatever leads out of the folder, a link included, is not followed. Errors: Unattached; OSError."""
        root = self.path.resolve()
        try:
            file = (root / name).resolve()
        except ValueError:
            raise Unattached(f"{name!r} is no file name") from None
        if not file.is_relative_to(root):
            raise Unattached(f"{name!r} is outside of the HAR's folder and is not read")
        if not file.is_file():
            raise Unattached(f"{name!r} is missing beside the HAR")
        return file.open("rb")


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip, and the folder in it where the document lies, as in `har/`."""

    archive: zipfile.ZipFile
    folder: str = ""

    def open(self, name: str) -> IO[bytes]:
        """Nothing is unpacked. Errors: Unattached; OSError."""
        inside = posixpath.normpath(posixpath.join(self.folder, name))
        if posixpath.isabs(name) or inside.split("/")[0] == "..":
            raise Unattached(f"{name!r} is outside of the HAR's zip and is not read")
        try:
            return self.archive.open(inside)
        except KeyError:
            raise Unattached(f"{name!r} is missing in the HAR's zip") from None


@dataclass(slots=True)
class Attachments:
    """The files of one document, each read once."""

    place: Place
    largest: int = LARGEST_BODY
    left: int = LARGEST_TOTAL
    _read: dict[str, bytes] = field(default_factory=dict)

    @property
    def names(self) -> frozenset[str]:
        """Those that were read."""
        return frozenset(self._read)

    def body(self, name: str) -> bytes:
        """What the file holds. Errors: Unattached."""
        if name not in self._read:
            found = read_at_most(partial(self.place.open, name), name, min(self.largest, self.left))
            self.left -= len(found)
            self._read[name] = found
        return self._read[name]


def read_at_most(opened: Callable[[], IO[bytes]], name: str, most: int) -> bytes:
    """All of a file that has so many bytes at most. Errors: Unattached."""
    try:
        with opened() as stream:
            found = stream.read(most + 1)
    except OSError as problem:
        raise Unattached(f"{name!r} can't be read: {problem.strerror}") from problem
    except _BROKEN as problem:
        raise Unattached(f"{name!r} can't be read: {problem}") from problem
    if len(found) > most:
        raise Unattached(f"{name!r} is larger than the {most // _MEBIBYTE} MiB that are read")
    return found
