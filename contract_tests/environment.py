"""Environment variables, and those that stand in a file like `.env` instead. Nothing of the file goes to other programs."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from pathlib import Path

from contract_tests.findings import CannotRun

_OURS = "POLAR_"


def environment_with(file: str | None, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment, and the file's `POLAR_...` variables where it has none of that name.

    Errors: CannotJudge for a file that can't be read; the message never holds what stands in it.
    """
    return {**_variables_in(file), **{name: value for name, value in environment.items() if value}}


def _variables_in(file: str | None) -> dict[str, str]:
    if file is None:
        return {}
    # Only runs with such a file need its reader.
    from dotenv.parser import parse_stream

    found = {}
    for binding in parse_stream(io.StringIO(_text_of(file))):
        if binding.error or (binding.key is not None and binding.value is None):
            raise CannotRun(f"--env-file {file}: line {binding.original.line} is not like NAME=value.")
        if binding.key is not None and binding.value and binding.key.startswith(_OURS):
            found[binding.key] = binding.value
    return found


def _text_of(file: str) -> str:
    path = Path(file)
    if path.exists() and not path.is_file():
        raise CannotRun(f"--env-file {file} is no file.")
    try:
        return path.read_text("utf-8-sig")
    except OSError as problem:
        raise CannotRun(f"--env-file {file} can't be read ({problem.strerror}).") from problem
    except ValueError as problem:
        raise CannotRun(f"--env-file {file} can't be read: it is no text in UTF-8.") from problem
