"""`polar-mock wait`: its exit codes and messages."""

from __future__ import annotations

import subprocess
import sys

import pytest

from mock_server.testing import free_port, running_mock


class GivenTheWaitCommand:
    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "mock_server", "wait", *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    def test_when_the_mock_answers_then_it_ends_well(self) -> None:
        with running_mock() as mock:
            done = self.run(mock.base_url)

        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

    def test_when_nobody_listens_then_a_message_says_so(self) -> None:
        url = f"http://127.0.0.1:{free_port()}"

        done = self.run(url, "--timeout", "0.1")

        assert done.returncode == 1
        assert f"no mock answered at {url} within 0.1 seconds" in done.stderr
        assert "Traceback" not in done.stderr

    @pytest.mark.parametrize(
        "arguments",
        [
            ("nonsense",),
            ("ftp://127.0.0.1",),
            ("http://",),
            ("http://127.0.0.1:x",),
            ("http://[::1",),
            ("http://127.0.0.1:99999",),
            ("--timeout", "-1"),
            ("--timeout", "nan"),
            ("--timeout", "soon"),
        ],
    )
    def test_when_its_input_is_wrong_then_the_exit_code_says_so(self, arguments: tuple[str, ...]) -> None:
        done = self.run(*arguments)

        assert done.returncode == 2
        assert "Traceback" not in done.stderr
