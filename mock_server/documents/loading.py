"""Load a YAML or JSON file as an object."""

from __future__ import annotations

from pathlib import Path

from mock_server.documents.errors import DocumentInvalid, Problem
from polar_contract.documents import parse_mapping, read_bytes
from polar_contract.errors import DocumentUnreadable
from polar_contract.json_types import JsonObject


def read_mapping(path: Path) -> JsonObject:
    """A YAML or JSON file as an object. Errors: DocumentInvalid."""
    try:
        return parse_mapping(read_bytes(path), str(path))
    except DocumentUnreadable as error:
        raise DocumentInvalid((Problem(error.pointer, error.reason),)) from None
