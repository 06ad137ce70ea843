"""Environment variables, completed from a file such as `.env`. The file's values are not passed to other programs."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from pathlib import Path

from contract_tests.config.errors import CannotRun

_OURS = "POLAR_"


def environment_with(file: str | None, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment, plus the file's `POLAR_...` variables that the environment does not set.

    Errors: CannotRun for a file that cannot be read; the message never quotes its contents.
    """
    return {**_variables_in(file), **{name: value for name, value in environment.items() if value}}


def _variables_in(file: str | None) -> dict[str, str]:
    if file is None:
        return {}
    # Imported here because only runs with such a file need it.
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
        raise CannotRun(f"--env-file {file} is not a file.")
    try:
        return path.read_text("utf-8-sig")
    except OSError as problem:
        raise CannotRun(f"--env-file {file} can't be read ({problem.strerror}).") from problem
    except ValueError as problem:
        raise CannotRun(f"--env-file {file} can't be read: it is not UTF-8 text.") from problem
