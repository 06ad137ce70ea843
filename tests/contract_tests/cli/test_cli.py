"""The commands of `polar-contract`, and their old names."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner

from contract_tests.cli import main

LOADED = """
import sys
import contract_tests.cli
print([name for name in ("requests", "pytest", "hypothesis", "schemathesis", "yaml") if name in sys.modules])
"""


def test_when_the_commands_are_loaded_then_nothing_is_that_only_a_run_needs() -> None:
    loaded = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert loaded.stdout == "[]\n"


def test_when_help_is_asked_for_then_every_command_is_listed_by_its_present_name() -> None:
    shown = CliRunner().invoke(main, ["--help"])
    assert shown.exit_code == 0
    listed = shown.stdout.partition("Commands:\n")[2].split("\n")
    names = [line.split()[0] for line in listed if line.strip()]
    assert names == ["capture", "changes", "compare", "compat", "drift", "replay", "rules", "run"]


@pytest.mark.parametrize(("old", "new"), [("parity", "compare"), ("judge", "replay")])
def test_when_an_old_name_is_used_then_it_works_and_the_new_one_is_printed(old: str, new: str) -> None:
    by_old, by_new = (CliRunner().invoke(main, [name, "--help"]) for name in (old, new))
    assert (by_old.exit_code, by_new.exit_code) == (0, 0)
    assert by_old.stderr == f"polar-contract {old} is now polar-contract {new}.\n"
    assert by_old.stdout.replace(f" {old} ", f" {new} ") == by_new.stdout
    assert by_new.stderr == ""


def test_when_an_option_is_given_by_its_old_name_then_the_new_one_is_printed_and_help_lists_the_new_one_alone() -> None:
    refused = CliRunner().invoke(main, ["run", "--promises", "--base-url", "ftp://127.0.0.1"])
    assert refused.exit_code == 2
    assert refused.stderr.splitlines()[0] == "--promises is now --documented-guarantees."
    listed = CliRunner().invoke(main, ["run", "--help"]).stdout
    assert "--documented-guarantees" in listed
    assert "--promises" not in listed
