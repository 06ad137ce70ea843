"""Compares the good mock with one defect: which difference was found first, and in which scenario."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

from mutants.defects import Defect
from mutants.proxy import proxy
from mutants.tools import polar_contract

_DIFFERENCE = re.compile(
    r"^✗ differs in (?P<verdict>[a-z ]+): (?P<what>.+)\n  found by (?P<scenario>the table|a story|the clock|the contract test)",
    re.M,
)
_SCENARIOS = {"the table": "table", "a story": "stories", "the clock": "clock", "the contract test": "checks"}


@dataclass(frozen=True, slots=True)
class Compared:
    """The result of `polar-contract compare`: the scenario that found the first difference, its verdict, and the request."""

    scenario: str
    verdict: str
    what: str
    seconds: float
    last_line: str

    @property
    def is_found(self) -> bool:
        """Whether a difference was reported."""
        return bool(self.verdict)


def compare_defect(mock_url: str, defect: Defect, arguments: Sequence[str]) -> Compared:
    """Plant the defect on the right and compare until a difference is found.

    `arguments` are additional arguments of `polar-contract compare`.
    """
    started = time.monotonic()
    with proxy(mock_url, defect.plant()) as faulty:
        ended = polar_contract(
            "compare",
            "--left",
            mock_url,
            "--right",
            faulty.base_url,
            "--fail-fast",
            "--strict",
            "--revision",
            defect.revision,
            *arguments,
        )
    seconds = time.monotonic() - started
    if faulty.mistakes:
        return Compared("", "", "", seconds, f"the defect itself fails: {faulty.mistakes[0]}")
    found = _DIFFERENCE.search(ended.output) if ended.exit_code == 1 else None
    if found is None:
        return Compared("", "", "", seconds, ended.last_line)
    return Compared(_SCENARIOS[found["scenario"]], found["verdict"], found["what"], seconds, ended.last_line)
