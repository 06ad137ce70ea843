"""The mock with a planted defect, served like the mock: a certain `Accept` header causes a crash."""

from __future__ import annotations

import click
from flask import Flask

from bench.floor import serve
from mock_server.assembly import Settings, assemble
from mock_server.documents.scenarios import load_scenario
from mock_server.web import app
from mock_server.web.exchange import Incoming
from mock_server.web.portal_page import is_portal_page


def broken_app() -> Flask:
    def crash(incoming: Incoming) -> bool:
        if incoming.header("HTTP_ACCEPT") == "*/*;q=x":
            raise RuntimeError("planted")
        return is_portal_page(incoming)

    # Every request that is not to the control API passes it.
    app.is_portal_page = crash  # type: ignore[attr-defined]  # an import of the module itself
    return assemble(Settings(world=load_scenario("demo"))).app


@click.command()
@click.option("--port", required=True, type=int)
def main(port: int) -> None:
    serve(broken_app(), port)


if __name__ == "__main__":
    main()
