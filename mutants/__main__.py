"""The command `python -m mutants`: options and exit codes. Tests planted defects, or compares each with the good mock."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import ExitStack, closing

import click
from rich.console import Console

from contract_tests.reporting.progress import Progress
from contract_tests.transport.signals import heeding_signals
from mock_server.testing import MockDidNotStart, running_mock
from mutants.changed import NoSuchRevision, changes_since, concerned, current_commit
from mutants.choosing import named, sample
from mutants.comparing import Compared, compare_defect
from mutants.defects import Defect, defects
from mutants.report import print_compared, print_good, print_list, print_verdicts
from mutants.sweep import Sweep
from mutants.verdicts import Verdict
from polar_contract import default_revision

_GOOD_SEEDS = (1, 2, 3)
_COMPARED_BY_DEFAULT = 10
_HELP = """Run the contract tests against planted defects, each in front of the good mock.

A defect is a row in mutants/data/ that names the rules that have to catch it; being caught by another rule is a
failure. Defects that change single answers are applied to a recorded run in memory; the checks that can see one of the
others run against it. NAMES are parts of names. Without NAMES all defects are tested, and the good mock with three
seeds.

--sample N takes N of each kind, chosen by the commit, and prints the seed. --changed-since REF adds the defects whose
row, operator, rule or check has changed since. --compare compares each defect with the good mock, as
`polar-contract compare` does, up to the first difference; without NAMES, ten of each kind.

\b
Examples:
  python -m mutants
  python -m mutants webhook "PATCH leaks"
  python -m mutants --sample 20 --changed-since main
  python -m mutants --compare "webhook: unsigned"
  python -m mutants --list document

\b
Exit codes:
  0  every defect was caught by a rule that it names, and no violation was found in the good mock
  1  a defect was missed or caught by another rule, or a violation was found in the good mock
  2  no defect has such a name, the mock did not start, or the run was interrupted
"""


@click.command(help=_HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("names", nargs=-1)
@click.option("--sample", "sampled", type=click.IntRange(1), metavar="N", help="A sample instead of all defects.")
@click.option("--sample-seed", metavar="TEXT", help="The seed of the sample; the commit by default.")
@click.option("--changed-since", metavar="REF", help="The defects that changes since this revision concern.")
@click.option("--compare", "--parity", "is_compared", is_flag=True, help="Compare each defect with the good mock.")
@click.option("--jobs", type=click.IntRange(1, 32), default=2, show_default=True, help="Number of processes.")
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the runs against defects.")
@click.option("--list", "is_listed", is_flag=True, help="Only list the defects.")
def main(
    names: tuple[str, ...],
    sampled: int | None,
    sample_seed: str | None,
    changed_since: str | None,
    is_compared: bool,
    jobs: int,
    seed: int,
    is_listed: bool,
) -> None:
    """See the help text above."""
    every = named(defects(default_revision()), names)
    if not every:
        click.echo(f"No defect has a name that contains {' or '.join(map(repr, names))}; see --list.", err=True)
        sys.exit(2)
    console = Console(width=None if sys.stdout.isatty() else 170)
    if is_compared and not names and sampled is None:
        sampled = _COMPARED_BY_DEFAULT
    chosen = _chosen(every, sampled, sample_seed, changed_since)
    if is_listed:
        print_list(console, chosen)
        return
    try:
        with heeding_signals(), ExitStack() as running:
            # A mock answers requests without a token by the revision that it was started with.
            wanted = dict.fromkeys((default_revision(), *(one.revision for one in chosen.values())))
            mocks = {name: running.enter_context(running_mock(revision=name)).base_url for name in wanted}
            sweep = Sweep(mocks, default_revision(), seed, jobs, Progress(sys.stderr))
            is_whole = len(chosen) == len(defects(default_revision()))
            exit_code = _compare(sweep, chosen, console) if is_compared else _test(sweep, chosen, console, is_whole)
    except MockDidNotStart as problem:
        click.echo(str(problem), err=True)
        exit_code = 2
    sys.exit(exit_code)


def _chosen(
    every: Mapping[str, Defect], sampled: int | None, seed: str | None, changed_since: str | None
) -> dict[str, Defect]:
    """All of these defects; with a sample or a revision, only those. Without the revision, the sample alone."""
    if sampled is None and changed_since is None:
        return dict(every)
    chosen: dict[str, Defect] = {}
    if changed_since is not None:
        try:
            chosen = concerned(every, changes_since(changed_since))
            click.echo(f"{len(chosen)} defects are concerned by the changes since {changed_since}.", err=True)
        except NoSuchRevision as problem:
            click.echo(f"{problem} Only a sample is run.", err=True)
            sampled = sampled or _COMPARED_BY_DEFAULT
    if sampled is not None:
        seed = seed or current_commit()
        click.echo(f"A sample by the seed {seed}.", err=True)
        chosen |= sample(every, sampled, seed)
    return chosen


def _test(sweep: Sweep, chosen: Mapping[str, Defect], console: Console, is_whole: bool) -> int:
    verdicts: list[Verdict] = []
    try:
        with closing(sweep.verdicts(chosen)) as reached:
            verdicts.extend(reached)
        good = sweep.good(_GOOD_SEEDS) if is_whole else {}
    except KeyboardInterrupt:
        sweep.progress.clear()
        print_verdicts(console, verdicts)
        click.echo(f"Interrupted: {len(verdicts)} of {len(chosen)} defects were run.", err=True)
        return 2
    sweep.progress.clear()
    print_verdicts(console, verdicts)
    print_good(console, good)
    is_well = all(one.is_caught for one in verdicts) and not any(one.rules or one.mistake for one in good.values())
    return 0 if is_well else 1


def _compare(sweep: Sweep, chosen: Mapping[str, Defect], console: Console) -> int:
    compared: dict[str, Compared] = {}
    sweep.progress.expect(len(chosen))
    try:
        for name, one in chosen.items():
            sweep.progress.step(name)
            compared[name] = compare_defect(sweep.mock_urls[one.revision], one, ("--seed", str(sweep.seed)))
    except KeyboardInterrupt:
        click.echo(f"Interrupted: {len(compared)} of {len(chosen)} defects were run.", err=True)
        return 2
    finally:
        sweep.progress.clear()
        print_compared(console, compared)
    return 0 if all(one.is_found for one in compared.values()) else 1


if __name__ == "__main__":
    main()
