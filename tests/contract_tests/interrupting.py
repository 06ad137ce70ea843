"""Interrupts a command of `polar-contract` by a signal after a given number of answers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from mutants.proxy import Answer, Forward, Request, proxy

Ask = Callable[[int], None]


def by_ctrl_c(pid: int) -> None:
    """Reaches every process of the group."""
    os.killpg(pid, signal.SIGINT)


def _by_closing_the_terminal(pid: int) -> None:
    """Also reaches every process of the group."""
    os.killpg(pid, signal.SIGHUP)


def _by_sigterm(pid: int) -> None:
    """Reaches only the first process."""
    os.kill(pid, signal.SIGTERM)


every_way = pytest.mark.parametrize(
    "ask", [by_ctrl_c, _by_sigterm, _by_closing_the_terminal], ids=["Ctrl-C", "SIGTERM", "closed terminal"]
)


@dataclass(frozen=True, slots=True)
class Ended:
    exit_code: int
    output: str


@contextmanager
def _heard_by_children(number: signal.Signals) -> Iterator[None]:
    """The test process may ignore the signal, as under nohup; processes started here must not."""
    found = signal.signal(number, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(number, found)


def interrupted(
    base_url: str,
    arguments: Callable[[str], Sequence[str]],
    ask: Ask,
    *,
    after_answers: int,
    counted: Callable[[Request], bool] = lambda request: True,
    program: Sequence[str] = ("-m", "contract_tests"),
) -> Ended:
    """Run `polar-contract` against a proxy in front of `base_url`; `arguments` builds its arguments from the proxy's URL.

    The signal comes while the last one of these requests is answered, of those that are `counted`.
    """
    started: list[subprocess.Popen[str]] = []
    answered = [0]

    def layer(request: Request, forward: Forward) -> Answer:
        is_counted = counted(request)
        answered[0] += is_counted
        if is_counted and answered[0] == after_answers:
            ask(started[0].pid)
        return forward(request)

    with proxy(base_url, layer) as watched:
        with _heard_by_children(signal.SIGHUP):
            run = subprocess.Popen(
                [sys.executable, *program, *arguments(watched.base_url)],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        started.append(run)
        output, _ = run.communicate(timeout=60)
    return Ended(run.returncode, output)
