"""The baseline: the least that a Flask application can do for three of the measured operations, on the cheapest server.

Three routes, a UUID converter, a token, a dictionary of orders. It keeps no state and checks nothing else.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from uuid import UUID

import click
from flask import Flask, Response, abort, jsonify, request
from granian.server import Server as Granian

from mock_server.serving.signals import stop_when_input_ends
from polar_contract.json_types import JsonObject

TOKEN = "polar_cst_trivial"
LISTED = 10
BLOCKING_THREADS = 4
"""The server's best setting: docs/decisions/0005-granian-with-four-blocking-threads.md"""


def create_app(order: JsonObject) -> Flask:
    app = Flask("trivial")
    orders = {UUID(str(order["id"])): order}
    expected = f"Bearer {TOKEN}"

    @app.post("/v1/customer-portal/orders/<uuid:order_id>/invoice")
    def request_invoice(order_id: UUID) -> Response:
        if request.headers.get("Authorization") != expected:
            abort(401)
        if order_id not in orders:
            abort(404)
        return Response("null", 202, mimetype="application/json")

    @app.get("/v1/customer-portal/orders/<uuid:order_id>")
    def get_order(order_id: UUID) -> Response:
        if request.headers.get("Authorization") != expected:
            abort(401)
        if order_id not in orders:
            abort(404)
        return jsonify(orders[order_id])

    @app.get("/v1/customer-portal/orders/")
    def list_orders() -> Response:
        if request.headers.get("Authorization") != expected:
            abort(401)
        return jsonify({"items": [order] * LISTED, "pagination": {"total_count": LISTED, "max_page": 1}})

    return app


@click.command()
@click.option("--port", required=True, type=int)
def main(port: int) -> None:
    """Serve the one order that the first line of standard input contains as JSON, until that input ends."""
    order = json.loads(sys.stdin.buffer.readline())
    stop_when_input_ends()
    server = Granian(
        "trivial",
        address="127.0.0.1",
        port=port,
        interface="wsgi",  # type: ignore[arg-type]  # a str enum that accepts the text
        workers=1,
        blocking_threads=BLOCKING_THREADS,
        websockets=False,
        log_enabled=False,
    )
    server.serve(target_loader=partial(create_app, order), wrap_loader=False)


if __name__ == "__main__":
    main()
