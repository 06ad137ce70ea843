"""Where the law lies on disk and how a document gets off it. Knows files and text, not what a document means."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from polar_contract.errors import DocumentUnreadable, SpecFolderMissing
from polar_contract.json_types import JsonObject

if TYPE_CHECKING:
    from polar_contract.yaml_reader import BareKey

_PACKAGE = Path(__file__).resolve().parent


def spec_folder() -> Path:
    """The folder with revisions.yaml: inside the installed package, else beside it in a checkout."""
    candidates = (_PACKAGE / "spec", _PACKAGE.parent / "spec")
    for folder in candidates:
        if (folder / "revisions.yaml").is_file():
            return folder
    raise SpecFolderMissing(candidates)


def read_bytes(path: Path) -> bytes:
    """The file's bytes. Errors: DocumentUnreadable with a sentence that names the file."""
    try:
        return path.read_bytes()
    except FileNotFoundError as problem:
        raise DocumentUnreadable(str(path), "", "there is no such file") from problem
    except IsADirectoryError as problem:
        raise DocumentUnreadable(str(path), "", "this is a folder; name the document in it") from problem
    except (OSError, ValueError) as problem:
        raise DocumentUnreadable(str(path), "", f"the file can't be read: {problem}") from problem


def decode(raw: bytes, file: str) -> str:
    """UTF-8 text, a byte order mark taken off. Errors: DocumentUnreadable for anything else."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise DocumentUnreadable(file, "", f"byte {problem.start} is not UTF-8; this is no YAML text") from problem
    if "\0" in text:
        raise DocumentUnreadable(file, "", "the file holds NUL characters; this is no YAML text")
    return text


def parse_document(raw: bytes, file: str) -> tuple[JsonObject, list[BareKey]]:
    """Bytes of a YAML or JSON document as an object, and its keys that want quotes. Errors: DocumentUnreadable."""
    # Imported late: a warm start reads no YAML.
    from polar_contract.yaml_reader import parse_yaml

    document, bare_keys = parse_yaml(decode(raw, file), file)
    if not isinstance(document, dict):
        kind = "a list" if isinstance(document, list) else f"the single value {str(document)[:40]!r}"
        raise DocumentUnreadable(file, "", f"a mapping is expected at the top, and this is {kind}")
    return document, bare_keys


def parse_mapping(raw: bytes, file: str) -> JsonObject:
    """As `parse_document`, for those who do not mind bare keys."""
    return parse_document(raw, file)[0]
