"""Parse `--public-url`: the scheme, host and port under which others reach this server."""

from __future__ import annotations

from urllib.parse import urlsplit

import click

from mock_server.web.served import host_name

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def read_public_url(_context: click.Context, _parameter: click.Parameter, given: str | None) -> str | None:
    """The URL as a browser writes an origin: lower case, no default port, no trailing slash.

    Errors: click.BadParameter for anything else than scheme, host and port.
    """
    if given is None:
        return None
    scheme, _, rest = given.lower().partition("://")
    host = rest.removesuffix("/")
    if scheme not in _DEFAULT_PORTS or host_name(host) is None or not _is_whole(given):
        raise click.BadParameter(f"{given!r} is not a base URL; give scheme, host and port, such as http://mock:8000")
    return f"{scheme}://{host.removesuffix(_DEFAULT_PORTS[scheme])}"


def _is_whole(url: str) -> bool:
    try:
        return bool(urlsplit(url).hostname)
    except ValueError:
        return False
