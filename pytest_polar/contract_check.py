"""Run the rules of the contract tests over what the clients of a test's world sent and got, as `polar-contract replay` does."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

from pytest_polar.har import har_of
from pytest_polar.server import ISOLATED
from pytest_polar.world import World

# A failed test's traceback ends in the test.
__tracebackhide__ = True

_REPLAY = (*ISOLATED, "-m", "contract_tests", "replay")
_MOST_ENTRIES = 10_000
_TIMEOUT_SECONDS = 300.0
# Control calls after which the API still shows what the exchanges before them have shown, jobs apart.
_NO_CHANGES = ("/clock", "/settle", "/journal", "/faults", "/events")
_INSTALL = "pip install 'polar-contract-harness[contract-tests]'"
# Without them the extra is not installed: the package itself, and a library that the extra alone brings.
_NEEDED = ("contract_tests", "schemathesis")
_WITHOUT_LIBRARIES = "polar-contract needs libraries that are not installed"
"""How `polar-contract` begins its sentence."""
_NOT_INSTALLED = f"polar_contract_check needs the contract tests, which are not installed: {_INSTALL}"


@dataclass(frozen=True, slots=True)
class ContractCheck:
    """Call it to check what has been sent so far; after the test it is called by itself."""

    world: World
    folder: Path

    def __call__(self) -> None:
        """Fail the test with every finding."""
        entries = self.world.journal.entries(limit=_MOST_ENTRIES)
        if not entries:
            # A test that sends nothing tells so, too.
            _require_installed()
            return
        left_out = sum(not path.startswith(_NO_CHANGES) for path in self.world.call.changed)
        file = self.folder / "polar-exchanges.har"
        file.write_text(json.dumps(har_of(entries, self.world.url, self.world.tokens, left_out=left_out)))
        done = subprocess.run(
            [*_REPLAY, str(file), "--revision", self.world.revision],
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
        if done.returncode == 1 and done.stdout:
            pytest.fail(f"what this test sent and got breaks the contract:\n{done.stdout}", pytrace=False)
        if done.returncode != 0:
            said = done.stderr.strip()
            pytest.fail(_NOT_INSTALLED if _is_absent(said) else said, pytrace=False)


def _require_installed() -> None:
    """Fail the test unless the contract tests can run."""
    if any(find_spec(name) is None for name in _NEEDED):
        pytest.fail(_NOT_INSTALLED, pytrace=False)


def _is_absent(said: str) -> bool:
    return "No module named" in said or _WITHOUT_LIBRARIES in said
