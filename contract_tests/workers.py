"""Judging in several processes: each makes its share of the checks, and their tallies come together.

A live account is judged by the first of them alone: its pace and what may be done to it can't be shared.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from typing import TypeVar

import pytest

from contract_tests.findings import CannotRun
from contract_tests.interruptions import deaf_children
from contract_tests.merging import ShardResult, together
from contract_tests.settings import Settings, Share

Item = TypeVar("Item")
# Rows of the core table build on each other; the stories of these rooms share a world that takes long to prepare.
_BOUND = frozenset({"test_core.py", "test_scenarios_documents.py", "test_scenarios_lists.py"})


def run_in_processes(settings: Settings, context: Callable[[Settings], ShardResult]) -> ShardResult:
    """The tallies of all processes, brought together; after an interruption of what they had done by then.

    Errors: CannotJudge when a process ends without a tally.
    """
    shares = [replace(settings, share=Share(index, settings.workers)) for index in range(settings.workers)]
    return together(each_in_a_process(shares, context))


def each_in_a_process(shares: Sequence[Settings], context: Callable[[Settings], ShardResult]) -> list[ShardResult]:
    """The tallies of what is judged side by side; after an interruption of what was done by then.

    Errors: CannotJudge when a process ends without a tally.
    """
    # The pool begins a process of its own, which counts what the others share.
    with deaf_children():
        pool = ProcessPoolExecutor(
            len(shares), mp_context=multiprocessing.get_context("spawn"), initializer=end_with_parent
        )
        futures = [pool.submit(context, share) for share in shares]
    with pool:
        try:
            return [_patiently(future) for future in futures]
        except BrokenProcessPool:
            raise CannotRun("A process of the run was ended before it could tell what it had found.") from None


def end_with_parent() -> None:
    """A process of the pool would wait for more work for ever once the one that gives it was killed."""
    parent = multiprocessing.parent_process()

    def wait() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=wait, name="parent", daemon=True).start()


def share_of(items: Sequence[Item], share: Share, *, is_bound: Callable[[Item], bool]) -> list[Item]:
    """The items of one share, in their order. Bound ones build on each other and stay together, in the first share."""
    free = [item for item in items if not is_bound(item)]
    mine = set(map(id, free[share.index :: share.count]))
    return [item for item in items if id(item) in mine or (is_bound(item) and share.index == 0)]


def checks_of(items: list[pytest.Item], share: Share, *, is_mock: bool) -> list[pytest.Item]:
    """The share of the checks; what is prepared once for a room stays in one process, a live account is nothing to share."""
    if not is_mock:
        return items if share.index == 0 else []
    return share_of(items, share, is_bound=lambda item: item.path.name in _BOUND)


def _patiently(future: Future[ShardResult]) -> ShardResult:
    """What interrupts this process is told to the others: they end their check, and what they have found is kept."""
    try:
        return future.result()
    except KeyboardInterrupt:
        for process in multiprocessing.active_children():
            process.terminate()
        return future.result()
