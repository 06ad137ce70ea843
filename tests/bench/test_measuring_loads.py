"""Large worlds, many connections, long calls and memory on small numbers: all figures are there. No speed is checked."""

from __future__ import annotations

from bench.busy import busy_section, measure_busy
from bench.connections import CONNECTIONS, connections_section, measure_connections
from bench.journal import added_section, measure_added
from bench.memory import measure_memory, memory_section, mixed
from bench.scaling import measure_scaling, scaling_section
from bench.sections import markdown
from bench.targets import requests_for


def test_when_connections_are_measured_then_each_number_has_a_rate_and_waits() -> None:
    crowds = measure_connections(requests=300, rounds=1)

    assert [one.connections for one in crowds] == [*CONNECTIONS]
    assert all(0 < one.half.median <= one.of_99.median and one.per_second.median > 0 for one in crowds)
    assert markdown(connections_section(crowds)).count("\n|") == 2 + len(CONNECTIONS)


def test_when_the_journal_is_measured_then_each_operation_has_a_cost_without_and_with_it() -> None:
    measured = measure_added(requests=100, rounds=1)

    assert [(one.world, len(one.costs)) for one in measured] == [("journal off", 4), ("journal on", 4)]
    assert markdown(added_section(measured)).count("(+") + markdown(added_section(measured)).count("(-") == 4


def test_when_worlds_are_measured_then_each_list_has_a_cost_for_each_size() -> None:
    scaling = measure_scaling(rounds=1, sizes=(10, 50))

    assert [len(costs) for costs in scaling.lists.values()] == [2] * len(scaling.lists)
    assert (scaling.large.orders, scaling.large.before > 0, scaling.large.after > 0) == (50, True, True)
    assert "| orders in the world | 10 | 50 |" in markdown(scaling_section(scaling, sizes=(10, 50)))


def test_when_the_mock_is_busy_then_every_kind_of_short_call_is_answered_beside_every_kind_of_work() -> None:
    measured = measure_busy(seconds=0.1, listed=20, made=30)

    assert all([*one.calls] == ["health", "control call", "GET order"] for one in measured)
    assert all(0 < min(waits) <= one.worst for one in measured for waits in one.calls.values())
    assert markdown(busy_section(measured)).count("\n|") == 2 + len(measured)


def test_when_memory_is_measured_then_there_is_a_figure_at_the_start_and_after_the_last_request() -> None:
    marks = measure_memory(400, lambda _: None)

    assert (marks[0].requests, marks[-1].requests) == (0, 400)
    assert all(mark.resident > 0 for mark in marks)
    assert "| 400 |" in markdown(memory_section(marks))


def test_when_requests_are_mixed_then_two_of_a_hundred_are_changes_far_from_each_other() -> None:
    methods = [request.method for request in mixed(requests_for("id", "token"))]

    assert [number for number, method in enumerate(methods) if method == "PATCH"] == [25, 75]
    assert len(methods) == 100
