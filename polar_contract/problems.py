"""One thing that is wrong with a document, and how it is told on one line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """`pointer` is a JSON Pointer into `file`; the empty one stands for the whole document and is shown as `/`."""

    file: str
    pointer: str
    message: str

    def __str__(self) -> str:
        sentence = " ".join(self.message.split())
        return f"{self.file}:{self.pointer or '/'}: {sentence}"
