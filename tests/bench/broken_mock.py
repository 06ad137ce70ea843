"""The mock with a planted defect, served like the mock: an `Accept` header of a certain form is a crash."""

from __future__ import annotations

from functools import partial

import click
from flask import Flask, request
from granian.server import Server as Granian

from mock_server.assembly import Settings, assemble
from mock_server.documents.scenarios import load_scenario


def broken_app() -> Flask:
    app = assemble(Settings(world=load_scenario("demo"))).app

    @app.before_request
    def crash() -> None:
        if request.headers.get("Accept") == "*/*;q=x":
            raise RuntimeError("planted")

    return app


@click.command()
@click.option("--port", required=True, type=int)
def main(port: int) -> None:
    server = Granian(
        "broken",
        address="127.0.0.1",
        port=port,
        interface="wsgi",  # type: ignore[arg-type]  # an enum of texts, which takes the text
        blocking_threads=4,
        log_enabled=False,
    )
    server.serve(target_loader=partial(broken_app), wrap_loader=False)


if __name__ == "__main__":
    main()
