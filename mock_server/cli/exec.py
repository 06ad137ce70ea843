"""The `polar-mock exec` command: serve the mock while another command runs, and end with that command's exit code."""

from __future__ import annotations

import copy
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any

import click

from mock_server.cli.serve import serve
from mock_server.cli.starting import Options, access_log_of, listening_mock, settings_of

if TYPE_CHECKING:
    from mock_server.assembly import MockServer
    from mock_server.serving.access_log import AccessLog
    from mock_server.serving.commands import CommandSignals
    from mock_server.serving.listening import Listening

# Options of `serve` that make no sense here, and their values: the command has the variables, and says when it is over; its world stays.
NOT_HERE: dict[str, Any] = {"ready_file": None, "env_file": None, "exit_with_stdin": False, "watch": False}
_CANNOT_START = 2
_LOG_SECONDS = 1.0
"""For what the access log has not written yet."""


def _options_of_serve() -> list[click.Parameter]:
    """All that make sense here, those that are yet to come included; the port is a free one unless it is named."""
    options = [copy.copy(option) for option in serve.params if option.name not in NOT_HERE]
    by_name = {option.name: option for option in options if isinstance(option, click.Option)}
    by_name["port"].default = 0
    by_name[
        "world"
    ].help = "The world: a scenario or a document. [default: demo; with --revision of a dated one, today]"
    return options


@click.command(params=_options_of_serve(), context_settings={"allow_interspersed_args": False})
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
@click.pass_obj
def exec_(signals: CommandSignals, /, command: tuple[str, ...], **given: Any) -> None:
    """Run COMMAND while the mock serves, then stop the mock and exit with the command's exit code.

    \b
    Examples:
      polar-mock exec -- npm test
      polar-mock exec --world members -- pytest tests
      polar-mock exec --world my-world.yaml --revision 2026-10 -- go test ./...
      polar-mock exec -- sh -c 'curl -s "$POLAR_SERVER_URL/v1/orders/" -H "Authorization: Bearer $POLAR_ACCESS_TOKEN"'

    \b
    The command's environment has
      POLAR_SERVER_URL       the mock's base URL, on a free port
      POLAR_CONTROL_URL      the base URL of the control API
      POLAR_WORLD_ID         the id of the world, "default"
      POLAR_ACCESS_TOKEN     the world's first organization token
      POLAR_TOKEN_NAME       each token: POLAR_TOKEN_CUSTOMER
      POLAR_ID_KIND_NAME     each id: POLAR_ID_ORDER_PAID, POLAR_ID_PRODUCT_PRO
      POLAR_WEBHOOK_SECRET_NAME   each webhook endpoint's secret
      POLAR_MOCK_KEY         the control API's key, if it needs one

    Signals that are sent to this process are passed on to the command. The command's output is its own; the mock
    writes one line to standard error, and its access log if that is asked for.

    \b
    Exit codes:
      that of the command; 128 and the signal's number if a signal ended it
      2  the mock could not start, or the command does not exist: the command was not run
    """
    with _ending_with(_CANNOT_START):
        program = _program(command[0])
        options = Options(**given, **NOT_HERE)
        settings = replace(settings_of(options), more_worlds={})
        with listening_mock(options, settings) as (mock, listening, settings):
            environment = _environment(mock, settings.served.here, settings.control_key)
            access_log = access_log_of(options)
            _start(mock, listening, body_seconds=options.body_timeout, access_log=access_log)
            click.echo(f"polar-mock: serving {settings.served.here} while {command[0]} runs", err=True)
            code = _run(signals, program, command, environment)
    if access_log is not None:
        access_log.stop(_LOG_SECONDS)
    # Whatever still runs serves nobody: no need to wait for it.
    os._exit(code)


@contextmanager
def _ending_with(code: int) -> Iterator[None]:
    """Every error that is reported as a sentence ends the process with this exit code."""
    try:
        yield
    except click.ClickException as error:
        error.show()
        sys.exit(code)


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is not None:
        return found
    if os.path.exists(name) and os.sep in name:  # noqa: PTH110  pathlib raises for names that are too long
        raise click.ClickException(f"can't run {name!r}: it is not an executable file (chmod +x makes it one)")
    raise click.ClickException(f"can't run {name!r}: there is no such command; give one that is in PATH, or its path")


def _environment(mock: MockServer, base_url: str, control_key: str | None) -> dict[str, str]:
    from mock_server.cli.variables import SameVariable, environment

    assert mock.world is not None
    try:
        return environment(os.environ, mock.world, base_url, control_key)
    except SameVariable as error:
        raise click.BadParameter(str(error), param_hint="--world") from None


def _start(mock: MockServer, listening: Listening, *, body_seconds: float, access_log: AccessLog | None) -> None:
    """Serve in a thread: the mock ends with this process, however that ends."""
    from mock_server.serving.interpreter import set_for_serving
    from mock_server.serving.server import Serving, ServingEnded

    serving = Serving(
        mock.app.wsgi_app,
        listening,
        body_seconds=body_seconds,
        api_body_bytes=mock.body_limit_bytes,
        access_log=access_log,
    )
    outcome: SimpleQueue[str | None] = SimpleQueue()

    def run() -> None:
        try:
            serving.run(lambda: outcome.put(None))
        except (ServingEnded, OSError) as error:
            outcome.put(str(error))

    mock.start()
    set_for_serving()
    Thread(target=run, name="server", daemon=True).start()
    problem = outcome.get()
    if problem is not None:
        raise click.ClickException(f"the mock could not start: {problem}")


def _run(signals: CommandSignals, program: str, command: tuple[str, ...], environment: dict[str, str]) -> int:
    try:
        return signals.run(program, command, environment)
    except OSError as error:
        raise click.ClickException(f"can't run {command[0]!r}: {_reason(error, environment)}") from None


def _reason(error: OSError, environment: dict[str, str]) -> str:
    import errno

    if error.errno == errno.E2BIG:
        return (
            f"its arguments and its environment of {len(environment)} variables are too large; serve a smaller world, "
            "or let the command make its own with the control API"
        )
    if error.errno == errno.ENOEXEC:
        return "it is neither a program nor a script that begins with #!"
    return os.strerror(error.errno or 0)
