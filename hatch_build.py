"""Build hook: puts the bundled spec into the wheel as the loader keeps it, so that an installed mock needs no library that resolves it."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PrebuiltSpec(BuildHookInterface):  # type: ignore[type-arg]  # its configuration is of no interest here
    """Fills a cache folder with every bundled revision; `polar_contract/cache.py` looks into it first."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        # An editable install is for those who edit the spec; the loader makes what they need.
        if version == "editable":
            return
        self._folder = Path(tempfile.mkdtemp())
        _fill(self._folder, Path(self.root))
        build_data["force_include"][str(self._folder)] = "polar_contract/prebuilt"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002  of the interface
        if version != "editable":
            shutil.rmtree(self._folder)


def _fill(folder: Path, root: Path) -> None:
    sys.path.insert(0, str(root))
    from polar_contract.loading import load_requests, revisions

    spec = root / "spec"
    for known in revisions(spec=spec, cache_folder=folder):
        load_requests(known.revision, spec=spec, cache_folder=folder)
