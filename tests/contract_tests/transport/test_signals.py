"""An interrupted command never reports a verdict, whichever command and signal it is."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from contract_tests.cli import main
from contract_tests.config.permissions import Limits
from contract_tests.transport.budgets import Budget
from contract_tests.transport.signals import heed_once, heeding_signals

_PASSING_THROUGH_GENERATED_CODE = """
import signal, sys
from contract_tests.transport.signals import heeding_signals
with heeding_signals():
    try:
        exec("signal.raise_signal(signal.SIGINT)")
    except KeyboardInterrupt:
        sys.exit(2)
"""


class GivenACommandThatIsInterrupted:
    def test_when_it_has_no_result_then_the_exit_code_is_not_that_of_a_broken_contract(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        @click.command()
        def run_contract() -> None:
            signal.raise_signal(signal.SIGTERM)

        monkeypatch.setitem(main.commands, "replay", run_contract)
        ended = CliRunner().invoke(main, ["replay"])
        assert ended.exit_code == 2, ended.output
        assert "Interrupted" in ended.output

    def test_when_signals_were_ignored_then_they_still_are(self) -> None:
        found = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        try:
            with heeding_signals():
                signal.raise_signal(signal.SIGHUP)
        finally:
            signal.signal(signal.SIGHUP, found)

    def test_when_a_library_swallows_it_then_the_next_request_ends_the_run(self) -> None:
        budget = Budget(Limits())
        with heeding_signals():
            budget.spend()
            with suppress(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
            with pytest.raises(KeyboardInterrupt):
                budget.spend()
            with budget.suspended():
                budget.spend()
        budget.spend()

    def test_when_it_passes_through_generated_code_then_the_exit_code_is_the_commands_own(self, tmp_path: Path) -> None:
        (tmp_path / "command.py").write_text(_PASSING_THROUGH_GENERATED_CODE, "utf-8")
        ended = subprocess.run(
            [sys.executable, "-m", "command"],
            cwd=tmp_path,
            env={"PYTHONPATH": str(Path(__file__).parents[3])},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert (ended.returncode, ended.stderr) == (2, "")

    def test_when_a_process_works_for_another_then_it_reacts_only_to_the_first_signal(self) -> None:
        found = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
        try:
            heed_once()
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGTERM)
            signal.raise_signal(signal.SIGINT)
        finally:
            for number, handler in found.items():
                signal.signal(number, handler)
