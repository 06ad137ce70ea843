"""The audit of dependencies: fails for known vulnerabilities only, and says so where it could not look."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from mock_server.testing import free_port

AUDIT = Path(__file__).parents[2] / ".ci" / "audit.py"
CLEAN: dict[str, Any] = {"name": "flask", "version": "3.1.3", "vulns": []}
UNKNOWN: dict[str, Any] = {"name": "ours", "skip_reason": "not found"}
VULNERABLE = {**CLEAN, "vulns": [{"id": "PYSEC-1", "fix_versions": ["3.1.4"]}]}


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    """Answers `/knows` as a service with advisories does, and `/empty` as a mirror without."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b'{"vulnerabilities": [{"id": "PYSEC-0"}]}' if self.path == "/knows" else b'{"vulnerabilities": []}'
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def audit(folder: Path, service: str, printed: str) -> subprocess.CompletedProcess[str]:
    """Run the audit with a tool that prints this."""
    tool = folder / "pip-audit"
    (folder / "result").write_text(printed)
    tool.write_text(f"#!/bin/sh\ncat {folder}/result\necho its reason >&2\nexit 1\n")
    tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    command = [sys.executable, str(AUDIT), "--service", service, "--tool", str(tool)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


class GivenAServiceWithAdvisories:
    @pytest.mark.parametrize(
        ("printed", "code", "sentence"),
        [
            (json.dumps({"dependencies": [CLEAN]}), 0, "1 packages, no known vulnerabilities\n"),
            (json.dumps({"dependencies": [CLEAN, UNKNOWN]}), 0, "no known vulnerabilities; not audited: ours\n"),
            (json.dumps({"dependencies": [VULNERABLE]}), 1, "flask 3.1.3: PYSEC-1, fixed in 3.1.4\n"),
            ("", 0, "skipped, pip-audit had no result (its reason)\n"),
        ],
    )
    def test_when_the_tool_has_looked_then_its_result_decides(
        self, tmp_path: Path, service: str, printed: str, code: int, sentence: str
    ) -> None:
        done = audit(tmp_path, f"{service}/knows", printed)

        assert done.returncode == code
        assert sentence in done.stdout + done.stderr


class GivenNoServiceWithAdvisories:
    def test_when_nobody_answers_then_a_sentence_says_that_it_was_skipped(self, tmp_path: Path) -> None:
        nobody = f"http://127.0.0.1:{free_port()}/"

        done = audit(tmp_path, nobody, json.dumps({"dependencies": [VULNERABLE]}))

        assert done.returncode == 0
        assert f"skipped, the advisory service does not answer at {nobody}" in done.stdout

    def test_when_a_mirror_has_no_advisories_then_it_is_not_asked(self, tmp_path: Path, service: str) -> None:
        done = audit(tmp_path, f"{service}/empty", json.dumps({"dependencies": [VULNERABLE]}))

        assert (done.returncode, "it has no advisories" in done.stdout) == (0, True)
