"""An interruption is no verdict, whichever command it hits and however it is asked for."""

from __future__ import annotations

import signal

import click
import pytest
from click.testing import CliRunner

from contract_tests.cli import main
from contract_tests.interruptions import heeding_signals


class GivenACommandThatIsInterrupted:
    def test_when_it_has_nothing_to_tell_then_the_exit_code_is_not_that_of_a_broken_contract(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        @click.command()
        def judge() -> None:
            signal.raise_signal(signal.SIGTERM)

        monkeypatch.setitem(main.commands, "judge", judge)
        ended = CliRunner().invoke(main, ["judge"])
        assert ended.exit_code == 2, ended.output
        assert "Interrupted" in ended.output

    def test_when_signals_were_ignored_then_they_still_are(self) -> None:
        found = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        try:
            with heeding_signals():
                signal.raise_signal(signal.SIGHUP)
        finally:
            signal.signal(signal.SIGHUP, found)
