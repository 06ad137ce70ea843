"""Reads bodies that a HAR document keeps in separate files, only from the document's own folder or zip.

Source: Playwright names these files in `_file`, in a response's `content` and in a request's `postData`.
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

# The contract tests read at most 32 MiB of an answer. A zip of a few megabytes may expand to thousands of times its size.
LARGEST_BODY = 32 * 1024 * 1024
LARGEST_DOCUMENT = 256 * 1024 * 1024
LARGEST_TOTAL = 512 * 1024 * 1024
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
_MEBIBYTE = 1024 * 1024


class Unattached(Exception):
    """A named file can't be read; the message contains the name and the reason."""


class Place(Protocol):
    """The folder or zip that contains a HAR document."""

    def open(self, name: str) -> IO[bytes]:
        """Open the file of this name, here or in a subfolder. Errors: Unattached; OSError."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A local folder."""

    path: Path

    def open(self, name: str) -> IO[bytes]:
        """Open a regular file; paths and symbolic links that lead out of the folder are refused. Errors: Unattached; OSError."""
        root = self.path.resolve()
        try:
            file = (root / name).resolve()
        except ValueError:
            raise Unattached(f"{name!r} is not a file name") from None
        if not file.is_relative_to(root):
            raise Unattached(f"{name!r} is outside the HAR's folder and is not read")
        if not file.is_file():
            raise Unattached(f"{name!r} is missing in the HAR's folder")
        return file.open("rb")


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip, and the folder in it that contains the document, such as `har/`."""

    archive: zipfile.ZipFile
    folder: str = ""

    def open(self, name: str) -> IO[bytes]:
        """Open a member of the zip without unpacking it to disk. Errors: Unattached; OSError."""
        inside = posixpath.normpath(posixpath.join(self.folder, name))
        if posixpath.isabs(name) or inside.split("/")[0] == "..":
            raise Unattached(f"{name!r} is outside the HAR's zip and is not read")
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
        """The names of the files that were read."""
        return frozenset(self._read)

    def body(self, name: str) -> bytes:
        """The content of the file. Errors: Unattached."""
        if name not in self._read:
            found = read_at_most(partial(self.place.open, name), name, min(self.largest, self.left))
            self.left -= len(found)
            self._read[name] = found
        return self._read[name]


def read_at_most(opened: Callable[[], IO[bytes]], name: str, most: int) -> bytes:
    """The content of a file of at most `most` bytes. Errors: Unattached, also when the file is larger."""
    try:
        with opened() as stream:
            found = stream.read(most + 1)
    except OSError as problem:
        raise Unattached(f"{name!r} can't be read: {problem.strerror}") from problem
    except _BROKEN as problem:
        raise Unattached(f"{name!r} can't be read: {problem}") from problem
    if len(found) > most:
        raise Unattached(f"{name!r} is larger than the limit of {most // _MEBIBYTE} MiB")
    return found
