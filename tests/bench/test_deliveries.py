"""The measurement of deliveries runs, and every event arrives."""

from __future__ import annotations

from click.testing import CliRunner

from bench.deliveries import main


def test_when_a_few_wait_then_all_are_delivered_and_a_row_says_the_costs() -> None:
    result = CliRunner().invoke(main, ["--waiting", "3", "--at-once", "2"])

    assert result.exit_code == 0, result.output
    assert [line.split("│")[1].strip() for line in result.output.splitlines() if "│" in line] == ["none", "3"]
