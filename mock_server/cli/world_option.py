"""Read the option `--world`: a scenario's name, or the file of a world document."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mock_server.documents.schema import WorldDocument


def file_of_world(wanted: str) -> Path | None:
    """The file that the option names: text that looks like a path, or is an existing file. None: it is a scenario's name."""
    looks_like_a_path = os.sep in wanted or wanted.endswith((".yaml", ".yml", ".json"))
    if looks_like_a_path or os.path.exists(wanted):  # noqa: PTH110  pathlib raises for names that are too long
        return Path(wanted)
    return None


def world_document(wanted: str) -> WorldDocument:
    """The document in a file, or the scenario of this name."""
    from mock_server.documents.errors import DocumentInvalid, ScenarioUnknown
    from mock_server.documents.scenarios import load_scenario
    from mock_server.documents.world_files import read_world_file

    try:
        file = file_of_world(wanted)
        return load_scenario(wanted) if file is None else read_world_file(file)
    except ScenarioUnknown as error:
        message = f"{error}; a file's name has a / in it or ends in .yaml, .yml or .json"
        raise click.BadParameter(message, param_hint="--world") from None
    except DocumentInvalid as error:
        raise click.BadParameter(str(error), param_hint="--world") from None
