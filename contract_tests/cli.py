"""The command line `polar-contract`: reads options, hands over to the run. Judges nothing itself."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import click

from contract_tests.capturing.command import capture
from contract_tests.interruptions import heeding_signals
from contract_tests.offline.command import judge
from contract_tests.parity.command import parity
from contract_tests.run_command import run


class _Interruptible(click.Group):
    def invoke(self, ctx: click.Context) -> object:
        """Click's own exit code, and Python's, would say that the contract is broken."""
        try:
            with heeding_signals():
                return self._told(ctx)
        except KeyboardInterrupt:
            click.echo("Interrupted before anything could be told.", err=True)
            sys.exit(2)
        except OSError as problem:
            _stop_writing(problem)

    def _told(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        finally:
            sys.stdout.flush()


def _stop_writing(problem: OSError) -> NoReturn:
    """Whoever reads has gone, or the disk is full: nobody was told a verdict, so none is given."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if not isinstance(problem, BrokenPipeError):
        click.echo(f"What was found could not be written: {problem.strerror}.", err=True)
    sys.exit(2)


@click.group(cls=_Interruptible, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="polar-contract-harness", prog_name="polar-contract")
def main() -> None:
    """Says whether a server keeps the contract of the order-invoice API.

    \b
    Examples:
      polar-contract run                                        judge the bundled mock
      polar-contract run --base-url http://127.0.0.1:8000       judge the mock that is served there
      polar-contract judge reports/exchanges.har                judge recorded exchanges
      polar-contract parity --left URL --right URL              tell where two targets differ
      polar-contract capture --base-url URL -o world.yaml       write a copy of an account for the mock
    """


main.add_command(capture)
main.add_command(judge)
main.add_command(parity)
main.add_command(run)
