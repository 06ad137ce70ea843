"""The wheel in empty environments, used in a folder that has folders with our packages' names: the mock alone, and both tools.

`make dist` runs these.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.packaging.conftest import ROOT
from tests.packaging.environments import Environment, environment

pytestmark = pytest.mark.installs
_START_SECONDS = "60"


@pytest.fixture(scope="module")
def mock_alone(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return environment(tmp_path_factory.mktemp("alone"), wheel)


@pytest.fixture(scope="module")
def both(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return environment(tmp_path_factory.mktemp("both"), wheel, "contract-tests")


def asked(url: str, *, token: str | None = None, method: str = "GET") -> bytes:
    request = urllib.request.Request(url, b"" if method == "POST" else None, method=method)
    if token is not None:
        request.add_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request, timeout=30) as response:
        content: bytes = response.read()
    return content


class GivenTheMockAlone:
    def test_when_it_serves_then_orders_invoices_and_documents_are_there(self, mock_alone: Environment) -> None:
        tool = str(mock_alone.bin / "polar-mock")
        server = subprocess.Popen(
            [tool, "serve", "--port", "0", "--exit-with-stdin"],
            cwd=mock_alone.theirs,
            env=mock_alone.variables(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert server.stdout
        try:
            base = server.stdout.readline().decode().rpartition(" ")[2].strip()
            waited = mock_alone.run("polar-mock", "wait", base, "--timeout", _START_SECONDS)
            world: Any = json.loads(asked(f"{base}/_mock/worlds/default"))
            token, order = world["tokens"]["customer"]["token"], world["orders"]["invoiced"]["id"]
            invoice = json.loads(asked(f"{base}/v1/customer-portal/orders/{order}/invoice", token=token))
            document = json.loads(asked(f"{base}/2026-10/openapi.json"))

            assert (waited.returncode, waited.stderr) == (0, "")
            assert asked(invoice["url"]).startswith(b"%PDF-")
            assert document["openapi"] == "3.1.0"
        finally:
            server.communicate()
        assert server.returncode == 0

    def test_when_the_packages_are_counted_then_they_are_as_many_as_the_page_says(
        self, mock_alone: Environment
    ) -> None:
        page = (ROOT / "docs/pipelines.md").read_text()

        said = re.search(r"the mock alone \| (\d+) ", page)

        assert said
        assert int(said[1]) == len(mock_alone.packages)

    @pytest.mark.parametrize("arguments", [("--help",), ("run",), ("no-such-command",)])
    def test_when_the_contract_tests_are_called_then_a_sentence_names_the_extra(
        self, mock_alone: Environment, arguments: tuple[str, ...]
    ) -> None:
        done = mock_alone.run("polar-contract", *arguments)

        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.count("\n") == 1
        assert "pip install 'polar-contract-harness[contract-tests]'" in done.stderr

    @pytest.mark.parametrize("arguments", [(), ("openapi.yaml",)])
    def test_when_a_contract_is_checked_then_a_sentence_names_the_extra(
        self, mock_alone: Environment, arguments: tuple[str, ...]
    ) -> None:
        done = mock_alone.run("polar-mock", "spec", "check", *arguments)

        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.count("\n") == 1
        assert "pip install 'polar-contract-harness[spec]'" in done.stderr

    def test_when_the_spec_was_edited_then_the_file_and_the_extra_are_named(self, mock_alone: Environment) -> None:
        edited = mock_alone.theirs / "edited"
        shutil.copytree(ROOT / "spec", edited)
        document = edited / "0.1.0/openapi.yaml"
        document.write_text(document.read_text() + "# edited\n")

        done = mock_alone.run("polar-mock", "serve", "--port", "0", POLAR_SPEC=str(edited))

        assert (done.returncode, done.stdout) == (2, "")
        assert str(document) in done.stderr
        assert "pip install 'polar-contract-harness[spec]'" in done.stderr


class GivenBothTools:
    def test_when_the_contract_tests_run_then_they_check_the_installed_mock(self, both: Environment) -> None:
        done = both.run("polar-contract", "run", "--only", "webhooks")

        assert done.returncode == 0, done.stdout + done.stderr
        assert "no violations of the contract found" in done.stdout

    def test_when_the_spec_was_edited_then_it_is_read_again(self, both: Environment) -> None:
        edited = both.theirs / "edited"
        shutil.copytree(ROOT / "spec", edited)
        document = edited / "0.1.0/openapi.yaml"
        document.write_text(document.read_text().replace("title: Polar API", "title: Edited API", 1))
        program = "import polar_contract as p; print(p.load_contract().published['info']['title'])"

        assert both.run("python", "-I", "-c", program).stdout == "Polar API\n"
        assert both.run("python", "-I", "-c", program, POLAR_SPEC=str(edited)).stdout == "Edited API\n"
        assert both.run("polar-mock", "spec", "check", POLAR_SPEC=str(edited)).returncode == 0

    def test_when_the_bundled_spec_is_loaded_then_nothing_is_written(self, both: Environment) -> None:
        program = "import polar_contract as p; p.load_contract('2026-10')"

        done = both.run("python", "-I", "-c", program, XDG_CACHE_HOME=str(both.theirs / "unused"))

        assert done.returncode == 0, done.stderr
        assert not (both.theirs / "unused").exists()
