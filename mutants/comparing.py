"""One comparison of the good mock with one mutant, and what told them apart: the cheapest walk that does."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

from mutants.layers import Mutant
from mutants.proxy import proxy
from mutants.tools import polar_contract

_WALKS = {
    "table": ("--steps", "0", "--no-checks"),
    "stories": ("--steps", "500", "--no-checks"),
    "checks": ("--steps", "0"),
}
_DIFFERENCE = re.compile(r"^✗ differs in (?P<verdict>[a-z ]+): (?P<what>.+?)(?:, \d+ times)?$", re.M)


@dataclass(frozen=True, slots=True)
class Compared:
    """What `polar-contract parity` said: the walk that told the two apart, how their answers differ, and to what."""

    walk: str
    verdict: str
    what: str
    seconds: float
    last_line: str

    @property
    def is_found(self) -> bool:
        """Whether a difference was reported."""
        return bool(self.verdict)


def compare_mutant(mock_url: str, mutant: Mutant, seed: int) -> Compared:
    """Plant the defect on the right, and walk until it is found."""
    started = time.monotonic()
    said = ""
    for walk, options in _WALKS.items():
        with proxy(mock_url, mutant.plant()) as faulty:
            ended = polar_contract(
                "parity", "--left", mock_url, "--right", faulty.base_url, "--seed", str(seed), *options
            )
        if faulty.mistakes:
            said = f"the defect itself fails: {faulty.mistakes[0]}"
            break
        first = _DIFFERENCE.search(ended.output)
        if ended.exit_code == 1 and first:
            return Compared(walk, first["verdict"], first["what"], time.monotonic() - started, ended.last_line)
        said = ended.last_line
    return Compared("", "", "", time.monotonic() - started, said)
