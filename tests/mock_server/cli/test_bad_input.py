"""`polar-mock serve` with wrong input: a message says what is wrong, where, and what is possible."""

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

        assert done.returncode == 1
        assert f"can't listen on 127.0.0.1:{taken_port}" in done.stderr
        assert "Traceback" not in done.stderr

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ("orders: {a: {colour: red}}", "orders.a.colour: unknown key"),
            ("orders: [", "not YAML"),
            ("", "empty"),
            ("- 1", "mapping"),
            ("revision: '9.9'", "known revisions: 0.1.0"),
            ("organization: {id: abc}", "organization.id"),
            (
                "customers: {jane: {}}\norders:\n"
                "  a: {id: 3fa85f64-5717-4562-b3fc-2c963f66afa6}\n  b: {id: 3fa85f64-5717-4562-b3fc-2c963f66afa6}",
                "orders.b.id: this id is in use already",
            ),
        ],
    )
    def test_when_the_world_is_wrong_then_a_message_says_where(self, tmp_path: Path, content: str, said: str) -> None:
        file = tmp_path / "world.yaml"
        file.write_text(content)

        done = self.run("serve", "--port", "0", "--world", str(file))

        assert done.exit_code == 2
        assert said in " ".join(done.stderr.split())
        assert isinstance(done.exception, SystemExit)

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (("serve", "--world", "nope"), "there are: demo"),
            (("serve", "--world", "nowhere.yaml"), "no such file"),
            (("serve", "--revision", "9.9"), "known revisions: 0.1.0"),
            (("serve", "--port", "99999"), "99999"),
            (("serve", "--body-timeout", "nan"), "between 0 and 3600 seconds"),
            (("serve", "--body-timeout", "0"), "between 0 and 3600 seconds"),
            (("serve", "--ready-file", "/no/such/folder/file"), "can't write /no/such/folder/file"),
            (("serve", "--ready-file", "/dev/null"), "can't write /dev/null"),
            (("serve", "--host", "203.0.113.7"), "this machine has no such address"),
            (("serve", "--host", "not-an-address"), "can't listen"),
            (("dance",), "dance"),
        ],
    )
    def test_when_an_option_is_wrong_then_a_message_says_what_is_possible(
        self, options: tuple[str, ...], said: str
    ) -> None:
        done = self.run(*options)

        assert done.exit_code in (1, 2)
        assert said in " ".join(done.stderr.split())
        assert isinstance(done.exception, SystemExit)
