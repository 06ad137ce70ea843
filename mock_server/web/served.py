"""The addresses of the server: its own hosts and origins, and the base of links in its responses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from mock_server.delivery.hosts import address_of, is_loopback

# A host and its port, as in a Host header.
_HOST = re.compile(
    r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,4}|:[1-5][0-9]{4}|:6[0-4][0-9]{3}|:65[0-4][0-9]{2}|:655[0-2][0-9]|:6553[0-5])?"
)
_ORIGIN = re.compile(r"https?://(.+)")
# A wildcard address can't be opened; the loopback address of the same family can.
_WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  compared, not bound
# Domains that are never public. Source: RFC 6762; ICANN's resolution on `.internal`, 2024.
_PRIVATE_DOMAINS = (".local", ".internal")


@dataclass(frozen=True, slots=True)
class Served:
    """Where the server listens. `public_url`: scheme, host and port of links, if others reach it by another name."""

    host: str = "127.0.0.1"
    """As it was requested."""
    port: int = 8000
    public_url: str | None = None
    is_loopback: bool = True
    """Whether only this machine can reach the addresses of the host."""

    @property
    def here(self) -> str:
        """A URL that works on this machine."""
        host = _WILDCARDS.get(self.host, self.host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def own_url(self) -> str:
        """The server's URL if a request does not name it."""
        return self.public_url or self.here

    @property
    def is_for_this_machine(self) -> bool:
        """Whether only this machine can reach it, by the address that it listens on and by its public name."""
        public = (self.public_url and urlsplit(self.public_url).hostname) or "localhost"
        return self.is_loopback and is_local_name(public)

    def base_url(self, scheme: str, host_header: str) -> str:
        """The base of links in an answer: the client's Host if it is one of ours, otherwise our own.

        If links took any host, a cached response could send its readers to the host that the first client chose.
        """
        if self.public_url is None and self.knows(host_header):
            return f"{scheme}://{host_header}"
        return self.own_url

    def knows(self, host_header: str) -> bool:
        """Whether `HOST[:PORT]` is this server: a name of this machine, or the host that it listens on.

        A server that listens for other machines also accepts names of a private network: an address that is not public, and
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
    """The host of `HOST[:PORT]` in lower case, without brackets; None for any other text."""
    found = _HOST.fullmatch(host_header)
    return found[1].strip("[]").lower().removesuffix(".") or None if found else None


def is_local_name(name: str) -> bool:
    """Whether a name means this machine in every resolver; public DNS has no names under `localhost`. Source: RFC 6761."""
    return is_loopback(name) or name.endswith(".localhost")


def _is_of_private_network(name: str) -> bool:
    address = address_of(name)
    if address is None:
        if name.endswith(_PRIVATE_DOMAINS):
            return True
        # Browsers treat a name of digits as an address: 134744072 is 8.8.8.8.
        return "." not in name and name[0].isalpha()
    return not address.is_global and not address.is_unspecified
