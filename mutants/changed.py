"""Which defects a change concerns: their rows, their operators, the code of their rules, or the checks that catch them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from mutants.defects import Defect, read_rows
from mutants.planting.objects import Json

_ROOT = Path(__file__).parent.parent


class NoSuchRevision(Exception):
    """The revision is unknown here, as in a clean checkout without history. The message is one sentence."""


def changed_files(since: str) -> frozenset[str]:
    """The files that differ from that revision, in the working tree too. Errors: NoSuchRevision."""
    return frozenset(_git("diff", "--name-only", since).splitlines())


def concerned(every: Mapping[str, Defect], since: str) -> dict[str, Defect]:
    """The defects that the changes since a revision concern. Errors: NoSuchRevision."""
    files = changed_files(since)
    rows = {name for file in files if file.startswith("mutants/data/") for name in _changed_rows(file, since)}
    texts = {file: (_ROOT / file).read_text("utf-8") for file in files if _is_check(file)}
    named = {rule for text in texts.values() for rule in re.findall(r"\bRule\.([A-Z_]+)", text)}
    return {
        name: one
        for name, one in every.items()
        if one.row in rows
        or any(file.endswith(".py") and file in files for file in one.modules)
        or any(rule.name in named for rule in one.rules)
        or (one.is_live and _mentions(texts.values(), one.check))
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
