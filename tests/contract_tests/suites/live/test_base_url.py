"""A misspelt or empty BASE_URL ends the make targets for an account: without one they would mean the real sandbox."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.contract_tests.suites.live.making import run_make

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="they are targets of make")
_SANDBOXES = ("sandbox", "sandbox-plan", "sandbox-writes", "sandbox-invoice", "sandbox-capture", "sandbox-compare")


class GivenAnAddressThatMayBeAMistake:
    @pytest.mark.parametrize(
        ("given", "environment", "file", "said"),
        [
            ("BASEURL=http://127.0.0.1:9", {}, "", "BASEURL=... is not read; the address is BASE_URL."),
            ("base_url=http://127.0.0.1:9", {}, "", "base_url=... is not read; the address is BASE_URL."),
            ("BASE_URI=http://127.0.0.1:9", {}, "", "BASE_URI=... is not read; the address is BASE_URL."),
            ("ORDRE=1", {}, "", "ORDRE=... is not read by this target; it takes BASE_URL, ARGS and ORDER."),
            ("BASE_URL=", {}, "", "BASE_URL is empty."),
            ("BASE_URL=", {}, "BASE_URL=http://127.0.0.1:9", "BASE_URL is empty."),
            ("ORDER=1", {"BASE_URL": ""}, "", "BASE_URL is empty."),
            ("ORDER=1", {"POLAR_BASE_URL": "http://127.0.0.1:9"}, "", "POLAR_BASE_URL in the environment is not read"),
            ("ORDER=1", {}, "export BASEURL=http://127.0.0.1:9", "BASEURL in .env is not read"),
            ("ORDER=1", {}, 'BASE_URL=""  # to do', "BASE_URL in .env is empty."),
        ],
        ids=str,
    )
    def test_when_a_target_is_made_then_a_sentence_says_so_and_no_tool_starts(
        self, tmp_path: Path, echo: str, given: str, environment: dict[str, str], file: str, said: str
    ) -> None:
        (tmp_path / ".env").write_text(file)
        # With -k all targets are tried, each needs this check, and none starts.
        made = run_make(tmp_path, "-k", *_SANDBOXES, given, environment=environment, bin_folder=echo)
        assert made.exit_code == 2, made.output
        assert said in made.output.splitlines()[0]
        assert "Nothing was sent. Write BASE_URL=http://" in made.output
        assert "--base-url" not in made.output

    @pytest.mark.parametrize("file", ["BASEURL=x", "BASE_URL=", "URL=x\nDATABASE_URL=y"])
    def test_when_it_stands_on_the_command_line_then_what_the_file_says_does_not_matter(
        self, tmp_path: Path, echo: str, file: str
    ) -> None:
        (tmp_path / ".env").write_text(file)
        made = run_make(tmp_path, "sandbox", "BASE_URL=http://127.0.0.1:9", "ARGS=--only core", bin_folder=echo)
        assert made.exit_code == 0, made.output
        assert "http://127.0.0.1:9" in made.output.splitlines()
