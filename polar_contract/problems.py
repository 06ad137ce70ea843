"""One problem of a document, and its one-line form."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """`pointer` is a JSON Pointer into `file`; the empty one means the whole document and is shown as `/`."""

    file: str
    pointer: str
    message: str

    def __str__(self) -> str:
        line = " ".join(self.message.split())
        return f"{self.file}:{self.pointer or '/'}: {line}"
