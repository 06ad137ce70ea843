"""The measurement of faults runs, and its faults strike none of its requests."""

from __future__ import annotations

from click.testing import CliRunner

from bench.faults import FAULTS, main


def test_when_it_runs_then_every_kind_of_fault_has_its_time() -> None:
    done = CliRunner().invoke(main, ["--calls", "1", "--rounds", "1"])

    assert done.exit_code == 0, done.output
    assert [line[:45].strip() for line in done.output.splitlines()] == list(FAULTS)
