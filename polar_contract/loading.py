"""Load the contract of a revision by its name.

A warm start imports neither prance nor a YAML parser: everything comes from the cache.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from polar_contract.cache import checksum, default_cache_folder, remembered
from polar_contract.documents import parse_mapping, read_bytes, spec_folder
from polar_contract.errors import UnknownRevision
from polar_contract.json_types import JsonObject, as_object
from polar_contract.revisions import Revision, revisions_in

# The code that makes the cached documents is part of their checksum, so an old cache never hides a code change.
_MAKERS = ("yaml_reader.py", "documents.py", "overlay_document.py", "overlay.py", "resolving.py", "revisions.py")


@dataclass(frozen=True, slots=True)
class Contract:
    """One revision of the contract. The three documents are shared: read them, never change them.

    published  as published, references kept
    effective  published + overlay, references kept; what the contract tests check against
    resolved   effective with references resolved, except recursive ones
    """

    revision: str
    published: JsonObject
    effective: JsonObject
    resolved: JsonObject


def revisions(*, cache_folder: Path | None = None) -> tuple[Revision, ...]:
    """The bundled revisions, oldest first. Errors: SpecFolderMissing, DocumentUnreadable."""
    path = spec_folder() / "revisions.yaml"
    raw = read_bytes(path)

    def parse() -> JsonObject:
        return {"revisions": [asdict(revision) for revision in revisions_in(parse_mapping(raw, str(path)), str(path))]}

    kept = remembered(cache_folder or default_cache_folder(), "revisions", checksum([raw, *_makers()]), parse)
    return revisions_in(kept, str(path))


def load_contract(revision: str | None = None, *, cache_folder: Path | None = None) -> Contract:
    """The contract of a revision, or of the newest one if none is named.

    The first call for a document takes about two seconds (prance validates and resolves it) and leaves a file in the
    cache folder (by default this user's); later ones take milliseconds.
    Errors: UnknownRevision, SpecFolderMissing, DocumentUnreadable, DocumentInvalid, OverlayMismatch.
    """
    chosen = _choose(revision, revisions(cache_folder=cache_folder))
    folder = spec_folder() / chosen.folder
    published_path, overlay_path = folder / "openapi.yaml", folder / "overlay.yaml"
    published_raw, overlay_raw = read_bytes(published_path), read_bytes(overlay_path)

    def make() -> JsonObject:
        return make_documents(
            parse_mapping(published_raw, str(published_path)),
            parse_mapping(overlay_raw, str(overlay_path)),
            file=str(published_path),
        )

    key = checksum([published_raw, overlay_raw, *_makers()])
    made = remembered(cache_folder or default_cache_folder(), f"contract-{chosen.revision}", key, make)
    return Contract(
        chosen.revision, as_object(made["published"]), as_object(made["effective"]), as_object(made["resolved"])
    )


def make_documents(published: JsonObject, overlay: JsonObject, *, file: str) -> JsonObject:
    """The published, effective and resolved document, computed. `file` names the published document in errors."""
    # Imported late: a warm start does not need these.
    from polar_contract.overlay import apply_overlay
    from polar_contract.resolving import resolve

    effective = apply_overlay(published, overlay)
    return {"published": published, "effective": effective, "resolved": resolve(effective, file)}


def _choose(revision: str | None, known: tuple[Revision, ...]) -> Revision:
    if revision is None:
        return known[-1]
    for candidate in known:
        if candidate.revision == revision:
            return candidate
    raise UnknownRevision(revision, [candidate.revision for candidate in known])


def _makers() -> list[bytes]:
    return [Path(__file__).with_name(name).read_bytes() for name in _MAKERS]
