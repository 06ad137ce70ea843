"""Network settings for reaching a target: its proxy and the trusted certificate authorities. Opens no connection."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from contract_tests.config.errors import CannotRun

CA_OPTION = "--ca-bundle"
# The first of these that is set counts; requests and OpenSSL use these names.
_CA_VARIABLES = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
_PROXY_VARIABLES = {
    "http": ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"),
    "https": ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"),
}
_NO_PROXY_VARIABLES = ("no_proxy", "NO_PROXY")
_EXAMPLE = "write it as http://proxy.example.com:3128"


@dataclass(frozen=True, slots=True)
class Route:
    """How a session reaches a host: its proxy URL, which may hold a password, and a file or folder of the only trusted authorities.

    `None` means no proxy, and the system's usual authorities.
    """

    proxy: str | None = field(default=None, repr=False)
    ca_bundle: str | None = None


DIRECT = Route()


@dataclass(frozen=True, slots=True)
class Network:
    """The option `--ca-bundle` and the environment's variables, which may hold passwords and are kept out of the repr."""

    ca_bundle: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)

    def route_to(self, url: str) -> Route:
        """The route to a URL. Errors: CannotRun for an unusable file or address; the message says where it was given."""
        return Route(self._proxy_for(url), self._authorities_for(url))

    def described(self, url: str) -> str:
        """The proxy to a URL for messages, without user and password, and where it was given; empty when there is none."""
        name, proxy = self._proxy_given(url)
        return f"{shown_proxy(_checked_proxy(name, proxy))} ({name})" if proxy else ""

    def _proxy_for(self, url: str) -> str | None:
        name, proxy = self._proxy_given(url)
        return _checked_proxy(name, proxy) if proxy else None

    def _proxy_given(self, url: str) -> tuple[str, str]:
        """The variable that sets the proxy, and its value; both empty when the URL is reached without one."""
        names = _PROXY_VARIABLES.get(urlsplit(url).scheme, ())
        given = next(
            ((one, self.variables[one].strip()) for one in names if self.variables.get(one, "").strip()), ("", "")
        )
        return given if any(given) and not is_loopback(url) and not self._is_excepted(url) else ("", "")

    def _is_excepted(self, url: str) -> bool:
        # Imported late: requests doubles the time that --help takes, and few environments set a proxy.
        from requests.utils import should_bypass_proxies

        exceptions = next((self.variables[one] for one in _NO_PROXY_VARIABLES if self.variables.get(one)), "")
        return bool(should_bypass_proxies(url, exceptions or " "))

    def _authorities_for(self, url: str) -> str | None:
        if self.ca_bundle is not None:
            return _checked_authorities(CA_OPTION, self.ca_bundle)
        name = next((one for one in _CA_VARIABLES if self.variables.get(one)), None)
        if name is None or urlsplit(url).scheme != "https":
            return None
        return _checked_authorities(name, self.variables[name])


NO_NETWORK = Network()


def usable_network(ca_bundle: str | None, environment: Mapping[str, str], url: str | None) -> Network:
    """The network settings from option and environment. Errors: CannotRun for settings that cannot be used for the URL."""
    names = {*_CA_VARIABLES, *_NO_PROXY_VARIABLES, *(one for group in _PROXY_VARIABLES.values() for one in group)}
    network = Network(ca_bundle, {name: environment[name] for name in names if environment.get(name)})
    # The bundled mock runs on this machine, at a port that is not known yet.
    network.route_to(url or "http://localhost")
    return network


def is_loopback(url: str) -> bool:
    """Whether the URL names this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def shown_proxy(url: str) -> str:
    """The URL of a proxy without user and password."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _checked_proxy(name: str, url: str) -> str:
    """The proxy's URL, with `http://` when the scheme is missing. The error message leaves out a possible password."""
    whole = url if "://" in url else f"http://{url}"
    try:
        parts = urlsplit(whole)
        is_usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_usable = False
    if not is_usable:
        shown = url.rpartition("@")[2]
        raise CannotRun(f"{name} is not the address of an http or https proxy ({shown!r}); {_EXAMPLE}.")
    return whole


def _checked_authorities(name: str, path: str) -> str:
    file = Path(path)
    if file.exists() and not (file.is_file() or file.is_dir()):
        raise CannotRun(f"{name} {path} is not a file; give a file of certificates in PEM form.")
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if file.is_dir():
            context.load_verify_locations(capath=path)
            return path
        context.load_verify_locations(cafile=path)
    except ssl.SSLError:
        raise CannotRun(f"{name} {path} contains no certificate; give a file of certificates in PEM form.") from None
    except (OSError, ValueError) as problem:
        why = getattr(problem, "strerror", None) or problem
        raise CannotRun(f"{name} {path} can't be read ({why}); give a file of certificates in PEM form.") from None
    return path
