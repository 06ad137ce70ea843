"""Which queues run at once: a limited number of threads, of which no world can take all."""

from __future__ import annotations

from collections import Counter
from threading import Condition

from mock_server.store.state import World

Queue = tuple[World, str]


class Places:
    """A world has at most `of_a_world` places, and all worlds at most `shared`; but a world without a place gets its first
    one as long as fewer than `most` are taken.
    """

    def __init__(self, *, of_a_world: int, shared: int, most: int) -> None:
        self._of_a_world = of_a_world
        self._shared = shared
        self._most = most
        self._condition = Condition()
        self._taken: set[Queue] = set()
        self._by_world: Counter[World] = Counter()

    def has(self, queue: Queue) -> bool:
        with self._condition:
            return queue in self._taken

    def take(self, queue: Queue) -> bool:
        """Reserve a place for a queue without one, if its world may have one more."""
        world, _ = queue
        with self._condition:
            if len(self._taken) >= (self._shared if self._by_world[world] else self._most):
                return False
            if self._by_world[world] >= self._of_a_world or queue in self._taken:
                return False
            self._taken.add(queue)
            self._by_world[world] += 1
            return True

    def give_back(self, queue: Queue) -> None:
        world, _ = queue
        with self._condition:
            self._taken.discard(queue)
            self._by_world[world] -= 1
            if not self._by_world[world]:
                del self._by_world[world]
            self._condition.notify_all()

    def wait_until_free(self, timeout_seconds: float) -> bool:
        """Wait, for a limited time, until no queue runs any more; returns whether that is so."""
        with self._condition:
            return self._condition.wait_for(lambda: not self._taken, timeout_seconds)
