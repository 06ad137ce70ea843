"""`polar-mock spec check`: what it finds, and its exit codes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


class GivenTheSpecCommand:
    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "mock_server", "spec", "check", *arguments],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def test_then_the_bundled_contract_has_no_problems(self) -> None:
        done = self.run()

        assert done.returncode == 0, done.stdout
        assert "no problems" in done.stdout

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ("", "empty"),
            ("swagger: '2.0'", "only 3.1"),
            ("openapi: 3.0.3\ninfo: {title: x, version: '1'}\npaths: {}", "3.1"),
            ("openapi: [", "YAML"),
        ],
    )
    def test_when_a_file_is_no_contract_then_a_line_says_why(self, tmp_path: Path, content: str, said: str) -> None:
        file = tmp_path / "openapi.yaml"
        file.write_text(content)

        done = self.run(str(file))

        assert done.returncode == 1
        assert said in done.stdout
        assert str(file) in done.stdout
        assert "Traceback" not in done.stdout + done.stderr
