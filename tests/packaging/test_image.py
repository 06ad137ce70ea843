"""The Dockerfile's steps make an environment that serves as process 1, as another user than root, on a read-only file system.

No image is built here: the steps run in a folder, on this machine's Python. `make dist` runs those that install.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from tests.packaging.dockerfile import Image, Step, build, command_of, in_the_context, steps
from tests.packaging.test_dependencies import PROJECT
from tests.tree import files

_NAMESPACES = ("unshare", "--pid", "--fork", "--mount", "--mount-proc")
_KEY = "a-key-of-the-test"


def texts(keyword: str) -> list[str]:
    return [step.text for step in steps() if step.keyword == keyword]


class GivenTheDockerfile:
    def test_when_it_is_read_then_it_runs_as_a_user_without_rights(self) -> None:
        (user,) = texts("USER")

        assert user.split(":")[0] not in ("0", "root")
        assert steps().index(Step("USER", user)) > max(
            number for number, step in enumerate(steps()) if step.keyword == "FROM"
        )

    def test_when_python_is_chosen_then_the_package_supports_it(self) -> None:
        (argument,) = texts("ARG")

        assert argument.partition("=")[2] in SpecifierSet(PROJECT["requires-python"])

    def test_when_commands_are_run_then_no_shell_is_between_them_and_the_signals(self) -> None:
        assert [command_of(text)[0] for text in (*texts("CMD"), *texts("HEALTHCHECK"))] == ["polar-mock", "polar-mock"]

    def test_when_the_context_is_sent_then_it_is_what_the_package_is_built_from(self) -> None:
        sent = {name.partition("/")[0] for name in files() if in_the_context(name)}

        packages = {name.partition("/")[0] for name in files() if name.endswith("/py.typed")}
        assert (
            packages | {"pyproject.toml", "hatch_build.py", "constraints.txt", "README.md", "LICENSE", "spec"} == sent
        )


@pytest.fixture(scope="module")
def image() -> Iterator[Image]:
    # Not below pytest's own folder: only its owner may enter that.
    with tempfile.TemporaryDirectory(prefix="image-") as folder:
        Path(folder).chmod(0o755)
        yield build(Path(folder))


@pytest.fixture
def container(image: Image) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The image's command as process 1 in namespaces of its own, and its base URL."""
    if subprocess.run([*_NAMESPACES, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("this user may not make process and mount namespaces")
    reports, (user, group) = image.at("/reports"), image.user.split(":")
    script = [
        *_readable_python(image),
        f"mount --bind {reports} {reports}",
        "mount -o remount,bind,ro /",
        f"! touch {image.folder}/file 2>/dev/null",
        f'exec setpriv --reuid {user} --regid {group} --clear-groups "$@" --port 0',
    ]
    server = subprocess.Popen(
        [*_NAMESPACES, "sh", "-c", " && ".join(script), "sh", *image.command],
        cwd=reports,
        env={**image.environment(), "POLAR_MOCK_KEY": _KEY},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert server.stdout
    first = server.stdout.readline()
    yield server, first.rpartition(" ")[2].strip()
    # Not unshare: what it started changed its user, and so no longer ends with it.
    if server.poll() is None:
        os.kill(process_1(server), signal.SIGKILL)
    server.communicate(timeout=30)


def _readable_python(image: Image) -> list[str]:
    """Commands that show this machine's Python to the image's user, where a folder above it is closed to others."""
    python = Path(sys.base_prefix)
    closed = next((folder for folder in reversed(python.parents) if not folder.stat().st_mode & 0o001), None)
    if closed is None:
        return []
    kept = image.folder / "python"
    kept.mkdir(exist_ok=True)
    return [
        f"mount --bind {python} {kept}",
        f"mount -t tmpfs -o mode=755 tmpfs {closed}",
        f"mkdir -p {python}",
        f"mount --bind {kept} {python}",
    ]


def process_1(server: subprocess.Popen[str]) -> int:
    """The process that is 1 in its own namespace."""
    return int(Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text())


def status_of(url: str, key: str | None) -> int:
    request = urllib.request.Request(url, headers={} if key is None else {"X-Mock-Key": key})
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.installs
class GivenTheEnvironmentThatTheStepsMake:
    @pytest.mark.parametrize("tool", ["polar-mock", "polar-contract"])
    def test_when_a_tool_is_called_then_it_answers(self, image: Image, tool: str) -> None:
        done = image.run([tool, "--version"])

        assert (done.stdout, done.stderr) == (f"{tool}, version {PROJECT['version']}\n", "")

    def test_when_it_is_measured_then_it_has_no_pip_of_its_own(self, image: Image) -> None:
        assert list(Path(image.at("/opt/polar")).glob("lib/python*/site-packages/pip")) == []

    def test_when_it_serves_then_health_is_open_and_the_control_api_needs_the_key(
        self, image: Image, container: tuple[subprocess.Popen[str], str]
    ) -> None:
        _, base = container
        health = image.run([*image.health, base])
        worlds = f"{base}/_mock/worlds"

        assert (health.returncode, health.stderr) == (0, "")
        assert [status_of(worlds, key) for key in (None, "wrong", _KEY)] == [401, 401, 200]

    def test_when_process_1_gets_sigterm_then_it_ends_in_order(
        self, image: Image, container: tuple[subprocess.Popen[str], str]
    ) -> None:
        server, base = container

        os.kill(process_1(server), signal.SIGTERM)
        server.communicate(timeout=30)

        assert server.returncode == 0
        assert image.run([*image.health, base]).returncode == 1
