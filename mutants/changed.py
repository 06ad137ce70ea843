"""Which defects a change concerns: their rows, their operators, the code of their rules, or the checks that catch them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from mutants.defects import Defect, read_rows
from mutants.planting.objects import Json

_ROOT = Path(__file__).parent.parent


class NoSuchRevision(Exception):
    """The revision is unknown here, as in a clean checkout without history. The message is one sentence."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs from a revision: all files, the names of rows of defects, and the texts of changed contract tests."""

    files: frozenset[str]
    rows: frozenset[str] = frozenset()
    texts: tuple[str, ...] = ()


def changes_since(revision: str) -> Changes:
    """The changes since a revision, with those of the working tree. Errors: NoSuchRevision."""
    files = frozenset(_git("diff", "--name-only", revision).splitlines())
    rows = {name for file in files if file.startswith("mutants/data/") for name in _changed_rows(file, revision)}
    return Changes(
        files, frozenset(rows), tuple((_ROOT / file).read_text("utf-8") for file in files if _is_check(file))
    )


def concerned(every: Mapping[str, Defect], changes: Changes) -> dict[str, Defect]:
    """The defects whose row, operator, rule or check has changed. A rule has changed when a file that names it has."""
    named = {rule for text in changes.texts for rule in re.findall(r"\bRule\.([A-Z_0-9]+)", text)}
    return {
        name: one
        for name, one in every.items()
        if one.row in changes.rows
        or one.modules & changes.files
        or any(rule.name in named for rule in one.rules)
        or (one.is_live and _mentions(changes.texts, one.check))
    }


def current_commit() -> str:
    """The commit, which the sample follows; a constant outside a repository."""
    try:
        return _git("rev-parse", "HEAD").strip()[:12]
    except NoSuchRevision:
        return "no-repository"


def _is_check(file: str) -> bool:
    return file.startswith("contract_tests/") and file.endswith(".py") and (_ROOT / file).is_file()


def _mentions(texts: Iterable[str], check: str) -> bool:
    """Whether a file has the check: its test function, or the row of the core table, by what the row says."""
    _, _, text = check.partition(": ")
    function = re.match(r"\w+", text)
    row = re.search(r" · (.+) · \d+\]$", text)
    wanted = function[0] if function else row[1] if row else ""
    return bool(wanted) and any(wanted in one for one in texts)


def _changed_rows(file: str, since: str) -> set[str]:
    """The names of rows that are new or different."""
    try:
        before = _rows(_git("show", f"{since}:{file}"))
    except NoSuchRevision:
        before = {}
    path = _ROOT / file
    now = _rows(path.read_text("utf-8")) if path.is_file() else {}
    return {name for name, row in now.items() if before.get(name) != row}


def _rows(text: str) -> dict[str, Json]:
    return {row["name"]: row for row in read_rows(text)}


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=_ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as problem:
        raise NoSuchRevision(f"`git {' '.join(arguments)}` failed, so changes are not known here.") from problem
    return done.stdout
