"""The floor: the mock's own HTTP server with an application that gives one answer to everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mock_server.serving.listening import listen
from mock_server.serving.server import Serving
from mock_server.serving.signals import StopRequests, block_stop_signals, stop_when_input_ends

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def app(_: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    start_response("202 Accepted", [("Content-Type", "application/json"), ("Content-Length", "4")])
    return [b"null"]


def serve(application: WSGIApplication, port: int) -> None:
    """Serve an application as the mock is served, until standard input ends."""
    stop = StopRequests(block_stop_signals())
    stop.heed()
    stop_when_input_ends()
    serving = Serving(application, listen("127.0.0.1", port), body_seconds=10, api_body_bytes=lambda: 4 * 2**20)
    stop.stop_with(serving.stop)
    serving.run(lambda: None, stop.exit)


@click.command()
@click.option("--port", required=True, type=int)
def main(port: int) -> None:
    """Serve until standard input ends."""
    serve(app, port)


if __name__ == "__main__":
    main()
