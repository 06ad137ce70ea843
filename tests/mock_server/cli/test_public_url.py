"""`polar-mock serve --public-url`: accepted values, and their form in links."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from mock_server.cli.public_url import read_public_url
from mock_server.cli.serve import serve

_CONTEXT, _OPTION = click.Context(serve), click.Option(["--public-url"])


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (None, None),
        ("http://mock:8000", "http://mock:8000"),
        ("http://mock:8000/", "http://mock:8000"),
        ("HTTPS://Mock.Example.com:443", "https://mock.example.com"),
        ("http://mock:80", "http://mock"),
        ("http://mock:443", "http://mock:443"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_when_it_is_a_base_url_then_it_is_written_as_an_origin(given: str | None, read: str | None) -> None:
    assert read_public_url(_CONTEXT, _OPTION, given) == read


@pytest.mark.parametrize(
    "given",
    [
        *("", "mock", "mock:8000", "ftp://mock", "http://", "http://mock/path", "http://user@mock", "http://mock?x"),
        *("http://a b", "http://mock:99999", "http://[::1", "http://mock:x"),
    ],
)
def test_when_it_is_none_then_a_message_says_what_to_give(given: str) -> None:
    ran = CliRunner().invoke(serve, ["--public-url", given])

    assert ran.exit_code == 2
    assert f"{given!r} is not a base URL; give scheme, host and port" in " ".join(ran.output.split())
