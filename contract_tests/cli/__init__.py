"""The command line `polar-contract`: the group of its commands and the exit code for interruptions. Checks nothing itself."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import click

from contract_tests.cli.capture import capture
from contract_tests.cli.changes import changes
from contract_tests.cli.compare import compare
from contract_tests.cli.compat import compat
from contract_tests.cli.drift import drift
from contract_tests.cli.replay import replay
from contract_tests.cli.rules import rules
from contract_tests.cli.run import run
from contract_tests.transport.signals import heeding_signals

# Scripts use these names. They stay supported throughout version 0.
_OLD_NAMES = {"parity": "compare", "judge": "replay"}


class _Commands(click.Group):
    """The commands, also under their old names; a signal ends any of them with exit code 2."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name; for an old name, the new name is printed, too."""
        new_name = _OLD_NAMES.get(cmd_name)
        if new_name is not None:
            click.echo(f"polar-contract {cmd_name} is now polar-contract {new_name}.", err=True)
        return super().get_command(ctx, new_name or cmd_name)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command. An interruption ends with 2: the exit codes of Click and Python would mean a violated contract."""
        try:
            with heeding_signals():
                return self._flushed(ctx)
        except KeyboardInterrupt:
            click.echo("Interrupted; no result.", err=True)
            sys.exit(2)
        except OSError as problem:
            _stop_writing(problem)

    def _flushed(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        finally:
            sys.stdout.flush()


def _stop_writing(problem: OSError) -> NoReturn:
    """The reader of the output has gone, or the disk is full: the verdict was not delivered, so the exit code is 2."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if not isinstance(problem, BrokenPipeError):
        click.echo(f"The result could not be written: {problem.strerror}.", err=True)
    sys.exit(2)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="polar-contract-harness", prog_name="polar-contract")
def main() -> None:
    """Tests whether a server follows the contract of the order-invoice API.

    \b
    Examples:
      polar-contract run                                        test the bundled mock
      polar-contract run --base-url http://127.0.0.1:8000       test the mock that is served there
      polar-contract compare --left URL --right URL             report where two targets differ
      polar-contract capture --base-url URL -o world.yaml       write a copy of an account for the mock
      polar-contract replay reports/exchanges.har               check recorded exchanges, without a server
      polar-contract rules                                      list the rules that are checked, with their ids
      polar-contract changes 2026-04 2026-10                    tell what changed between two revisions, and for whom
      polar-contract drift --against openapi.json               compare a published document with the contract
      polar-contract compat app.har --revision 2026-10          tell what of an application a newer revision breaks
    """


for _command in (run, compare, capture, replay, rules, changes, drift, compat):
    main.add_command(_command)
