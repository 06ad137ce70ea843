"""One line that tells on a terminal how far a run is; silent everywhere else."""

from __future__ import annotations

from typing import TextIO

from contract_tests.visible import visible_line

_WIDTH = 78


class Progress:
    """Rewrites one line of a terminal."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._is_shown = stream.isatty()
        self._expected = 0
        self._done = 0

    def expect(self, checks: int) -> None:
        """How many checks there will be."""
        self._expected = checks

    def step(self, name: str) -> None:
        """The next check begins."""
        self._done += 1
        self._write(f"[{self._done}/{self._expected}] {visible_line(name)}"[:_WIDTH])

    def say(self, text: str) -> None:
        """What is being done, where nobody knows how much there is to do."""
        self._write(visible_line(text)[:_WIDTH])

    def clear(self) -> None:
        """Leave the line empty for what follows."""
        self._write("")

    def _write(self, text: str) -> None:
        if self._is_shown:
            self._stream.write(f"\r{text:<{_WIDTH}}\r" if not text else f"\r{text:<{_WIDTH}}")
            self._stream.flush()
