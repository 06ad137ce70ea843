"""Start a client program in its SDK's environment and read its output."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sdk.environments import Environment
from sdk.limits import Limit, limits_of
from sdk.outcomes import Outcome, Verdict, apply_limits, compare_with_required, read_outcomes
from sdk.preparing import prepared
from sdk.releases import Language, Target
from sdk.required_checks import PAGE_SAMPLE, PROGRAM_END, checks_for

_CHECKOUT = Path(__file__).parents[1]
_CLIENTS = Path(__file__).parent / "clients"
_PROGRAM_SECONDS = 120.0
_LAST_CHARACTERS = 300
# The form in which each language prints the answer's `null`.
_PRINTED_NULL = {Language.PYTHON: "None", Language.TYPESCRIPT: "null"}


def check(environment: Environment, target: Target, base_url: str, limits: Sequence[Limit] = ()) -> list[Outcome]:
    """The outcome of every check that holds for this target, against the mock at `base_url`, in worlds of
    its own. Errors: CannotPrepare."""
    with prepared(base_url, target) as given, tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(given, file)
        file.flush()
        done = _run(environment, environment.release.program, file.name)
        sample = [_page_sample(environment, given)] if target.release.runs_page_sample else []
    outcomes = [*read_outcomes(done.stdout.splitlines()), _end(done), *sample]
    return apply_limits(compare_with_required(outcomes, checks_for(target)), limits_of(target, limits))


def _end(done: subprocess.CompletedProcess[str]) -> Outcome:
    if done.returncode == 0:
        return Outcome(PROGRAM_END, Verdict.OK)
    return Outcome(PROGRAM_END, Verdict.FAILED, f"exit code {done.returncode}: {_last(done.stderr)}")


def _page_sample(environment: Environment, given: Mapping[str, Any]) -> Outcome:
    shop = given["shop"]
    done = _run(
        environment,
        "page_sample",
        POLAR_BASE_URL=given["base_url"],
        POLAR_CUSTOMER_SESSION=shop["tokens"]["customer"],
        POLAR_ORDER_ID=shop["ids"]["order:sample"],
    )
    if done.returncode == 0 and done.stdout.strip() == _PRINTED_NULL[environment.release.language]:
        return Outcome(PAGE_SAMPLE, Verdict.OK)
    return Outcome(PAGE_SAMPLE, Verdict.FAILED, f"it printed {done.stdout!r}; {_last(done.stderr)}")


def _last(text: str) -> str:
    return " ".join(text.split())[-_LAST_CHARACTERS:]


def _run(environment: Environment, program: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [*_command(environment, program), *arguments]
    try:
        return subprocess.run(
            command,
            cwd=_CHECKOUT,
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            timeout=_PROGRAM_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        # The lines printed so far still count; Python gives them as bytes.
        output = (late.stdout or b"").decode() if isinstance(late.stdout, bytes) else str(late.stdout or "")
        return subprocess.CompletedProcess(command, 1, output, f"stopped after {_PROGRAM_SECONDS:.0f} seconds")


def copy_programs(environment: Environment) -> None:
    """Node looks for packages beside the program, so the programs are copied to them."""
    programs = environment.folder / "clients"
    shutil.copytree(_CLIENTS, programs, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.py", "__pycache__"))


def _command(environment: Environment, program: str) -> list[str]:
    if environment.release.language is Language.PYTHON:
        return [str(environment.python), "-m", f"sdk.clients.{program}"]
    programs = environment.folder / "clients"
    return ["node", str(programs / program / "main.mjs")]
