"""A terminal is told about work that takes long; files and quick work get no line."""

from __future__ import annotations

from io import StringIO
from threading import Event

from mock_server.cli.long_work import telling

_TIMEOUT_SECONDS = 30.0


class Terminal(StringIO):
    def __init__(self) -> None:
        super().__init__()
        self.said = Event()

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.said.set()
        return super().write(text)


def test_when_work_on_a_terminal_takes_long_then_a_line_says_so_and_is_cleared_at_the_end() -> None:
    terminal = Terminal()

    with telling("making the world", stream=terminal, interval_seconds=0.001):
        assert terminal.said.wait(_TIMEOUT_SECONDS)

    written = terminal.getvalue()
    assert written.startswith("\r\x1b[Kmaking the world, 0 s")
    assert written.endswith(" s\r\x1b[K")


def test_when_work_is_quick_then_nothing_is_said() -> None:
    terminal = Terminal()

    with telling("making the world", stream=terminal, interval_seconds=3600):
        pass

    assert terminal.getvalue() == ""


def test_when_there_is_no_terminal_then_nothing_is_said() -> None:
    file = StringIO()

    with telling("making the world", stream=file, interval_seconds=0):
        pass

    assert file.getvalue() == ""
