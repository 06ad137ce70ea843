"""The settings of a run, read from options and environment and checked. Opens no connection."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypedDict
from urllib.parse import urlsplit

from contract_tests.config.credentials import collect_tokens, misspelt
from contract_tests.config.errors import CannotRun
from contract_tests.config.network import NO_NETWORK, Network, is_loopback, usable_network
from contract_tests.config.permissions import DEFAULT_PERMISSIONS, NO_LIMITS, Limits, Permissions
from contract_tests.config.servers import SANDBOX, address_of
from contract_tests.config.service import Service
from polar_contract import ContractError, default_revision

AUTO = "auto"
"""The value of --revision that leaves the choice to the target."""
DEFAULT_SEED = 20260415
DEFAULT_MAX_EXAMPLES = 20
DEFAULT_TIMEOUT_SECONDS = 10.0
# In the order in which they run: the checks that find most with the fewest requests come first.
CHECKS = ("core", "scenarios", "webhooks", "model", "properties")
MOST_WORKERS = 16
# How much of a run its HAR document contains: the most important exchanges in 5 MB, or all.
HARS = ("short", "full")
# Scripts use these names of options. They stay supported throughout version 0.
_OLD_OPTIONS = {"--promises": "--documented-guarantees"}
MOCK_KEY_VARIABLE = "POLAR_MOCK_KEY"
PRODUCTION_HOST = "api.polar.sh"
_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")


@dataclass(frozen=True, slots=True)
class Share:
    """The part of the checks that one process runs: `index` from 0, of `count`."""

    index: int
    count: int


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a run. `base_url` is None for the bundled mock and never ends in a slash. Tokens are kept out of the repr."""

    base_url: str | None = None
    tokens: Mapping[str, str] = field(default_factory=dict, repr=False)
    token_hint: str = ""
    """Which variable may be a misspelt one of a token; empty when there is none."""
    revision: str = field(default_factory=default_revision)
    asks_revision: bool = False
    """Whether the user named the revision; otherwise a target that is not our mock is judged by the one that it keeps."""
    service: Service | None = None
    """What a run found out about its target before the first check; None for our mock."""
    day: date | None = None
    """The day by which versions are judged; None for the day of the target's answers."""
    seed: int = DEFAULT_SEED
    max_examples: int = DEFAULT_MAX_EXAMPLES
    reports: Path = Path("reports")
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS
    only: tuple[str, ...] = CHECKS
    only_rules: tuple[str, ...] = ()
    """Ids of the rules whose violations are reported; empty for all rules."""
    documented_guarantees: bool = False
    """Whether broken documented guarantees count on a live target, too."""
    fail_fast: bool = False
    workers: int = 1
    share: Share | None = None
    permissions: Permissions = DEFAULT_PERMISSIONS
    limits: Limits = NO_LIMITS
    network: Network = NO_NETWORK
    as_live: bool = False
    """Whether a mock is treated as a live account: allowed requests, request rate and reports."""
    har: str = HARS[0]
    mock_key: str | None = field(default=None, repr=False)
    """The key of the control API, for a mock that requires one."""

    @property
    def is_whole(self) -> bool:
        """Whether all kinds of checks run and report all rules, so that every documented response must occur."""
        return set(self.only) == set(CHECKS) and not self.only_rules


def read_settings(
    *,
    base_url: str | None,
    token_options: Iterable[str],
    environment: Mapping[str, str],
    revision: str,
    asks_revision: bool = False,
    day: date | None = None,
    seed: int,
    max_examples: int,
    reports: str,
    timeout_seconds: float,
    production: bool,
    only: Iterable[str] = (),
    skip: Iterable[str] = (),
    only_rules: tuple[str, ...] = (),
    documented_guarantees: bool = False,
    fail_fast: bool = False,
    workers: int = 1,
    permissions: Permissions = DEFAULT_PERMISSIONS,
    limits: Limits = NO_LIMITS,
    ca_bundle: str | None = None,
    as_live: bool = False,
    har: str = HARS[0],
) -> Settings:
    """Checked settings. Errors: CannotRun with a sentence that names the option."""
    if max_examples < 1:
        raise CannotRun(f"--max-examples is {max_examples}; give 1 or more.")
    if not 0 < timeout_seconds <= 600:
        raise CannotRun(f"--timeout is {timeout_seconds} seconds; give more than 0 and at most 600.")
    if not 1 <= workers <= MOST_WORKERS:
        raise CannotRun(f"--workers is {workers}; give 1 to {MOST_WORKERS}.")
    url = checked_url(base_url, production=production, revision=revision) if base_url is not None else None
    return Settings(
        base_url=url,
        tokens=collect_tokens(token_options, environment),
        token_hint=misspelt(environment),
        revision=revision,
        asks_revision=asks_revision,
        day=day,
        seed=seed,
        max_examples=max_examples,
        reports=_folder(reports),
        timeout_seconds=timeout_seconds,
        only=_chosen(tuple(only), tuple(skip)),
        only_rules=only_rules,
        documented_guarantees=documented_guarantees,
        fail_fast=fail_fast,
        workers=workers,
        permissions=permissions,
        limits=limits,
        network=usable_network(ca_bundle, environment, url),
        as_live=as_live,
        har=har,
        mock_key=environment.get(MOCK_KEY_VARIABLE) or None,
    )


