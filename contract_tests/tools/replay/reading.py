"""Turns files into sources: detects the format of each file, opens zips, and skips files that are bodies of a HAR document."""

from __future__ import annotations

import json
import posixpath
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from contract_tests.reporting.files import SUMMARY_FILE
from contract_tests.tools.replay.attachments import (
    LARGEST_DOCUMENT,
    Archive,
    Attachments,
    Folder,
    Place,
    Unattached,
    read_at_most,
)
from contract_tests.tools.replay.har import HarReader
from contract_tests.tools.replay.recordings import read_recording
from contract_tests.tools.replay.revisions import Choice
from contract_tests.tools.replay.sources import Source, Unreadable
from polar_contract.json_types import JsonObject, as_object
from polar_contract.operations import Operations

HAR = ".har"
_SUFFIXES = (HAR, ".json")
_ZIP_BEGINS = b"PK"


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads files of every format. With `has_all_headers` (a user option) the HAR documents contain all headers that were sent."""

    choice: Choice
    has_all_headers: bool = False

    def sources(self, paths: Sequence[Path]) -> Iterator[Source]:
        """One source for each document, HAR documents first. Errors: Unreadable."""
        files = [file for path in paths for file in _files_in(path)]
        attached: set[Path] = set()
        for file in sorted(files, key=lambda one: one.suffix == ".json"):
            if file.resolve() in attached:
                continue
            for source in self._sources_of(file):
                attached |= source.attached
                yield source

    def _sources_of(self, path: Path) -> Iterator[Source]:
        if path.exists() and not path.is_file():
            raise Unreadable(path, "not a file or a folder")
        try:
            with path.open("rb") as file:
                is_zip = file.read(len(_ZIP_BEGINS)) == _ZIP_BEGINS
            if is_zip:
                yield from self._sources_in_zip(path)
            else:
                yield self._source(path, path.read_bytes(), Folder(path.parent))
        except OSError as problem:
            raise Unreadable(path, f"this file can't be read: {problem.strerror}") from problem

    def _sources_in_zip(self, path: Path) -> Iterator[Source]:
        try:
            with zipfile.ZipFile(path) as archive:
                names = [name for name in archive.namelist() if name.endswith(HAR)]
                for name in names:
                    text = read_at_most(partial(archive.open, name), name, LARGEST_DOCUMENT)
                    place = Archive(archive, posixpath.dirname(name))
                    yield self._source(path if len(names) == 1 else path / name, text, place)
        except (zipfile.BadZipFile, Unattached) as problem:
            raise Unreadable(path, f"this zip can't be read: {problem}") from problem
        if not names:
            raise Unreadable(path, f"this zip contains no file whose name ends in {HAR}")

    def _source(self, path: Path, text: bytes, place: Place) -> Source:
        document = _parsed(path, text)
        try:
            chosen = self.choice.of_document(document)
        except ValueError as problem:
            raise Unreadable(path, f"an address can't be read: {problem}") from problem
        return replace(self._source_of(path, document, place, chosen.operations), chosen=chosen)

    def _source_of(self, path: Path, document: JsonObject, place: Place, operations: Operations) -> Source:
        if "log" in document:
            attachments = Attachments(place)
            reader = HarReader(operations, attachments, self.has_all_headers)
            source = reader.read(path, document)
            folder = place.path.resolve() if isinstance(place, Folder) else path
            return replace(source, attached=frozenset(folder / name for name in attachments.names))
        if "steps" in document:
            try:
                return read_recording(path, document, operations)
            except ValueError as problem:
                # Half a surrogate pair, which no request can have contained.
                raise Unreadable(path, f"an exchange can't be read: {problem}") from problem
        raise Unreadable(path, "not a HAR document (`log`) or a recording (`steps`)")


def _files_in(path: Path) -> list[Path]:
    """The file itself, or all files of a folder that may be documents."""
    if not path.is_dir():
        return [path]
    try:
        files = sorted(path.iterdir())
    except OSError as problem:
        raise Unreadable(path, f"this folder can't be read: {problem.strerror}") from problem
    # A folder of reports also contains the summary of the run.
    return [file for file in files if _may_be_document(file) and file.name != SUMMARY_FILE]


def _may_be_document(file: Path) -> bool:
    return file.suffix in _SUFFIXES or file.name.endswith(f"{HAR}.zip")


def _parsed(path: Path, text: bytes) -> JsonObject:
    try:
        return as_object(json.loads(text))
    except (ValueError, RecursionError) as problem:
        raise Unreadable(path, f"this is not valid JSON: {problem}") from problem
