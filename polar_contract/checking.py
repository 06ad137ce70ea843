"""Check documents of the contract: a list of problems, each a message with file and pointer, never a traceback.

rules.py has the rules that openapi-spec-validator does not check; this module calls reader, rules, validator and prance in order,
and behaviour_reading.py for the rules beside a document.
"""

from __future__ import annotations

from pathlib import Path

from polar_contract.behaviour_reading import behaviour_problems
from polar_contract.documents import parse_document, parse_mapping, read_bytes, spec_folder
from polar_contract.errors import ContractError, DocumentInvalid, DocumentUnreadable, OverlayMismatch
from polar_contract.extras import require_spec_libraries
from polar_contract.json_types import JsonObject
from polar_contract.loading import default_revision, revisions
from polar_contract.problems import Problem
from polar_contract.rules import broken_rules
from polar_contract.top_level import top_level_problem


def check_document(path: Path | None) -> list[Problem]:
    """The problems of one document, in the order of the file; without a path, those of every revision of the spec folder.

    An empty list means: valid OpenAPI 3.1 that this package can load. References out of the document are not followed.
    Errors: LibrariesMissing.
    """
    require_spec_libraries("checking a contract")
    if path is not None:
        return _check_file(path)
    try:
        # Two revisions may share a folder.
        folders = dict.fromkeys(spec_folder() / revision.folder for revision in revisions())
        default_revision()
    except DocumentUnreadable as problem:
        return [_problem_of(problem)]
    except ContractError as problem:
        return [Problem("spec", "", str(problem))]
    return [problem for folder in folders for problem in _check_bundled(folder)]


def _check_file(path: Path) -> list[Problem]:
    file = str(path)
    try:
        document, problems = _read(path)
    except DocumentUnreadable as problem:
        return [_problem_of(problem)]
    hopeless = top_level_problem(document, file)
    if hopeless:
        return [hopeless]
    return problems or _check_openapi(document, file)


def _check_bundled(folder: Path) -> list[Problem]:
    published_path, overlay_path = folder / "openapi.yaml", folder / "overlay.yaml"
    problems = _check_file(published_path)
    if problems:
        return problems
    from polar_contract.overlay import apply_overlay

    try:
        published = parse_mapping(read_bytes(published_path), str(published_path))
        overlay = parse_mapping(read_bytes(overlay_path), str(overlay_path))
        effective = apply_overlay(published, overlay)
    except DocumentUnreadable as problem:
        return [_problem_of(problem)]
    except OverlayMismatch as problem:
        return [Problem(str(overlay_path), problem.pointer, problem.reason)]
    return [
        *_check_openapi(effective, f"{published_path}+overlay.yaml"),
        *_check_behaviour(folder / "behaviour.yaml", effective),
    ]


def _check_behaviour(path: Path, effective: JsonObject) -> list[Problem]:
    try:
        return behaviour_problems(parse_mapping(read_bytes(path), str(path)), str(path), contract=effective)
    except DocumentUnreadable as problem:
        return [_problem_of(problem)]


def _read(path: Path) -> tuple[JsonObject, list[Problem]]:
    """The document, and the keys that need quotes."""
    file = str(path)
    document, bare_keys = parse_document(read_bytes(path), file)
    message = "the key {0} is written without quotes, so other YAML readers may not read it as text; write '{0}'"
    return document, [Problem(file, key.pointer, message.format(key.text)) for key in bare_keys]


def _check_openapi(document: JsonObject, file: str) -> list[Problem]:
    # Imported late: the validator and prance take a fifth of a second, and most wrong files fail earlier checks.
    from polar_contract.resolving import resolve
    from polar_contract.validating import schema_problems, semantic_problems

    problems = schema_problems(document, file) or broken_rules(document, file) or semantic_problems(document, file)
    if problems:
        return problems
    try:
        resolve(document, file)
    except DocumentInvalid as problem:
        return [Problem(file, "", problem.reason)]
    return []


def _problem_of(error: DocumentUnreadable) -> Problem:
    return Problem(error.file, error.pointer, error.reason)
