"""The table of webhook faults on few events; and that it reports lost and doubled events."""

from __future__ import annotations

import pytest

from bench.webhooks import FAULTS, Fault, try_fault


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
def test_when_a_receiver_fails_then_no_event_is_lost_or_doubled(fault: Fault) -> None:
    row = try_fault(fault, 3)

    assert row.is_clean, row
    assert row.requests >= 3


def test_when_a_receiver_never_answers_well_then_the_table_reports_what_was_lost() -> None:
    row = try_fault(Fault("always 500", (500,) * 10), 2)

    assert (row.lost, row.requests) == (2, 20)
