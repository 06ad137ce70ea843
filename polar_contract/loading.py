"""Load the contract of a revision by its name.

A warm start imports neither prance nor a YAML parser: everything comes from the cache.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from polar_contract.behaviour import Behaviour
from polar_contract.behaviour_reading import read_behaviour
from polar_contract.cache import checksum, default_cache_folder, remembered
from polar_contract.documents import parse_mapping, read_bytes, spec_folder
from polar_contract.errors import DocumentInvalid, UnknownRevision
from polar_contract.extras import require_spec_libraries
from polar_contract.json_types import JsonObject, as_object
from polar_contract.revisions import Revision, default_in, revisions_in

# The code that makes the cached documents is part of their checksum, so an old cache never hides a code change.
_MAKERS = (
    "loading.py",
    "yaml_reader.py",
    "documents.py",
    "overlay_document.py",
    "overlay.py",
    "resolving.py",
    "validating.py",
)


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


@dataclass(frozen=True, slots=True)
class RequestContract:
    """What a server needs of one revision, a twentieth of the whole. It is shared: read it, never change it.

    document   the operations with their parameters, bodies and security, without responses; references resolved, except recursive ones
    behaviour  the rules that the document does not state
    """

    revision: str
    document: JsonObject
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
    default this user's); later ones take milliseconds, as does the first one for the bundled spec of an installed package.
    Errors: UnknownRevision, SpecFolderMissing, DocumentUnreadable, DocumentInvalid, OverlayMismatch, LibrariesMissing.
    """
    files = _files(revision, spec, cache_folder)
    made = files.documents()
    effective = as_object(made["effective"])
    return Contract(
        files.revision,
        as_object(made["published"]),
        effective,
        as_object(made["resolved"]),
        files.behaviour(effective),
    )


def load_requests(
    revision: str | None = None, *, spec: Path | None = None, cache_folder: Path | None = None
) -> RequestContract:
    """What a server needs of a revision; a warm load takes a tenth of that of `load_contract`. Errors: as that one."""
    files = _files(revision, spec, cache_folder)
    document = remembered(
        files.caching,
        f"requests-{files.revision}",
        files.key,
        lambda: _requests(as_object(files.documents()["resolved"])),
    )
    return RequestContract(files.revision, document, files.behaviour(document))


def rule_sources(revision: str, *, spec: Path | None = None, cache_folder: Path | None = None) -> Mapping[str, str]:
    """Where each rule of a revision was observed or published, by the rule's name. Errors: as `load_contract`."""
    files = _files(revision, spec, cache_folder)
    rules = parsed_once(files.folder / "behaviour.yaml", f"behaviour-{files.revision}", files.caching)
    return {name: str(as_object(rule).get("source")) for name, rule in rules.items()}


def _requests(resolved: JsonObject) -> JsonObject:
    """The resolved document without responses; of its schemas only the statuses, which rules refer to."""
    paths: JsonObject = {
        path: _without_responses(as_object(item)) for path, item in as_object(resolved["paths"]).items()
    }
    schemas = as_object(as_object(resolved.get("components")).get("schemas"))
    return {"paths": paths, "components": {"schemas": {"OrderStatus": schemas.get("OrderStatus", {})}}}


def _without_responses(path_item: JsonObject) -> JsonObject:
    return {
        method: {key: part for key, part in as_object(operation).items() if key != "responses"}
        for method, operation in path_item.items()
    }


@dataclass(frozen=True, slots=True)
class _Files:
    """The files of a revision, and where what is made of them is kept."""

    revision: str
    folder: Path
    published: bytes
    overlay: bytes
    key: str
    caching: Path | None

    def documents(self) -> JsonObject:
        """The published, effective and resolved document, from the cache if the files are unchanged."""
        return remembered(self.caching, f"contract-{self.revision}", self.key, self._make)

    def behaviour(self, document: JsonObject) -> Behaviour:
        path = self.folder / "behaviour.yaml"
        rules = parsed_once(path, f"behaviour-{self.revision}", self.caching)
        return read_behaviour(rules, str(path), contract=document)

    def _make(self) -> JsonObject:
        published, overlay = self.folder / "openapi.yaml", self.folder / "overlay.yaml"
        return make_documents(
            parse_mapping(self.published, str(published)),
            parse_mapping(self.overlay, str(overlay)),
            file=str(published),
        )


def _files(revision: str | None, spec: Path | None, cache_folder: Path | None) -> _Files:
    caching = cache_folder or default_cache_folder()
    wanted = revision or default_revision(spec=spec, cache_folder=caching)
    chosen = _choose(wanted, revisions(spec=spec, cache_folder=caching))
    folder = spec_folder(spec) / chosen.folder
    published, overlay = read_bytes(folder / "openapi.yaml"), read_bytes(folder / "overlay.yaml")
    return _Files(chosen.revision, folder, published, overlay, checksum([published, overlay, *_makers()]), caching)


def _revisions_document(spec: Path | None, cache_folder: Path | None) -> tuple[JsonObject, str]:
    path = spec_folder(spec) / "revisions.yaml"
    return parsed_once(path, "revisions", cache_folder), str(path)


def parsed_once(path: Path, name: str, cache_folder: Path | None = None) -> JsonObject:
    """A YAML mapping, from the cache under this name if its file is unchanged. Errors: DocumentUnreadable."""
    raw = read_bytes(path)
    key = checksum([raw, *_makers()])
    return remembered(cache_folder or default_cache_folder(), name, key, lambda: parse_mapping(raw, str(path)))


def make_documents(published: JsonObject, overlay: JsonObject, *, file: str) -> JsonObject:
    """The published, effective and resolved document, computed. `file` names the published document in errors."""
    require_spec_libraries(f"{file} is not as it was when this package was built; resolving it")
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
