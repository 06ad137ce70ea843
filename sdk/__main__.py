"""Run `python -m sdk`: install Polar's SDKs, start the mock, run each client program against it, and count the results."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console

from mock_server.testing import MockDidNotStart, running_mock
from sdk.environments import CannotInstall, Environment, install, is_installed, why_not_typescript
from sdk.limits import read_limits
from sdk.outcomes import Outcome, Verdict, count
from sdk.page import PAGE, render_page
from sdk.preparing import CannotPrepare
from sdk.releases import RELEASES, Language, Release, Target, targets_of
from sdk.reporting import show
from sdk.running import check, copy_programs

_AT_ONCE = 3
_HELP = """Check that Polar's published SDKs work against the mock with only the base URL changed.

Each SDK is installed into its own environment (kept in .venv-sdk) and driven by a client program in its own
worlds. Without node the TypeScript SDKs are skipped.

\b
Examples:
  python -m sdk
  python -m sdk --only py-0.31.7 --only ts-1.0.1
  python -m sdk --base-url http://127.0.0.1:8000
  python -m sdk --write

\b
Exit codes:
  0  every promise is kept, or the release itself cannot: sdk/limits.yaml says why
  1  a check failed; --write has written nothing
  2  nothing could be checked: an SDK could not be installed, or no mock answers
"""


Say = Callable[[str], None]


@click.command(context_settings={"help_option_names": ["-h", "--help"]}, help=_HELP)
@click.option(
    "--only",
    "names",
    multiple=True,
    type=click.Choice([release.name for release in RELEASES]),
    help="Check these releases only; may be repeated.",
)
@click.option("--base-url", metavar="URL", help="A running mock. Without it one is started.")
@click.option(
    "--environments",
    default=".venv-sdk",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the SDKs' environments.",
)
@click.option("--write", is_flag=True, help="Write docs/sdks.md from this run, which has to be one of all releases.")
def main(names: tuple[str, ...], base_url: str | None, environments: Path, write: bool) -> None:
    """Run the checks; `_HELP` is the help text."""
    if write and names:
        raise click.UsageError("--write makes the page of all releases; leave out --only.")
    wanted = [release for release in RELEASES if not names or release.name in names]
    say = Console(stderr=True, style="dim", soft_wrap=True, highlight=False).print
    reason = why_not_typescript() if any(release.language is Language.TYPESCRIPT for release in wanted) else None
    releases = [release for release in wanted if reason is None or release.language is not Language.TYPESCRIPT]
    left_out = {release: reason for release in wanted if reason is not None and release not in releases}
    if not releases:
        click.echo(f"nothing to check: {reason}", err=True)
        sys.exit(2)
    try:
        results = _install_and_check(releases, base_url, environments.absolute(), say)
    except (CannotInstall, CannotPrepare, MockDidNotStart) as problem:
        click.echo(str(problem), err=True)
        sys.exit(2)
    show(Console(soft_wrap=True, highlight=False), results, left_out)
    if any(count(outcomes, Verdict.FAILED) for outcomes in results.values()):
        sys.exit(1)
    if write and left_out:
        click.echo(f"docs/sdks.md was not written, because releases were left out: {reason}", err=True)
        sys.exit(2)
    if write:
        PAGE.write_text(render_page(results))


def _install_and_check(
    releases: Sequence[Release], base_url: str | None, root: Path, say: Say
) -> dict[Target, list[Outcome]]:
    """Install every SDK before checking any, so that a failed installation is reported at once."""
    targets = targets_of(releases)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        installed = dict(zip(releases, pool.map(lambda release: _install(release, root, say), releases), strict=True))
        with _mock_at(base_url) as url:
            outcomes = list(pool.map(lambda target: _check(installed[target.release], target, url, say), targets))
    return dict(zip(targets, outcomes, strict=True))


@contextmanager
def _mock_at(base_url: str | None) -> Iterator[str]:
    if base_url is not None:
        yield base_url.rstrip("/")
    else:
        with running_mock() as mock:
            yield mock.base_url


def _install(release: Release, root: Path, say: Say) -> Environment:
    environment = Environment(release, root / release.name)
    if is_installed(environment):
        say(f"{release.name}: already installed")
    else:
        say(f"{release.name}: installing {release.requirements[0]}")
        install(environment)
        say(f"{release.name}: installed in {environment.folder}")
    copy_programs(environment)
    return environment


def _check(environment: Environment, target: Target, base_url: str, say: Say) -> list[Outcome]:
    outcomes = check(environment, target, base_url, read_limits())
    say(f"{target.name}: {len(outcomes)} checks reported")
    return outcomes


if __name__ == "__main__":
    main(prog_name="python -m sdk")