def _folder(reports: str) -> Path:
    if not reports.strip():
        raise CannotRun("--reports is empty; give a folder.")
    folder = Path(reports)
    if folder.exists() and not folder.is_dir():
        raise CannotRun(f"--reports {reports} is a file; give a folder.")
    return folder


class NamedRevision(TypedDict):
    """The revision of a run, and whether the user named it."""

    revision: str
    asks_revision: bool


def named_revision(given: str | None) -> NamedRevision:
    """What `--revision` means: `auto`, and nothing, leave the choice to the target. Errors: CannotRun."""
    if given not in (None, AUTO):
        return NamedRevision(revision=str(given), asks_revision=True)
    try:
        return NamedRevision(revision=default_revision(), asks_revision=False)
    except ContractError as problem:
        raise CannotRun(f"{problem}.") from problem


def default_workers(*, is_bundled_mock: bool, is_limited: bool, cores: int) -> int:
    """The number of processes if none is named: two for a whole run on the bundled mock, which then takes two thirds of the time.

    One for a run that ends at its first finding or counts its requests, because processes can't share that exactly.
    """
    return 2 if is_bundled_mock and not is_limited and cores > 1 else 1


def renamed(option: str) -> str:
    """The sentence for an option that is given by its old name. Errors: KeyError if it has no other name."""
    return f"{option} is now {_OLD_OPTIONS[option]}."


def is_same_server(url: str, other: str) -> bool:
    """Whether two URLs name the same server; all loopback names count as one."""
    one, two = urlsplit(url), urlsplit(other)
    is_same_host = one.hostname == two.hostname or (is_loopback(url) and is_loopback(other))
    try:
        return is_same_host and (one.scheme, one.port) == (two.scheme, two.port)
    except ValueError:  # no port has such a number
        return False


def _chosen(only: tuple[str, ...], skip: tuple[str, ...]) -> tuple[str, ...]:
    """The kinds of checks to run, in their usual order."""
    chosen = tuple(name for name in CHECKS if name in (only or CHECKS) and name not in skip)
    if not chosen:
        raise CannotRun("--skip leaves no check to make.")
    return chosen


def checked_url(url: str, *, production: bool, option: str = "--base-url", revision: str | None = None) -> str:
    """Scheme and host of a target, without a trailing slash; `sandbox` means the server of that name in the contract.

    Errors: CannotRun with a sentence that names the option.
    """
    if url.strip() == SANDBOX:
        return address_of(SANDBOX, revision or default_revision())
    example = "give it like https://sandbox-api.polar.sh"
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise CannotRun(f"{option} {url!r} is not a URL; {example}.") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise CannotRun(f"{option} {url!r} is not an http or https address; {example}.")
    if parts.username or parts.password:
        raise CannotRun(f"{option} must not hold credentials; {example} and the token with --token.")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise CannotRun(f"{option} {url!r} has more than a host; leave out what follows it: {example}.")
    if _HOST.fullmatch(parts.hostname) is None:
        raise CannotRun(
            f"{option} {url!r} has no host name as it is sent; other letters than ASCII's are written xn--...."
        )
    if parts.hostname.rstrip(".") == PRODUCTION_HOST and not production:
        raise CannotRun(f"{PRODUCTION_HOST} is production; use the sandbox, or add --i-understand-this-is-production.")
    # In the spelling of requests, which the guarded session compares with.
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{port}" if port is not None else "")
