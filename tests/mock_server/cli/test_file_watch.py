"""When a file counts as changed: written or replaced, and then left alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mock_server.cli.watching import FileWatch
from tests.mock_server.cli.test_watching import SHOP, file, write

__all__ = ["file"]  # a fixture


class GivenAFile:
    @pytest.fixture
    def watch(self, file: Path) -> FileWatch:
        return FileWatch(file)

    def test_when_nothing_happens_then_it_has_not_changed(self, watch: FileWatch) -> None:
        assert [watch.has_changed() for _ in range(3)] == [False] * 3

    def test_when_it_is_written_then_it_has_changed_once_and_only_after_it_was_left_alone(
        self, watch: FileWatch, file: Path
    ) -> None:
        write(file, "half of")
        first = watch.has_changed()
        write(file, "half of it, and the rest")

        assert (first, watch.has_changed(), watch.has_changed(), watch.has_changed()) == (False, False, True, False)

    def test_when_an_editor_replaces_it_then_the_same(self, watch: FileWatch, file: Path) -> None:
        """With a text of the same size and time, which only the inode tells from the old one."""
        known = file.stat()
        other = file.with_name("world.yaml~")
        other.write_text(SHOP)
        os.utime(other, ns=(known.st_mtime_ns, known.st_mtime_ns))
        other.replace(file)

        assert [watch.has_changed() for _ in range(3)] == [False, True, False]

    def test_when_it_is_away_for_a_while_then_only_what_comes_after_is_a_change(
        self, watch: FileWatch, file: Path
    ) -> None:
        file.rename(file.with_name("away"))
        gone = [watch.has_changed() for _ in range(3)]
        file.with_name("away").rename(file)
        back = [watch.has_changed() for _ in range(3)]

        assert (gone, back) == ([False] * 3, [False] * 3)
