"""The `polar-mock serve` command: its options, and the order in which the server starts and stops."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from mock_server.cli import completing
from mock_server.cli.faults import fault_option
from mock_server.cli.long_work import telling
from mock_server.cli.public_url import read_public_url
from mock_server.cli.starting import Options, access_log_of, listening_mock, settings_of
from mock_server.cli.watching import watched_world

if TYPE_CHECKING:
    from mock_server.assembly import MockServer, Settings
    from mock_server.serving.access_log import AccessLog
    from mock_server.serving.listening import Listening
    from mock_server.serving.ready import ReadyFile
    from mock_server.serving.signals import StopRequests

_LONGEST_BODY_SECONDS = 3600.0


def _positive_seconds(_context: click.Context, parameter: click.Parameter, value: float) -> float:
    if 0 < value <= _LONGEST_BODY_SECONDS:
        return value
    raise click.BadParameter(f"{value:g} is not between 0 and {_LONGEST_BODY_SECONDS:g} seconds", param=parameter)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address or name to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 takes any free port."
)
@click.option(
    "--revision",
    default=None,
    shell_complete=completing.revision_names,
    help="Revision of requests without a token and of a world that names none; alone, of the one world at start.",
)
@click.option(
    "--world",
    default=None,
    metavar="FILE|SCENARIO",
    shell_complete=completing.worlds,
    help="The one world at start: a scenario or a document. [default: demo, of revision 0.1.0, and today, of 2026-10]",
)
@fault_option
@click.option(
    "--watch",
    is_flag=True,
    help="Make the world again when its file changes; what stays in it keeps its ids and tokens.",
)
@click.option(
    "--allow-webhook-hosts",
    default="",
    metavar="HOST[,HOST...]",
    help="Hosts beyond this machine that may receive webhooks.",
)
@click.option(
    "--public-url",
    default=None,
    metavar="URL",
    callback=read_public_url,
    help="Base of the links in responses, if others reach the mock by another name. [default: the request's host]",
)
@click.option(
    "--body-timeout",
    default=10.0,
    show_default=True,
    metavar="SECONDS",
    callback=_positive_seconds,
    help="Time limit for receiving a request body; a slower one is answered with 408.",
)
@click.option("--access-log", is_flag=True, help="Print a line for each response to standard error.")
@click.option(
    "--log-format",
    default=None,
    type=click.Choice(["combined", "json"]),
    help="Form of the access log: as of Apache and nginx, or an object on each line.  [default: combined]",
)
@click.option(
    "--ready-file",
    default=None,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="File that holds the base URL while the server serves; removed at the end.",
)
@click.option(
    "--env-file",
    default=None,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="File with a line NAME=VALUE for each variable of `polar-mock exec`, there while the server serves.",
)
@click.option(
    "--exit-with-stdin", is_flag=True, help="Stop when standard input closes, for example when the parent process ends."
)
@click.pass_obj
def serve(stop: StopRequests | None, /, **given: Any) -> None:
    """Serve the mock until Ctrl-C or SIGTERM.

    The first signal stops the server within two seconds with exit code 0; a second one stops it at once.

    \b
    Examples:
      polar-mock serve
      polar-mock serve --port 9000 --world members
      polar-mock serve --revision 2026-10
      polar-mock serve --world my-world.yaml --watch
      polar-mock serve --fault flaky-network --fault webhooks-twice
      polar-mock serve --port 0 --ready-file base-url.txt --env-file polar.env
      polar-mock serve --allow-webhook-hosts hooks.example.com
      polar-mock serve --host 0.0.0.0 --public-url http://mock.example.com:8000

    The environment variable POLAR_SPEC names another spec folder than the bundled one.

    In scripts, `polar-mock wait --ready-file FILE --pid $!` waits until the mock answers.

    The control API under /_mock needs no key on loopback. On any other address, or with a public URL of another
    machine, every call except /_mock/health needs the header X-Mock-Key: the value of POLAR_MOCK_KEY, or a key
    that is generated and printed at start.

    \b
    Exit codes:
      0  a signal, or the end of its input, stopped it
      2  it could not start, for example because its port is taken; the message says why
    """
    options = Options(**given)
    if options.exit_with_stdin:
        from mock_server.serving.signals import stop_when_input_ends

        stop_when_input_ends()
    # First of all, so that nobody takes the file of an earlier server for this one's.
    files = _prepared(options)
    watched = watched_world(options.world, is_watched=options.watch)
    with telling("reading the world"):
        settings = settings_of(options)
    with listening_mock(options, settings) as (mock, listening, settings):
        if watched is not None and mock.world is not None:
            watched.follow(mock.services, mock.world.id)
        _serve(
            mock,
            listening,
            stop,
            body_seconds=options.body_timeout,
            access_log=access_log_of(options),
            announce=_announcement(mock, settings, files, stop),
        )


class Files(NamedTuple):
    """Those that are there while the server serves."""

    ready: ReadyFile | None
    variables: ReadyFile | None


def _prepared(options: Options) -> Files:
    from mock_server.serving.ready import URL, VARIABLES, CannotWrite, ReadyFile

    ready = None if options.ready_file is None else ReadyFile(options.ready_file, URL)
    variables = None if options.env_file is None else ReadyFile(options.env_file, VARIABLES)
    if options.ready_file is not None and options.ready_file == options.env_file:
        raise click.BadParameter(f"{options.env_file} is the ready file; name another", param_hint="--env-file")
    for option, file in (("--ready-file", ready), ("--env-file", variables)):
        try:
            if file is not None:
                file.prepare()
        except CannotWrite as error:
            raise click.BadParameter(str(error), param_hint=option) from None
    return Files(ready, variables)


def _announcement(mock: MockServer, settings: Settings, files: Files, stop: StopRequests | None) -> Callable[[], None]:
    """Announce the server once it serves; remove its files at the end."""
    from mock_server.cli.banner import banner

    here, key = settings.served.here, settings.control_key
    variables = "" if files.variables is None else _variables(mock, here, key)
    for file in files:
        if file is not None and stop is not None:
            stop.at_exit(file.remove)

    def announce() -> None:
        if files.variables is not None:
            files.variables.write(variables)
        # After the other: who sees it finds both.
        if files.ready is not None:
            files.ready.write(here)
        # The reader may have closed standard output; the server serves anyway.
        with suppress(OSError):
            click.echo(banner(mock, here, control_key=key))

    return announce


def _variables(mock: MockServer, base_url: str, control_key: str | None) -> str:
    from mock_server.cli.variables import NotOneLine, SameVariable, lines, variables

    assert mock.world is not None
    try:
        return lines(variables(mock.world, base_url, control_key))
    except (NotOneLine, SameVariable) as error:
        raise click.BadParameter(str(error), param_hint="--world") from None


def _serve(
    mock: MockServer,
    listening: Listening,
    stop: StopRequests | None,
    *,
    body_seconds: float,
    access_log: AccessLog | None,
    announce: Callable[[], None],
) -> None:
    from mock_server.serving.interpreter import set_for_serving
    from mock_server.serving.server import Serving

    serving = Serving(
        mock.app.wsgi_app,
        listening,
        body_seconds=body_seconds,
        api_body_bytes=mock.body_limit_bytes,
        access_log=access_log,
    )
    mock.start()
    set_for_serving()
    if stop is None:
        serving.run(announce)
        return
    stop.stop_with(serving.stop)
    serving.run(announce, stop.exit)
    # It was asked to stop before it began.
    stop.exit()
