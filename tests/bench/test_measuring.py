"""Tests of the measurements on small numbers: results are positive, the client rejects wrong answers. No speed is checked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from click.testing import CliRunner

from bench.__main__ import main
from bench.load import UnexpectedAnswer, send_load
from bench.measuring import Cost, Spread, measure_cold_starts, measure_costs
from bench.processes import ServerFailed, cpu_seconds, memory, serving, tree
from bench.targets import both_targets, order_of


class GivenBothTargets:
    def test_when_they_are_asked_the_same_then_they_answer_the_same_order(self) -> None:
        with both_targets() as (mock, trivial):
            assert len(order_of(mock)) == pytest.approx(len(order_of(trivial)), abs=10)

    def test_when_their_trees_are_read_then_they_use_memory_and_cpu(self) -> None:
        with both_targets() as (mock, _):
            send_load(mock.server.port, mock.requests["GET order"], count=50)
            used = memory(mock.server.pid)
            assert mock.server.pid in tree(mock.server.pid)
            assert cpu_seconds(mock.server.pid) > 0
            assert 0 < used.proportional <= used.resident

    def test_when_an_answer_has_another_status_then_the_load_says_so(self) -> None:
        with both_targets() as (mock, _):
            wrong = replace(mock.requests["GET order"], token="polar_cst_none")
            with pytest.raises(UnexpectedAnswer, match="expected status 200"):
                send_load(mock.server.port, wrong, count=1)

    def test_when_costs_are_measured_then_every_operation_has_a_ratio(self) -> None:
        costs = measure_costs(requests=300, rounds=2, progress=lambda _: None)
        baselines = {cost.operation: cost.baseline for cost in costs.operations}
        assert baselines == {
            **{name: name for name in ("POST invoice", "GET order", "list of 10")},
            **dict.fromkeys(
                ("422, an id that is none", "401, an unknown token", "PATCH", "GET invoice"), "POST invoice"
            ),
        }
        assert all(0 < cost.ratio.least <= cost.ratio.median <= cost.ratio.most for cost in costs.operations)
        assert costs.floor.median > 0


class GivenColdStarts:
    def test_when_they_are_measured_then_both_targets_have_wall_and_cpu_time(self) -> None:
        starts = measure_cold_starts(starts=1)
        assert [start.target for start in starts] == ["mock", "trivial"]
        assert all(start.wall.least > 0 and start.cpu.least > 0 for start in starts)


class GivenAServerThatEnds:
    def test_when_it_is_awaited_then_its_output_is_reported(self) -> None:
        with pytest.raises(ServerFailed, match="No module named"), serving("none", ("bench.no_such_module",)):
            pass


def test_when_rounds_are_compared_then_each_round_has_a_ratio_of_its_own() -> None:
    # The second round ran on a busier machine: both cost twice as much, and the ratio stays the same.
    cost = Cost.of("PATCH", [150.0, 300.0, 160.0], [100.0, 200.0, 100.0], baseline="POST invoice")
    assert cost.ratio == Spread(1.5, 1.5, 1.6)


def test_when_values_are_spread_then_the_median_stands_between_least_and_most() -> None:
    assert Spread.of([3.0, 1.0, 2.0]) == Spread(1.0, 2.0, 3.0)


@pytest.mark.parametrize("arguments", [["--requests", "none"], ["--rounds", "0"]])
def test_when_options_are_wrong_then_the_exit_code_says_so(arguments: list[str]) -> None:
    assert CliRunner().invoke(main, arguments).exit_code == 2


def test_when_help_is_asked_for_then_it_has_examples() -> None:
    assert "python -m bench --requests" in CliRunner().invoke(main, ["--help"]).output
