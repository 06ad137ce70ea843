"""Settings of the Python interpreter while the mock starts and serves: garbage collection, and turns between threads."""

from __future__ import annotations

import gc
import sys

# Objects that may be made, less the freed ones, between two searches for unreachable cycles; Python's default is 700.
_MADE_OBJECTS = 10_000
# How long a thread runs while others wait, Python's default is 0.005. A control call takes ten turns, each after those of all busy threads.
_TURN_SECONDS = 0.001


def set_for_start() -> None:
    """Search for no cycles: a start keeps nearly everything that it makes, and the searches take an eighth of its time."""
    gc.disable()


def set_for_serving() -> None:
    """Search rarely, and never among the objects that exist already: modules, the contract, the initial world.

    Nearly everything that a request makes is freed without a search. With Python's default the searches take a sixth of the
    time to make a world of 100,000 orders, and everyone waits for the longest of them 0.2 seconds.
    """
    gc.freeze()
    gc.set_threshold(_MADE_OBJECTS, *gc.get_threshold()[1:])
    gc.enable()
    sys.setswitchinterval(_TURN_SECONDS)
