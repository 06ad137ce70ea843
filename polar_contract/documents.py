"""Find the spec folder and read documents from disk, as text and as parsed values, without interpreting them."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from polar_contract.errors import DocumentUnreadable, SpecFolderMissing
from polar_contract.json_types import JsonObject

if TYPE_CHECKING:
    from polar_contract.yaml_reader import BareKey

MOST_BYTES = 16 * 2**20
"""Size limit of a document's file: more than any contract or world needs, and small enough to be held in memory."""
SPEC_VARIABLE = "POLAR_SPEC"
"""The environment variable with the folder of revisions that the command lines use, if not the bundled one."""
_PACKAGE = Path(__file__).resolve().parent


def spec_folder(given: Path | None = None) -> Path:
    """The folder with revisions.yaml: the given one, or that of POLAR_SPEC, or the bundled one.

    The bundled one is inside the installed package, or beside it in a checkout. Errors: SpecFolderMissing.
    """
    named = given or Path(os.environ.get(SPEC_VARIABLE) or "")
    if named != Path():
        candidates: tuple[Path, ...] = (named,)
        remedy = f"name another folder in {SPEC_VARIABLE}, or unset it for the bundled one"
    else:
        candidates = (_PACKAGE / "spec", _PACKAGE.parent / "spec")
        remedy = "reinstall the package, or restore spec/ in the checkout"
    for folder in candidates:
        if (folder / "revisions.yaml").is_file():
            return folder
    raise SpecFolderMissing(candidates, remedy)


def read_bytes(path: Path) -> bytes:
    """The bytes of a file of at most `MOST_BYTES`. Errors: DocumentUnreadable with a message that names the file."""
    try:
        raw = _read_at_most(path, MOST_BYTES + 1)
    except FileNotFoundError as problem:
        raise DocumentUnreadable(str(path), "", "there is no such file") from problem
    except IsADirectoryError as problem:
        raise DocumentUnreadable(str(path), "", "this is a folder; name the document in it") from problem
    except (OSError, ValueError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) and problem.strerror else str(problem)
        raise DocumentUnreadable(str(path), "", f"the file can't be read: {reason}") from problem
    if len(raw) > MOST_BYTES:
        raise DocumentUnreadable(
            str(path), "", f"the file has more than {MOST_BYTES // 2**20} MiB ({MOST_BYTES} bytes)"
        )
    return raw


def _read_at_most(path: Path, count: int) -> bytes:
    """Open without blocking: opening a pipe would otherwise wait for its writer."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    try:
        _require_regular_file(path, os.fstat(descriptor).st_mode)
        with open(descriptor, "rb", closefd=False) as file:
            # None: the file is a pipe or device that has no data now.
            return file.read(count) or b""
    finally:
        os.close(descriptor)


def _require_regular_file(path: Path, mode: int) -> None:
    """Reject devices and pipes, which may have no end or no data. Errors: DocumentUnreadable; IsADirectoryError."""
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(str(path))
    if not stat.S_ISREG(mode):
        kind = "a pipe" if stat.S_ISFIFO(mode) else "a device"
        raise DocumentUnreadable(
            str(path), "", f"this is {kind} and not a file; write the document to a file and name that"
        )


def decode(raw: bytes, file: str) -> str:
    """UTF-8 text without its byte order mark. Errors: DocumentUnreadable for anything else."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise DocumentUnreadable(
            file, "", f"byte {problem.start} is not UTF-8; save the document as UTF-8 text"
        ) from problem
    if "\0" in text:
        raise DocumentUnreadable(file, "", "the file holds NUL characters; this is not YAML text")
    return text


def parse_document(raw: bytes, file: str) -> tuple[JsonObject, list[BareKey]]:
    """Bytes of a YAML or JSON document as an object, and its keys that need quotes. Errors: DocumentUnreadable."""
    # Imported late: a warm start reads no YAML.
    from polar_contract.yaml_reader import parse_yaml

    document, bare_keys = parse_yaml(decode(raw, file), file)
    if not isinstance(document, dict):
        kind = "a list" if isinstance(document, list) else f"the single value {str(document)[:40]!r}"
        raise DocumentUnreadable(file, "", f"a mapping is expected at the top, and this is {kind}")
    return document, bare_keys


def parse_mapping(raw: bytes, file: str) -> JsonObject:
    """As `parse_document`, for callers that accept unquoted keys."""
    return parse_document(raw, file)[0]
