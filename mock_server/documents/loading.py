"""Reading a world document from a file, YAML or JSON, with a sentence for everything that can be wrong with it."""

from __future__ import annotations

from pathlib import Path

from mock_server.documents.errors import DocumentInvalid, Problem
from mock_server.documents.parsing import parse_world_document
from mock_server.documents.schema import WorldDocument
from polar_contract.documents import parse_mapping, read_bytes
from polar_contract.errors import DocumentUnreadable
from polar_contract.json_types import JsonObject

_MOST_BYTES = 16 * 1024 * 1024


def read_world_file(path: Path) -> WorldDocument:
    """The document in a file. Errors: DocumentInvalid, every problem led by the file's name."""
    try:
        return parse_world_document(read_mapping(path))
    except DocumentInvalid as error:
        named = (Problem(f"{path}: {p.path}" if p.path else str(path), p.message) for p in error.problems)
        raise DocumentInvalid(tuple(named), error.more) from None


def read_mapping(path: Path) -> JsonObject:
    """A file of YAML or JSON as an object. Errors: DocumentInvalid."""
    try:
        raw = read_bytes(path)
        if len(raw) > _MOST_BYTES:
            raise DocumentUnreadable(str(path), "", f"the file has more than {_MOST_BYTES} bytes")
        return parse_mapping(raw, str(path))
    except DocumentUnreadable as error:
        raise DocumentInvalid((Problem(error.pointer, error.reason),)) from None
