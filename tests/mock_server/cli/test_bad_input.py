"""`polar-mock serve` with wrong options: a message says what is wrong, and what is possible."""

from __future__ import annotations

import importlib
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mock_server.cli import main


class GivenBadInput:
    @pytest.fixture
    def taken_port(self) -> Iterator[str]:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            yield str(taken.getsockname()[1])

    @pytest.fixture(autouse=True)
    def serves_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        module = importlib.import_module("mock_server.cli.serve")
        monkeypatch.setattr(module, "_serve", lambda *_, **__: pytest.fail("it would serve"))

    def run(self, *options: str) -> Result:
        return CliRunner().invoke(main, options)

    def test_when_the_port_is_taken_then_a_message_says_so(self, taken_port: str) -> None:
        command = [sys.executable, "-m", "mock_server", "serve", "--port", taken_port]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

        assert done.returncode == 2
        assert f"can't listen on 127.0.0.1:{taken_port}" in done.stderr
        assert "Traceback" not in done.stderr

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (("serve", "--revision", "9.9"), "known revisions: 0.1.0"),
            (("serve", "--port", "99999"), "99999"),
            (("serve", "--body-timeout", "nan"), "between 0 and 3600 seconds"),
            (("serve", "--ready-file", "/no/such/folder/file"), "can't write /no/such/folder/file"),
            (("serve", "--env-file", "/no/such/folder/file"), "--env-file: can't write /no/such/folder/file"),
            (("serve", "--ready-file", "x", "--env-file", "x"), "x is the ready file; name another"),
            (("serve", "--host", "not-an-address"), "can't listen"),
            (("dance",), "dance"),
        ],
    )
    def test_when_an_option_is_wrong_then_a_message_says_what_is_possible(
        self, options: tuple[str, ...], said: str
    ) -> None:
        done = self.run(*options)

        assert done.exit_code == 2
        assert said in " ".join(done.stderr.split())
        assert isinstance(done.exception, SystemExit)

    @pytest.mark.parametrize("option", ["--ready-file", "--env-file"])
    @pytest.mark.parametrize("content", ["POLAR_ACCESS_TOKEN=polar_oat_real\n", "http://127.0.0.1:1\nmore\n", "\xff"])
    def test_when_a_file_is_somebody_s_own_then_it_stays_as_it_is(
        self, option: str, content: str, tmp_path: Path
    ) -> None:
        file = tmp_path / ".env"
        file.write_text(content, "latin-1")

        done = self.run("serve", option, str(file))

        assert done.exit_code == 2
        assert "it exists, and no mock wrote it; name another" in " ".join(done.stderr.split())
        assert file.read_text("latin-1") == content
        assert list(tmp_path.iterdir()) == [file]
