"""The files of this checkout without git: all that .gitignore does not exclude."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from pathlib import Path

ROOT = Path(__file__).parents[1]


def files() -> list[str]:
    """Paths relative to the checkout, with forward slashes."""
    ignored = [".git", *(line.rstrip("/") for line in (ROOT / ".gitignore").read_text().splitlines())]
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if not _is_ignored(name, ignored)]
        inside = Path(folder).relative_to(ROOT)
        found += [(inside / name).as_posix() for name in names if not _is_ignored(name, ignored)]
    return sorted(found)


def _is_ignored(name: str, patterns: list[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
