"""Run `python -m bench`: the mock's cost per request, at start, in memory and with its data; and the contract tests by requests."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from http.client import HTTPException
from pathlib import Path

import click
from rich.console import Console

from bench.busy import busy_section, measure_busy
from bench.comparing import compare_programs
from bench.connections import connections_section, measure_connections
from bench.journal import added_section, measure_added
from bench.load import UnexpectedAnswer
from bench.measuring import measure_cold_starts, measure_costs
from bench.memory import measure_memory, memory_section
from bench.page import write_page
from bench.peers import NoPeers, Peer, install, read_peers
from bench.processes import ServerFailed
from bench.scaling import measure_scaling, scaling_section
from bench.sections import Section, show
from bench.tables import cold_starts_section, costs_section, show_programs

_BUSY_SECONDS = 3.0


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--requests", default=10_000, show_default=True, type=click.IntRange(min=100), help="Per round and operation."
)
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(min=1), help="Rounds; targets alternate.")
@click.option("--peers", is_flag=True, help="Measure other mock servers too; installs them with npm, once.")
@click.option(
    "--memory",
    default=1_000_000,
    show_default=True,
    type=click.IntRange(min=0),
    help="Requests over which memory is measured, two minutes a million; 0: none.",
)
@click.option(
    "--skip-comparison",
    is_flag=True,
    help="Skip the comparison with Schemathesis, which takes some minutes.",
)
@click.option("--write", is_flag=True, help="Write docs/performance.md and its chart; skips that comparison.")
def main(requests: int, rounds: int, peers: bool, memory: int, skip_comparison: bool, write: bool) -> None:
    """Measure the mock beside a trivial Flask application under the same server, and the contract tests beside plain Schemathesis.

    Needs Linux (/proc).

    \b
    Examples:
      python -m bench
      python -m bench --requests 2000 --rounds 1 --memory 0 --skip-comparison
      python -m bench --peers --write

    Read the ratio rather than the absolute numbers: other work on the machine affects both targets alike.

    \b
    Exit codes: 0 measured, 1 a server failed or gave an unexpected answer.
    """
    console, say = Console(), Console(stderr=True, style="dim").print
    others = _peers(say) if peers else ()
    try:
        costs = measure_costs(requests=requests, rounds=rounds, progress=say, peers=others)
        sections = [costs_section(costs, requests=requests, rounds=rounds)]
        show(console, sections[0])
        for section in _more(requests, rounds, memory, others, say):
            show(console, section)
            sections.append(section)
        if write:
            write_page(Path.cwd(), costs, sections)
        elif not skip_comparison:
            show_programs(console, list(compare_programs(say)))
    except (ServerFailed, UnexpectedAnswer, HTTPException) as problem:
        click.echo(str(problem), err=True)
        sys.exit(1)


def _peers(say: Callable[[str], None]) -> tuple[Peer, ...]:
    """None, with the reason, where they can't be had: the other figures do not need them."""
    peers = read_peers()
    try:
        say("installing other mock servers, unless they are there")
        install(peers)
    except NoPeers as problem:
        click.echo(f"Without other mock servers: {problem}", err=True)
        return ()
    return peers


def _more(
    requests: int, rounds: int, memory: int, peers: tuple[Peer, ...], say: Callable[[str], None]
) -> Iterator[Section]:
    say("cold starts")
    yield cold_starts_section(measure_cold_starts(peers=peers))
    say("large worlds")
    yield scaling_section(measure_scaling(rounds=rounds))
    say("the journal")
    yield added_section(measure_added(requests=requests, rounds=rounds))
    say("connections")
    yield connections_section(measure_connections(requests=requests, rounds=rounds))
    say("short calls beside long ones")
    yield busy_section(measure_busy(seconds=_BUSY_SECONDS))
    if memory:
        say("memory")
        yield memory_section(measure_memory(memory, say))


if __name__ == "__main__":
    main(prog_name="python -m bench")
