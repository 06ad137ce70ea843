"""A mock started for a test: Ctrl-C at the terminal does not reach it, and it leaves no process behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mock_server.testing import running_mock


class GivenARunningMock:
    def test_when_it_is_stopped_then_no_process_of_its_own_group_is_left(self) -> None:
        with running_mock() as mock:
            assert os.getpgid(mock.pid) != os.getpgid(0)
        with pytest.raises(ProcessLookupError):
            os.killpg(mock.pid, 0)

    def test_when_its_caller_heeds_no_pythonpath_then_a_folder_there_with_our_name_is_not_started(
        self, tmp_path: Path
    ) -> None:
        (tmp_path / "mock_server").mkdir()
        (tmp_path / "mock_server/__init__.py").touch()
        program = "from mock_server.testing import running_mock\nwith running_mock() as mock: print(mock.base_url)"

        done = subprocess.run(
            [sys.executable, "-I", "-c", program],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": "."},
            capture_output=True,
            text=True,
            check=False,
        )

        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("http://127.0.0.1:")
