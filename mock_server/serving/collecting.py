"""When Python searches for unreachable cycles in the mock: not during the start, rarely while it serves.

Nearly everything that a request makes is freed without it, and each search goes through a world's objects: with the default
settings, an eighth of the time of a start, a sixth of the time to make a world of 100,000 orders, with pauses for all requests.
"""

from __future__ import annotations

import gc

# Objects that may be made, less the freed ones, between two searches; Python's default is 700.
_MADE_OBJECTS = 10_000


def pause_collecting() -> None:
    gc.disable()


def collect_rarely() -> None:
    """Search from now on, and never among the objects that exist already: modules, the contract, the initial world."""
    gc.freeze()
    gc.set_threshold(_MADE_OBJECTS, *gc.get_threshold()[1:])
    gc.enable()
