"""Running the checks in several processes: each runs its share, and the shard results are merged.

A live account is checked by the first process only, because processes cannot share its request rate and its permissions.
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

from contract_tests.config.errors import CannotRun
from contract_tests.config.settings import Settings, Share
from contract_tests.runner.merge import ShardResult, together
from contract_tests.transport.signals import deaf_children

Item = TypeVar("Item")
# Rows of the core table depend on each other; the scenarios of these files share a world that takes long to prepare.
_BOUND = frozenset({"test_core.py", "test_scenarios_documents.py", "test_scenarios_lists.py"})


def run_in_processes(settings: Settings, context: Callable[[Settings], ShardResult]) -> ShardResult:
    """The merged result of all processes; after an interruption, of the checks that had run by then.

    Errors: CannotRun when a process ends without a result.
    """
    shares = [replace(settings, share=Share(index, settings.workers)) for index in range(settings.workers)]
    return together(each_in_a_process(shares, context))


def each_in_a_process(shares: Sequence[Settings], context: Callable[[Settings], ShardResult]) -> list[ShardResult]:
    """One shard result per process; after an interruption, of the checks that had run by then.

    Errors: CannotRun when a process ends without a result.
    """
    # The pool also starts a resource tracker process for what the others share.
    with deaf_children():
        pool = ProcessPoolExecutor(
            len(shares), mp_context=multiprocessing.get_context("spawn"), initializer=end_with_parent
        )
        futures = [pool.submit(context, share) for share in shares]
    try:
        return [_result_of(future) for future in futures]
    except BrokenProcessPool:
        raise CannotRun("A process of the run was ended before it could report its results.") from None
    finally:
        # Python waits for them when it ends; until then the report is made while they tidy up.
        pool.shutdown(wait=False)


def end_with_parent() -> None:
    """End this process with its parent; otherwise it would wait for work for ever after the parent was killed."""
    parent = multiprocessing.parent_process()

    def wait() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=wait, name="parent", daemon=True).start()


def share_of(items: Sequence[Item], share: Share, *, is_bound: Callable[[Item], bool]) -> list[Item]:
    """The items of one share, in their order. Bound items depend on each other and stay together, in the first share."""
    free = [item for item in items if not is_bound(item)]
    mine = set(map(id, free[share.index :: share.count]))
    return [item for item in items if id(item) in mine or (is_bound(item) and share.index == 0)]


def checks_of(items: list[pytest.Item], share: Share, *, is_mock: bool) -> list[pytest.Item]:
    """The share of the checks. Files with a shared world stay in one process; a live account is not shared."""
    if not is_mock:
        return items if share.index == 0 else []
    return share_of(items, share, is_bound=lambda item: item.path.name in _BOUND)


def _result_of(future: Future[ShardResult]) -> ShardResult:
    """The result of one process. An interruption is passed on: the other processes end their check and keep their results."""
    try:
        return future.result()
    except KeyboardInterrupt:
        for process in multiprocessing.active_children():
            process.terminate()
        return future.result()
