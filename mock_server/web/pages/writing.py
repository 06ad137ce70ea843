"""Write a page from its template: everything shown is escaped, and the browser runs and loads only the mock's own files."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mock_server.domain.money import write_money
from mock_server.views.basics import compact, write_time
from mock_server.web.exchange import Answer
from mock_server.web.flask_bridge import flask_response
from polar_contract.json_types import JsonValue

ASSET_ROOT = "/_mock/assets/"
HTML = ("Content-Type", "text/html; charset=utf-8")
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PAGE_HEADERS = (
    ("Content-Security-Policy", _POLICY),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
)


class PageWriter:
    """Writes pages; the templates are read when the first page is asked for, because most servers never show one."""

    @cached_property
    def _templates(self) -> Environment:
        templates = Environment(
            loader=FileSystemLoader(Path(__file__).with_name("templates")),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        templates.filters |= {"json": _json, "money": write_money, "moment": _moment, "stamp": write_time}
        templates.filters |= {"part": _part, "pretty": _pretty}
        return templates

    def page(self, name: str, *, status: int = 200, **facts: Any) -> Response:
        text = self._templates.get_template(f"{name}.html").render(facts)
        # Names may hold lone surrogates, which UTF-8 does not have.
        return flask_response(Answer(status, text.encode("utf-8", "replace"), (HTML, *PAGE_HEADERS)))


def _json(value: JsonValue) -> str:
    return compact(value).decode()


def _moment(moment: datetime) -> str:
    """`2026-11-28 18:10:39`, in UTC."""
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def _part(text: str) -> str:
    """Free text as one part of a path."""
    return quote(text.encode("utf-8", "replace"), safe="")


def _pretty(body: str) -> str:
    """JSON on several lines; any other text as it is."""
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except ValueError:
        return body
