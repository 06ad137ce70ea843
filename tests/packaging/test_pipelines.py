"""The examples of pipelines: every file parses, and the commands, options, inputs and versions that it names exist."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from contract_tests.cli import main as polar_contract
from mock_server.cli import main as polar_mock
from mock_server.testing import running_mock
from tests.packaging.action import ACTION
from tests.packaging.test_dependencies import EXTRAS, PROJECT

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples/pipelines").glob("*.y*ml"))
FILES = [*EXAMPLES, ROOT / "action.yml", ROOT / ".pre-commit-hooks.yaml"]
TOOLS: dict[str, click.Command] = {"polar-mock": polar_mock, "polar-contract": polar_contract}
_COMMAND = re.compile(r"\bpolar-(?:mock|contract) [a-z][^\n&|`]*")


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list):
        if all(isinstance(one, str) for one in value):
            # A command in the form of a list.
            yield " ".join(value)
        for one in value:
            yield from strings(one)
    elif isinstance(value, str):
        yield value


def parse(words: list[str]) -> None:
    """Read a command line as the tool does. Errors: click.UsageError for an unknown command or option."""
    command, context = TOOLS[words[0]], click.Context(TOOLS[words[0]], info_name=words[0])
    rest = words[1:]
    while isinstance(command, click.Group):
        _, found, rest = command.resolve_command(context, rest)
        assert found
        command, context = found, click.Context(found, parent=context)
    command.make_parser(context).parse_args(rest)


def uses_of_the_action(document: Any) -> list[dict[str, Any]]:
    jobs = document.get("jobs", {}) if isinstance(document, dict) else {}
    steps = [step for job in jobs.values() for step in job.get("steps", [])]
    return [step for step in steps if "/polar-contract-harness@" in step.get("uses", "")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_when_a_file_names_a_command_then_the_tool_has_it_with_these_options(path: Path) -> None:
    document = yaml.safe_load(path.read_text())

    for text in strings(document):
        for line in _COMMAND.findall(text):
            # Of a script in action.yml, the words up to its first variable.
            words = shlex.split(line.partition('"$')[0].partition('"${')[0], posix=True)
            parse([*words, "1"] if words[-1] == "--port" else words)


def test_when_the_commands_are_looked_for_then_there_are_some() -> None:
    found = [
        path.name
        for path in EXAMPLES
        if any(_COMMAND.search(text) for text in strings(yaml.safe_load(path.read_text())))
    ]

    assert {"compose.yaml", "github-drift.yml", "gitlab-ci.yml"} <= set(found)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_when_a_workflow_uses_the_action_then_its_inputs_and_version_exist(path: Path) -> None:
    for use in uses_of_the_action(yaml.safe_load(path.read_text())):
        inputs = {str(name): str(value) for name, value in use["with"].items()}
        options = {"serve-options": "polar-mock serve", "contract-tests-options": "polar-contract run"}

        assert use["uses"].endswith(f"@v{PROJECT['version']}")
        assert set(inputs) <= set(ACTION["inputs"])
        for name in options.keys() & inputs:
            parse([*options[name].split(), *shlex.split(inputs[name])])


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_when_a_file_names_our_version_or_extra_then_it_is_one(path: Path) -> None:
    text = path.read_text()

    assert set(re.findall(r"polar-contract-harness(?:\S*==|@v)([\d.]+)", text)) <= {PROJECT["version"]}
    assert set(re.findall(r"polar-mock:([\d.]+)", text)) <= {PROJECT["version"]}
    assert set(re.findall(r"polar-contract-harness\[([\w-]+)\]", text)) <= set(EXTRAS)


def test_when_pre_commit_reads_the_hooks_then_the_extra_is_installed_and_documents_are_found() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())

    assert hook["additional_dependencies"] == [".[spec]"]
    assert re.search(hook["files"], "spec/0.1.0/openapi.yaml")
    assert re.search(hook["files"], "openapi.json")
    assert not re.search(hook["files"], "notopenapi.yaml")


def test_when_an_application_is_composed_with_the_mock_then_both_have_the_same_key() -> None:
    services = yaml.safe_load((ROOT / "examples/pipelines/compose.yaml").read_text())["services"]

    assert {service["environment"]["POLAR_MOCK_KEY"] for service in services.values()} == {"only-for-tests"}
    assert services["app"]["environment"]["POLAR_SERVER_URL"] == "http://mock:8000"
    assert "app" in services["mock"]["command"], "the mock sends webhooks to this host"


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("github-service.yml", ("jobs", "tests", "env")),
        ("gitlab-ci.yml", ("tests", "variables")),
        ("compose.yaml", ("services", "app", "environment")),
    ],
)
def test_when_the_mock_is_a_service_then_its_tests_have_what_the_examples_of_tests_read(
    name: str, path: tuple[str, ...]
) -> None:
    document = yaml.safe_load((ROOT / "examples/pipelines" / name).read_text())
    own: dict[str, str] = document
    for key in path:
        own = own[key]  # type: ignore[assignment]  # down to the variables
    shared = document.get("variables", {})
    examples = [file.read_text() for file in (ROOT / "examples").glob("invoices*.*")]
    read = {one for text in examples for one in re.findall(r"POLAR_[A-Z_]+", text)}

    assert {"POLAR_SERVER_URL", "POLAR_CONTROL_URL", "POLAR_MOCK_KEY"} == read
    assert read <= {**shared, **own}.keys()
    assert own["POLAR_CONTROL_URL"] == f"{own['POLAR_SERVER_URL']}/_mock"


def test_when_the_application_of_the_example_runs_then_it_finds_its_order_on_the_mock() -> None:
    with running_mock() as mock:
        done = subprocess.run(
            [sys.executable, ROOT / "examples/pipelines/app.py"],
            env={**os.environ, "POLAR_SERVER_URL": mock.base_url},
            capture_output=True,
            text=True,
            check=False,
        )

    assert (done.returncode, done.stderr) == (0, "")
    assert " is paid: " in done.stdout
