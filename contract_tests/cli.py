"""The command line `polar-contract`: reads options, hands over to the run. Judges nothing itself."""

from __future__ import annotations

import click

from contract_tests.capturing.command import capture
from contract_tests.offline.command import judge
from contract_tests.parity.command import parity
from contract_tests.run_command import run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Says whether a server keeps the contract of the order-invoice API."""


main.add_command(capture)
main.add_command(judge)
main.add_command(parity)
main.add_command(run)
