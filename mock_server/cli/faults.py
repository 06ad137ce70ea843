"""The option `--fault` of `polar-mock serve`: faults that the first world has from the start, by a set's name or from a file."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mock_server.cli import completing

if TYPE_CHECKING:
    from mock_server.assembly import MockServer
    from polar_contract.json_types import JsonObject

OPTION = "--fault"
_FILE_ENDS = (".yaml", ".yml", ".json")

fault_option = click.option(
    OPTION,
    "faults",
    multiple=True,
    metavar="NAME|FILE",
    shell_complete=completing.faults,
    help="Faults of the first world at start: a named set, or a file with a rule or a list of `faults`. Repeatable.",
)


def read_faults_at_start(wanted: Iterable[str]) -> list[tuple[str, JsonObject]]:
    """What each value of the option asks for, with the value. Errors: BadParameter."""
    return [(one, asked) for one in wanted for asked in _asked(one)]


def _asked(wanted: str) -> list[JsonObject]:
    from mock_server.documents.errors import DocumentInvalid, FaultSetUnknown
    from mock_server.documents.fault_sets import fault_set
    from mock_server.documents.loading import read_mapping
    from polar_contract.json_types import as_object

    try:
        looks_like_a_path = os.sep in wanted or wanted.endswith(_FILE_ENDS)
        if not looks_like_a_path and not os.path.exists(wanted):  # noqa: PTH110  pathlib raises for names that are too long
            return [{"set": fault_set(wanted).name}]
        content = read_mapping(Path(wanted))
    except FaultSetUnknown as error:
        message = f"{error}; a file's name has a / in it or ends in {', '.join(_FILE_ENDS)}"
        raise click.BadParameter(message, param_hint=OPTION) from None
    except DocumentInvalid as error:
        raise click.BadParameter(f"{wanted}: {error}", param_hint=OPTION) from None
    listed = content.get("faults")
    if "faults" not in content:
        return [content]
    if len(content) > 1 or not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        message = f"{wanted}: it has to be one rule, or nothing but `faults` with a list of rules"
        raise click.BadParameter(message, param_hint=OPTION)
    return [as_object(one) for one in listed]


def add_faults_at_start(mock: MockServer, faults: Iterable[tuple[str, JsonObject]]) -> None:
    """Give the faults to the first world. Errors: BadParameter, with the value of the option."""
    from mock_server.documents.errors import DocumentInvalid
    from mock_server.services.faults import add_faults

    assert mock.world is not None
    for wanted, asked in faults:
        try:
            add_faults(mock.services, mock.world, asked)
        except DocumentInvalid as error:
            raise click.BadParameter(f"{wanted}: {error}", param_hint=OPTION) from None
