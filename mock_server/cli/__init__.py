"""The `polar-mock` command: serve the mock, run a command with it, wait for it, check a contract. Subcommands are imported late."""

from __future__ import annotations

import click

from mock_server.cli.exec import exec_
from mock_server.cli.serve import serve
from mock_server.cli.spec import spec
from mock_server.cli.wait import wait


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="polar-contract-harness", prog_name="polar-mock")
def main() -> None:
    """A stateful mock of Polar's order-invoice API.

    \b
    Examples:
      polar-mock serve                      serve the demo world on http://127.0.0.1:8000
      polar-mock serve --world members      serve another scenario
      polar-mock serve --world my.yaml      serve your own world document
      polar-mock exec -- npm test           serve it while a command runs
      polar-mock wait                       wait until it answers, in a script
      polar-mock spec check                 check the bundled contract
    """


main.add_command(serve)
main.add_command(exec_, "exec")
main.add_command(wait)
main.add_command(spec)
