"""What an installation without an extra lacks, and how to install it."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec

from polar_contract.errors import LibrariesMissing

_DISTRIBUTION = "polar-contract-harness"
SPEC_LIBRARIES = ("jsonpath", "jsonschema", "jsonschema_rs", "openapi_spec_validator", "prance", "referencing")


def missing(libraries: Iterable[str]) -> list[str]:
    """Those of these top-level modules that can't be imported here; none of them is imported."""
    return [name for name in libraries if find_spec(name) is None]


def how_to_install(extra: str) -> str:
    return f"pip install '{_DISTRIBUTION}[{extra}]'"


def require_spec_libraries(purpose: str) -> None:
    """Errors: LibrariesMissing if this installation can't check and resolve a spec; `purpose` begins its sentence."""
    absent = missing(SPEC_LIBRARIES)
    if absent:
        raise LibrariesMissing(purpose, absent, how_to_install("spec"))
