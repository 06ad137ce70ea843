"""Ends `make sandbox...` with a sentence when BASE_URL is misspelt or empty: without one, the target is the real sandbox.

Arguments: the names of the variables on make's command line. Run by the Makefile; needs the standard library only.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from pathlib import Path

RIGHT = "BASE_URL"
# What the Makefile's targets for an account take, and what sets up the tools.
OTHERS = frozenset(
    {"ORDER", "ARGS", "PYTHON", "BIN", "PORT", "WORLD", "SEED", "REVISION", "EXAMPLES", "SHELL", "STAMP"}
)
FILE = Path(".env")
_ALIKE = 0.75
_LINE = re.compile(r"\s*(?:export\s+)?(?P<name>[A-Za-z_][\w.-]*)\s*=\s*(?P<value>[^#]*)")
NEXT = f"Write {RIGHT}=http://..., or leave it out for the sandbox that the contract names."


def main(given: Iterable[str], environment: Mapping[str, str], file: Path) -> int:
    problem = problem_of(frozenset(given), environment, _lines_of(file))
    if problem is not None:
        sys.stderr.write(f"{problem} Nothing was sent. {NEXT}\n")
        return 2
    return 0


def problem_of(given: frozenset[str], environment: Mapping[str, str], lines: Iterable[str]) -> str | None:
    """What is wrong, as one sentence; None when the address is certainly the one that was meant."""
    unknown = sorted(given - OTHERS - {RIGHT})
    alike = next(filter(is_alike, unknown), None)
    if alike is not None:
        return f"{alike}=... is not read; the address is {RIGHT}."
    if unknown:
        return f"{unknown[0]}=... is not read by this target; it takes {RIGHT}, ARGS and ORDER."
    if RIGHT in environment:
        return None if environment[RIGHT].strip() else f"{RIGHT} is empty."
    alike = next(filter(is_alike, sorted(environment)), None)
    if alike is not None:
        return f"{alike} in the environment is not read; the address is {RIGHT}."
    return _problem_in(lines)


def is_alike(name: str) -> bool:
    """Whether somebody who wrote this name may have meant the address."""
    plain = re.sub(r"[^a-z]", "", name.lower()).removeprefix("polar")
    return name != RIGHT and plain[:1] == "b" and SequenceMatcher(None, plain, "baseurl").ratio() >= _ALIKE


def _problem_in(lines: Iterable[str]) -> str | None:
    found = [(match["name"], match["value"].strip().strip("'\"").strip()) for match in map(_LINE.match, lines) if match]
    values = [value for name, value in found if name == RIGHT]
    if values:
        return None if values[-1] else f"{RIGHT} in {FILE} is empty."
    alike = next((name for name, _ in found if is_alike(name)), None)
    return None if alike is None else f"{alike} in {FILE} is not read; the address is {RIGHT}."


def _lines_of(file: Path) -> list[str]:
    try:
        return file.read_text("utf-8-sig", errors="replace").splitlines()
    except OSError:
        # The tool that reads it says why it can't be read.
        return []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ, FILE))
