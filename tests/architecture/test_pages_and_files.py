"""ARCHITECTURE.md names files and folders that exist, and stays one page; the files for GitHub and pre-commit fit the project."""

from __future__ import annotations

import re
import sys
import tomllib
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.tree import ROOT, files

ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text()
MOST_LINES = 115
# A folder, a pattern, or a file with one of the endings that the tree has.
_PATH = re.compile(r".*(/.*|\*.*|\.(py|yaml|md|json|toml|mjs))")


@pytest.fixture(scope="module")
def tree() -> list[str]:
    return files()


def _paths(page: str) -> list[str]:
    """The paths in backticks in the rows of tables."""
    rows = re.findall(r"^\|.*\|$", page, re.M)
    return [text for row in rows for text in re.findall(r"`([^`]+)`", row) if _PATH.fullmatch(text)]


def _exists(path: str, tree: list[str]) -> bool:
    """Whether a file's path ends with this path or pattern, or goes through this folder."""
    ending = f"*/{path.rstrip('/')}"
    return any(fnmatchcase(f"/{file}", ending) or fnmatchcase(f"/{file}", f"{ending}/*") for file in tree)


def test_every_path_in_the_tables_of_architecture_exists(tree: list[str]) -> None:
    paths = _paths(ARCHITECTURE)

    assert len(paths) > 100
    assert [path for path in paths if not _exists(path, tree)] == []


@pytest.mark.parametrize(
    "row",
    ["| x | `mock_server/gone.py` |", "| x | `gone/` |", "| x | `pipeline.py`, `gone.yaml` |", "| x | `gone_*.py` |"],
)
def test_a_path_that_does_not_exist_is_found(row: str, tree: list[str]) -> None:
    assert [path for path in _paths(row) if not _exists(path, tree)] != []


def test_architecture_names_every_top_level_folder_and_no_other(tree: list[str]) -> None:
    overview = ARCHITECTURE.partition("\n## ")[0]
    named = {name for names in re.findall(r"^    (\S+/(?:, \S+/)*)  ", overview, re.M) for name in names.split(", ")}

    assert named == {f"{file.partition('/')[0]}/" for file in tree if "/" in file}


def test_architecture_stays_one_page() -> None:
    assert ARCHITECTURE.count("\n") <= MOST_LINES


def _yaml(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text())


def test_the_workflow_runs_the_same_script_on_every_supported_python_and_every_planted_defect() -> None:
    jobs = _yaml(".github/workflows/ci.yml")["jobs"]
    commands = {name: [step["run"] for step in job["steps"] if "run" in step] for name, job in jobs.items()}
    python = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]

    assert commands == {"ci": [".ci/run"], "defects": ["make mutants"]}
    assert jobs["ci"]["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13"]
    assert python == ">=3.11,<3.14"


def test_the_workflow_may_only_read_and_names_the_major_version_of_each_action() -> None:
    workflow = _yaml(".github/workflows/ci.yml")
    jobs = workflow["jobs"].values()
    actions = [step["uses"] for job in jobs for step in job["steps"] if "uses" in step]

    assert workflow["permissions"] == {"contents": "read"}
    assert [job for job in jobs if "permissions" in job] == []
    assert [action for action in actions if not re.fullmatch(r"actions/[a-z-]+@v\d+", action)] == []
    assert actions


def test_hooks_run_tools_of_the_environment_and_download_nothing() -> None:
    repositories = _yaml(".pre-commit-config.yaml")["repos"]
    hooks = [hook for repository in repositories for hook in repository["hooks"]]
    programs = [Path(hook["entry"].split()[0]) for hook in hooks]

    assert {repository["repo"] for repository in repositories} == {"local"}
    assert {hook["language"] for hook in hooks} == {"system"}
    assert {str(program.parent) for program in programs} == {".venv/bin"}
    assert [program.name for program in programs if not Path(sys.executable).with_name(program.name).exists()] == []


@pytest.mark.parametrize("name", ["bug", "difference"])
def test_an_issue_form_asks_for_what_is_needed_to_repeat_it(name: str) -> None:
    form = _yaml(f".github/ISSUE_TEMPLATE/{name}.yml")
    asked = {field["id"]: field for field in form["body"] if field["type"] != "markdown"}
    needed = {
        "bug": {"command", "printed", "expected", "version"},
        "difference": {"request", "service", "mock", "revision"},
    }

    assert form["name"]
    assert form["description"]
    assert {key for key, field in asked.items() if field.get("validations", {}).get("required")} == needed[name]
