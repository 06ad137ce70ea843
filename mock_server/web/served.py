"""Where the server can be reached: which hosts and origins are its own, and what the links in its answers begin with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from mock_server.delivery.hosts import address_of, is_loopback

# A host and its port, as a Host header names them.
_HOST = re.compile(
    r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,4}|:[1-5][0-9]{4}|:6[0-4][0-9]{3}|:65[0-4][0-9]{2}|:655[0-2][0-9]|:6553[0-5])?"
)
_ORIGIN = re.compile(r"https?://(.+)")
# An address that stands for all of the machine's can't be opened; the loopback one of its kind can.
_WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  compared, not bound
# Domains that are never public. Source: RFC 6762; ICANN's resolution on `.internal`, 2024.
_PRIVATE_DOMAINS = (".local", ".internal")


@dataclass(frozen=True, slots=True)
class Served:
    """Where the server listens. `public_url`: scheme, host and port for links, where others reach it by another name."""

    host: str = "127.0.0.1"
    """As it was asked for."""
    port: int = 8000
    public_url: str | None = None
    is_loopback: bool = True
    """Whether nobody but this machine can reach what the host stands for."""

    @property
    def here(self) -> str:
        """What can be opened on this machine."""
        host = _WILDCARDS.get(self.host, self.host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def own_url(self) -> str:
        """What this server is called when a request does not say it."""
        return self.public_url or self.here

    @property
    def is_for_this_machine(self) -> bool:
        """Whether nobody else can reach it, by the address that it listens on and by the name that others are told."""
        public = (self.public_url and urlsplit(self.public_url).hostname) or "localhost"
        return self.is_loopback and is_local_name(public)

    def base_url(self, scheme: str, host_header: str) -> str:
        """What a link in an answer begins with: the host that the client named if it is one of ours, else our own.

        A link that takes any host would lead whoever gets it from a cache to where the first client wanted.
        """
        if self.public_url is None and self.knows(host_header):
            return f"{scheme}://{host_header}"
        return self.own_url

    def knows(self, host_header: str) -> bool:
        """Whether `HOST[:PORT]` is this server: a name of this machine, or the one that is listened on.

        A server that listens for others is also known by the names of a private network: an address that is not public, and
        a name without a dot, as containers have, or of a domain that is never public.
        """
        name = host_name(host_header)
        if name is None:
            return False
        if is_local_name(name) or (name == self.host.lower() and name not in _WILDCARDS):
            return True
        return not self.is_loopback and _is_of_private_network(name)

    def allows_page(self, origin: str, base_url: str) -> bool:
        """Whether a page of this origin may use the control API: one of this machine, or of this server at `base_url`."""
        if origin == base_url:
            return True
        found = _ORIGIN.fullmatch(origin)
        name = host_name(found[1]) if found else None
        return name is not None and is_local_name(name)


def host_name(host_header: str) -> str | None:
    """The host of `HOST[:PORT]` in lower case, without brackets; None for anything that is no such thing."""
    found = _HOST.fullmatch(host_header)
    return found[1].strip("[]").lower().removesuffix(".") or None if found else None


def is_local_name(name: str) -> bool:
    """A name that leads to this machine wherever it is looked up; `localhost` has no names in public. Source: RFC 6761."""
    return is_loopback(name) or name.endswith(".localhost")


def _is_of_private_network(name: str) -> bool:
    address = address_of(name)
    if address is None:
        if name.endswith(_PRIVATE_DOMAINS):
            return True
        # A name of digits alone is an address to browsers: 134744072 is 8.8.8.8.
        return "." not in name and name[0].isalpha()
    return not address.is_global and not address.is_unspecified
