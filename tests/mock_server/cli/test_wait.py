"""`polar-mock wait`: its exit codes and messages."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from mock_server.cli import main
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
            ("--pid", "0"),
            ("--ready-file", "base-url.txt", "http://127.0.0.1:8000"),
        ],
    )
    def test_when_its_input_is_wrong_then_the_exit_code_says_so(self, arguments: tuple[str, ...]) -> None:
        done = self.run(*arguments)

        assert done.returncode == 2
        assert "Traceback" not in done.stderr


@pytest.fixture
def ended() -> Iterator[int]:
    """The id of a process that has ended; its parent has not asked for it yet."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        yield process.pid


class GivenAReadyFile:
    def test_when_its_mock_answers_then_its_url_is_printed(self, tmp_path: Path) -> None:
        file = tmp_path / "ready"
        with running_mock() as mock:
            file.write_text(f"{mock.base_url}\n")

            done = CliRunner().invoke(main, ["wait", "--ready-file", str(file), "--pid", str(os.getpid())])

        assert (done.exit_code, done.output) == (0, f"{mock.base_url}\n")

    @pytest.mark.parametrize(
        ("make", "said"),
        [
            (lambda _: None, "there is no such file"),
            (lambda file: file.write_text("x"), "the file has 'x', which is no base URL"),
            (lambda file: file.mkdir(), "the file can't be read: Is a directory"),
            (lambda file: file.write_text(f"http://127.0.0.1:{free_port()}"), "Connection refused"),
        ],
        ids=["no file", "no URL", "a folder", "nobody listens"],
    )
    def test_when_no_mock_is_there_then_a_sentence_says_why(
        self, make: Callable[[Path], object], said: str, tmp_path: Path
    ) -> None:
        file = tmp_path / "ready"
        make(file)

        done = CliRunner().invoke(main, ["wait", "--ready-file", str(file), "--timeout", "0"])

        assert (done.exit_code, done.stdout) == (1, "")
        assert f"no mock answered at the URL in {file} within 0 seconds" in done.stderr
        assert said in done.stderr

    def test_when_the_mock_s_process_has_ended_then_a_sentence_says_so_at_once(
        self, ended: int, tmp_path: Path
    ) -> None:
        options = ["--ready-file", str(tmp_path / "ready"), "--pid", str(ended), "--timeout", "86400"]

        done = CliRunner().invoke(main, ["wait", *options])

        assert (done.exit_code, done.stdout) == (1, "")
        assert done.stderr.startswith(f"the process {ended} has ended, and no mock serves")

    def test_when_an_ended_mock_left_its_file_and_another_answers_there_then_it_is_not_taken_for_this_one(
        self, ended: int, tmp_path: Path
    ) -> None:
        file = tmp_path / "ready"
        with running_mock() as mock:
            file.write_text(mock.base_url)

            done = CliRunner().invoke(main, ["wait", "--ready-file", str(file), "--pid", str(ended)])

        assert (done.exit_code, done.stdout) == (1, "")
