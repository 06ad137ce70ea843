"""The slow-client benchmark with a few clients: all other clients are answered, and it reports how long they took."""

from __future__ import annotations

from functools import partial

import pytest

from bench.slow_clients import Waits, waits_beside
from bench.stopping import Load, hanging_settles, withheld_bodies


@pytest.mark.parametrize(
    "load", [partial(withheld_bodies, count=12), partial(hanging_settles, count=5)], ids=["withheld bodies", "settles"]
)
def test_when_clients_never_finish_then_all_others_are_answered_and_timed(load: Load) -> None:
    waits = waits_beside("some", load, 20)

    assert len(waits.seconds) == 20
    assert 0 < waits.at(0.5) <= waits.at(0.99) <= waits.seconds[-1]


def test_when_the_waits_are_known_then_their_percentiles_are_reported() -> None:
    waits = Waits("some", [number / 100 for number in range(100)])

    assert (waits.at(0.5), waits.at(0.99), waits.at(1.0)) == (0.5, 0.99, 0.99)
