"""Runs many defects in parallel and reports each as it ends; results from before an interruption are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

from contract_tests.reporting.progress import Progress
from mutants.operators import Mutant

Outcome = TypeVar("Outcome")


def outcomes(
    chosen: Mapping[str, Mutant], run: Callable[[Mutant], Outcome], jobs: int, progress: Progress
) -> tuple[dict[str, Outcome], bool]:
    """The outcome of each defect, in the catalogue's order, and whether all were run."""
    done: dict[str, Outcome] = {}
    progress.expect(len(chosen))
    try:
        for name, outcome in _as_they_end(chosen, run, jobs):
            done[name] = outcome
            progress.step(name)
    except KeyboardInterrupt:
        pass
    finally:
        progress.clear()
    return {name: done[name] for name in chosen if name in done}, len(done) == len(chosen)


def _as_they_end(
    chosen: Mapping[str, Mutant], run: Callable[[Mutant], Outcome], jobs: int
) -> Iterator[tuple[str, Outcome]]:
    pool = ThreadPoolExecutor(jobs)
    try:
        futures = {pool.submit(run, one): name for name, one in chosen.items()}
        for future in as_completed(futures):
            yield futures[future], future.result()
    finally:
        pool.shutdown(cancel_futures=True)
