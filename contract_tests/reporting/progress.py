"""A progress line on a terminal; prints nothing elsewhere."""

from __future__ import annotations

from typing import TextIO

from contract_tests.transport.visible import visible_line

_WIDTH = 78


class Progress:
    """Rewrites one line of a terminal."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._is_shown = stream.isatty()
        self._expected = 0
        self._done = 0

    def expect(self, checks: int) -> None:
        """Set the expected number of checks."""
        self._expected = checks

    def step(self, name: str) -> None:
        """Show that the next check starts."""
        self._done += 1
        self._write(f"[{self._done}/{self._expected}] {visible_line(name)}"[:_WIDTH])

    def say(self, text: str) -> None:
        """Show what is being done when the amount of work is unknown."""
        self._write(visible_line(text)[:_WIDTH])

    def clear(self) -> None:
        """Clear the line for the output that follows."""
        self._write("")

    def _write(self, text: str) -> None:
        if self._is_shown:
            self._stream.write(f"\r{text:<{_WIDTH}}\r" if not text else f"\r{text:<{_WIDTH}}")
            self._stream.flush()
