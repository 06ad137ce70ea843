"""Load the contract of a revision by its name.

A warm start imports neither prance nor a YAML parser: everything comes from the cache.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from polar_contract.behaviour import Behaviour
from polar_contract.behaviour_reading import read_behaviour
from polar_contract.cache import checksum, default_cache_folder, remembered
from polar_contract.documents import parse_mapping, read_bytes, spec_folder
from polar_contract.errors import DocumentInvalid, UnknownRevision
from polar_contract.json_types import JsonObject, as_object
from polar_contract.revisions import Revision, default_in, revisions_in

# The code that makes the cached documents is part of their checksum, so an old cache never hides a code change.
_MAKERS = ("yaml_reader.py", "documents.py", "overlay_document.py", "overlay.py", "resolving.py", "validating.py")


@dataclass(frozen=True, slots=True)
class Contract:
    """One revision of the contract. The three documents are shared: read them, never change them.

    published  as published, references kept
    effective  published + overlay, references kept; what the contract tests check against
    resolved   effective with references resolved, except recursive ones
    behaviour  the rules that the documents do not state
    """

    revision: str
    published: JsonObject
    effective: JsonObject
    resolved: JsonObject
    behaviour: Behaviour


def revisions(*, spec: Path | None = None, cache_folder: Path | None = None) -> tuple[Revision, ...]:
    """The revisions of a spec folder (by default that of `spec_folder`), oldest first.

    Errors: SpecFolderMissing, DocumentUnreadable.
    """
    document, file = _revisions_document(spec, cache_folder)
    return revisions_in(document, file)


def default_revision(*, spec: Path | None = None, cache_folder: Path | None = None) -> str:
    """The revision of callers that name none, as revisions.yaml says. Errors: SpecFolderMissing, DocumentUnreadable."""
    document, file = _revisions_document(spec, cache_folder)
    return default_in(document, file, revisions_in(document, file))


def load_contract(
    revision: str | None = None, *, spec: Path | None = None, cache_folder: Path | None = None
) -> Contract:
    """The contract of a revision of a spec folder, or of the default revision if none is named.

    The first call for a document takes about a second (it is validated and resolved) and leaves a file in the cache folder (by
    default this user's); later ones take milliseconds.
    Errors: UnknownRevision, SpecFolderMissing, DocumentUnreadable, DocumentInvalid, OverlayMismatch.
    """
    caching = cache_folder or default_cache_folder()
    wanted = revision or default_revision(spec=spec, cache_folder=caching)
    chosen = _choose(wanted, revisions(spec=spec, cache_folder=caching))
    folder = spec_folder(spec) / chosen.folder
    published_path, overlay_path = folder / "openapi.yaml", folder / "overlay.yaml"
    published_raw, overlay_raw = read_bytes(published_path), read_bytes(overlay_path)

    def make() -> JsonObject:
        return make_documents(
            parse_mapping(published_raw, str(published_path)),
            parse_mapping(overlay_raw, str(overlay_path)),
            file=str(published_path),
        )

    key = checksum([published_raw, overlay_raw, *_makers()])
    made = remembered(caching, f"contract-{chosen.revision}", key, make)
    effective = as_object(made["effective"])
    return Contract(
        chosen.revision,
        as_object(made["published"]),
        effective,
        as_object(made["resolved"]),
        _behaviour(chosen.revision, folder / "behaviour.yaml", effective, caching),
    )


def _revisions_document(spec: Path | None, cache_folder: Path | None) -> tuple[JsonObject, str]:
    path = spec_folder(spec) / "revisions.yaml"
    return parsed_once(path, "revisions", cache_folder), str(path)


def _behaviour(revision: str, path: Path, effective: JsonObject, caching: Path | None) -> Behaviour:
    return read_behaviour(parsed_once(path, f"behaviour-{revision}", caching), str(path), contract=effective)


def parsed_once(path: Path, name: str, cache_folder: Path | None = None) -> JsonObject:
    """A YAML mapping, from the cache under this name if its file is unchanged. Errors: DocumentUnreadable."""
    raw = read_bytes(path)
    key = checksum([raw, *_makers()])
    return remembered(cache_folder or default_cache_folder(), name, key, lambda: parse_mapping(raw, str(path)))


def make_documents(published: JsonObject, overlay: JsonObject, *, file: str) -> JsonObject:
    """The published, effective and resolved document, computed. `file` names the published document in errors."""
    # Imported late: a warm start does not need these.
    from polar_contract.overlay import apply_overlay
    from polar_contract.resolving import resolve
    from polar_contract.validating import openapi_problems

    effective = apply_overlay(published, overlay)
    for problem in openapi_problems(effective, file):
        raise DocumentInvalid(file, f"{problem.pointer or '/'}: {problem.message}")
    return {"published": published, "effective": effective, "resolved": resolve(effective, file)}


def _choose(revision: str, known: tuple[Revision, ...]) -> Revision:
    for candidate in known:
        if candidate.revision == revision:
            return candidate
    raise UnknownRevision(revision, [candidate.revision for candidate in known])


def _makers() -> list[bytes]:
    return [Path(__file__).with_name(name).read_bytes() for name in _MAKERS]
