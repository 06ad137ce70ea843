"""Read a world document from a YAML or JSON file, with a message for each possible problem."""

from __future__ import annotations

from pathlib import Path

from mock_server.documents.errors import DocumentInvalid, Problem, ScenarioUnknown
from mock_server.documents.extending import read_world_document
from mock_server.documents.loading import read_mapping
from mock_server.documents.schema import WorldDocument


def read_world_file(path: Path) -> WorldDocument:
    """The document in a file; a scenario that it extends keeps its ids. Errors: DocumentInvalid, prefixed by the file's name."""
    try:
        return read_world_document(read_mapping(path), has_fresh_identity=False)
    except DocumentInvalid as error:
        named = (Problem(f"{path}: {p.path}" if p.path else str(path), p.message) for p in error.problems)
        raise DocumentInvalid(tuple(named), error.more) from None
    except ScenarioUnknown as error:
        raise DocumentInvalid((Problem(f"{path}: extends", str(error)),)) from None
