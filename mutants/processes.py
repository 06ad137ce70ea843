"""Runs checks against many defects in processes that stay warm: pytest, the contract and the checks are loaded once in each."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import cache
from typing import Any, TypeVar

from contract_tests.runner.workers import end_with_parent
from contract_tests.transport.signals import deaf_children
from mutants.defects import defects
from mutants.running import Seen, run_checks, see_live

Key = TypeVar("Key")


def see_all(
    mock_urls: Mapping[str, str], names: Sequence[str], *, revision: str, seed: int, jobs: int
) -> Iterator[tuple[str, Seen]]:
    """What the checks of each live defect see, as they end."""
    return _as_they_end({name: (_see, mock_urls, name, revision, seed) for name in names}, jobs)


def see_good(mock_url: str, seeds: Sequence[int], *, jobs: int) -> Iterator[tuple[int, Seen]]:
    """What all quick checks see of the good mock, for each seed."""
    return _as_they_end({seed: (run_checks, mock_url, "all", seed) for seed in seeds}, jobs)


def _as_they_end(calls: Mapping[Key, tuple[Any, ...]], jobs: int) -> Iterator[tuple[Key, Seen]]:
    if not calls:
        return
    with deaf_children():
        pool = ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"), initializer=end_with_parent)
        futures = {pool.submit(*call): key for key, call in calls.items()}
    try:
        for future in as_completed(futures):
            yield futures[future], future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _see(mock_urls: Mapping[str, str], name: str, revision: str, seed: int) -> Seen:
    defect = defects(revision)[name]
    seen = see_live(mock_urls[defect.revision], defect.plant(), defect.check, seed, defect.revision)
    _freeze_once()
    return seen


@cache
def _freeze_once() -> None:
    """Keep what the first run has loaded out of garbage collections: pytest collects at each end, which took half of a run."""
    gc.freeze()
