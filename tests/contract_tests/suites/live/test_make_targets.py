"""The make targets for an account, against a mock that counts as live; their default address is only read, never contacted."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from contract_tests.config.servers import address_of
from contract_tests.targets.control_api import World
from mock_server.testing import RunningMock
from mutants.proxy import Proxy, proxy
from tests.contract_tests.running import CHECKOUT
from tests.contract_tests.services import quick_world

_ORDER = "ed12e160-a4cf-4c9b-9fdb-a2631871aa88"
_COMMANDS = {
    "sandbox-plan": "run --as-live --dry-run --base-url",
    "sandbox": "run --as-live --base-url",
    "sandbox-writes": "run --as-live --allow-writes --base-url",
    "sandbox-invoice": f"run --as-live --only scenarios --allow-invoice {_ORDER} --base-url",
    "sandbox-capture": "capture -o reports/account.yaml --base-url",
    "sandbox-compare": "compare --as-live right --right",
}
_TOKEN = "polar_oat_" + "Q7z" * 14 + "q"
_QUICKLY = "--requests-per-minute 60000"
pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="they are targets of make")


@dataclass(frozen=True, slots=True)
class Made:
    exit_code: int
    output: str


def _make(
    folder: Path, *arguments: str, environment: Mapping[str, str] | None = None, bin_folder: str | None = None
) -> Made:
    """Run make in a folder of its own, with the tools of these tests."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("POLAR_") and name not in ("BASE_URL", "ORDER", "ARGS", "MAKEFLAGS", "MAKELEVEL")
    }
    tools = bin_folder or str(Path(sys.executable).parent)
    done = subprocess.run(
        ["make", "-f", CHECKOUT / "Makefile", "-o", ".venv/.stamp", f"BIN={tools}", *arguments],
        cwd=folder,
        env={**kept, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    return Made(done.returncode, done.stdout)


@dataclass(frozen=True, slots=True)
class Account:
    world: World
    front: Proxy

    def sent(self, method: str) -> list[str]:
        """Paths of requests with a token of the account."""
        tokens = set(self.world.tokens.values())
        return [one.path for one in self.front.seen if one.method == method and one.token in tokens]

    @property
    def url(self) -> str:
        return f"BASE_URL={self.front.base_url}"


@pytest.fixture
def account(good_mock: RunningMock) -> Iterator[Account]:
    with (
        quick_world(good_mock, reissue="as-documented") as world,
        proxy(good_mock.base_url, lambda request, forward: forward(request)) as front,
    ):
        yield Account(world, front)


def _write_tokens(folder: Path, account: Account) -> None:
    """As people write them: quotes, `export`, remarks, an empty line, and names of other tools."""
    text = f"""# the sandbox
export POLAR_ORGANIZATION_TOKEN="{account.world.tokens["organization"]}"  # reads orders

POLAR_CUSTOMER_TOKEN='{account.world.tokens["customer"]}'
OTHER_SECRET=$(touch was-run)
"""
    (folder / ".env").write_text(text, "utf-8")


@pytest.fixture
def echo(tmp_path: Path) -> str:
    """A folder with a `polar-contract` that prints its arguments, one a line."""
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "polar-contract").write_text("#!/bin/sh\nprintf '%s\\n' \"$@\"\n")
    (tools / "polar-contract").chmod(0o755)
    (tools / "dotenv").symlink_to(Path(sys.executable).parent / "dotenv")
    return str(tools)


class GivenNoBaseUrl:
    def test_when_the_targets_are_made_then_they_name_the_contracts_sandbox_and_no_token(
        self, tmp_path: Path, echo: str
    ) -> None:
        (tmp_path / ".env").write_text(f"POLAR_ORGANIZATION_TOKEN={_TOKEN}\n")
        made = _make(
            tmp_path, *_COMMANDS, f"ORDER={_ORDER}", environment={"POLAR_CUSTOMER_TOKEN": _TOKEN}, bin_folder=echo
        )
        assert made.exit_code == 0, made.output
        assert made.output.split() == " ".join(f"{said} sandbox --env-file .env" for said in _COMMANDS.values()).split()

    def test_when_the_plan_is_made_then_it_names_the_address_in_the_contract_and_sends_nothing(
        self, tmp_path: Path
    ) -> None:
        made = _make(tmp_path, "sandbox-plan", "ARGS=--only core")
        assert made.exit_code == 0, made.output
        assert made.output.startswith(f"Nothing is sent. {address_of('sandbox', '0.1.0')}, as a live account:")

    def test_the_address_of_the_sandbox_is_in_the_contract_and_in_no_command(self) -> None:
        url = address_of("sandbox", "0.1.0")
        assert url not in (CHECKOUT / "Makefile").read_text("utf-8")
        assert url in (CHECKOUT / "spec/0.1.0/openapi.yaml").read_text("utf-8")


class GivenAMockAtTheBaseUrl:
    def test_when_the_account_is_tested_then_it_gets_reads_and_refusals_and_no_token_is_printed(
        self, account: Account, tmp_path: Path
    ) -> None:
        _write_tokens(tmp_path, account)
        made = _make(tmp_path, "sandbox", account.url, f"ARGS=--only scenarios --only model {_QUICKLY}")
        assert made.exit_code == 0, made.output
        assert "no violations of the contract found" in made.output
        assert account.sent("GET")
        assert [account.sent(method) for method in ("POST", "PATCH", "DELETE")] == [[], [], []]
        assert not [one for one in account.front.seen if one.path.startswith("/_mock")]
        assert not [name for name, token in account.world.tokens.items() if token[:20] in made.output]
        assert not (tmp_path / "was-run").exists()

    def test_when_writes_are_allowed_then_billing_is_changed_and_put_back(
        self, account: Account, tmp_path: Path
    ) -> None:
        _write_tokens(tmp_path, account)
        made = _make(tmp_path, "sandbox-writes", account.url, f"ARGS=--only scenarios {_QUICKLY}")
        assert made.exit_code == 0, made.output
        assert account.sent("PATCH")
        assert account.sent("POST") == []

    def test_when_an_invoice_is_asked_for_then_it_is_once_and_for_this_order(
        self, account: Account, tmp_path: Path
    ) -> None:
        _write_tokens(tmp_path, account)
        order = account.world.ids["order:for_portal_invoice"]
        made = _make(tmp_path, "sandbox-invoice", account.url, f"ORDER={order}", f"ARGS={_QUICKLY}")
        assert made.exit_code == 0, made.output
        assert [path.rpartition("/orders/")[2] for path in account.sent("POST")] == [f"{order}/invoice"]
        assert account.sent("PATCH") == []

    def test_when_it_is_captured_then_the_copy_is_written(self, account: Account, tmp_path: Path) -> None:
        _write_tokens(tmp_path, account)
        made = _make(tmp_path, "sandbox-capture", account.url)
        assert made.exit_code == 0, made.output
        assert (tmp_path / "reports/account.yaml").read_text("utf-8").count("customer:") > 10
        assert {one.method for one in account.front.seen} == {"GET"}

    def test_when_it_is_compared_and_refuses_the_token_in_the_file_then_that_ends_it(
        self, account: Account, tmp_path: Path
    ) -> None:
        (tmp_path / ".env").write_text(f"POLAR_ORGANIZATION_TOKEN={_TOKEN}\n")
        made = _make(tmp_path, "sandbox-compare", account.url, f"ARGS={_QUICKLY}")
        assert made.exit_code == 2, made.output
        assert "--right: The target does not accept the organization token" in made.output
        assert {(one.method, one.token) for one in account.front.seen} == {("GET", None), ("GET", _TOKEN)}
        assert not [one for one in account.front.seen if one.path.startswith("/_mock")]

    def test_when_the_address_stands_in_the_file_then_it_is_taken_unless_another_is_named(
        self, account: Account, tmp_path: Path
    ) -> None:
        _write_tokens(tmp_path, account)
        with (tmp_path / ".env").open("a") as file:
            file.write(f'BASE_URL="{account.front.base_url}"\n')
        assert f"'{account.front.base_url}'" in _make(tmp_path, "-n", "sandbox").output
        assert "'http://127.0.0.1:9'" in _make(tmp_path, "-n", "sandbox", "BASE_URL=http://127.0.0.1:9").output


def test_when_a_target_is_given_by_its_old_name_then_it_works_and_the_new_one_is_printed(tmp_path: Path) -> None:
    made = _make(tmp_path, "-n", "sandbox-parity", "BASE_URL=http://127.0.0.1:9")
    assert made.exit_code == 0, made.output
    assert "make sandbox-parity is now make sandbox-compare." in made.output
    assert "polar-contract compare --as-live right --right 'http://127.0.0.1:9'" in made.output


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
        made = _make(tmp_path, "-k", *_SANDBOXES, given, environment=environment, bin_folder=echo)
        assert made.exit_code == 2, made.output
        assert said in made.output.splitlines()[0]
        assert "Nothing was sent. Write BASE_URL=http://" in made.output
        assert "--base-url" not in made.output

    @pytest.mark.parametrize("file", ["BASEURL=x", "BASE_URL=", "URL=x\nDATABASE_URL=y"])
    def test_when_it_stands_on_the_command_line_then_what_the_file_says_does_not_matter(
        self, tmp_path: Path, echo: str, file: str
    ) -> None:
        (tmp_path / ".env").write_text(file)
        made = _make(tmp_path, "sandbox", "BASE_URL=http://127.0.0.1:9", "ARGS=--only core", bin_folder=echo)
        assert made.exit_code == 0, made.output
        assert "http://127.0.0.1:9" in made.output.splitlines()


class GivenSomethingMissing:
    @pytest.mark.parametrize("target", ["sandbox-capture", "sandbox-compare"])
    def test_when_it_is_the_tokens_then_a_sentence_says_so_and_nothing_is_sent(
        self, account: Account, tmp_path: Path, target: str
    ) -> None:
        made = _make(tmp_path, target, account.url)
        assert made.exit_code == 2, made.output
        assert "POLAR_CUSTOMER_TOKEN or POLAR_ORGANIZATION_TOKEN" in made.output
        assert "Traceback" not in made.output
        assert account.front.seen == []

    def test_when_it_is_the_order_then_a_sentence_says_so(self, account: Account, tmp_path: Path) -> None:
        _write_tokens(tmp_path, account)
        made = _make(tmp_path, "sandbox-invoice", account.url)
        assert made.exit_code == 2, made.output
        assert made.output.startswith("ORDER is missing: make sandbox-invoice ORDER=")
        assert account.front.seen == []

    @pytest.mark.parametrize("order", ["nonsense", "'; touch was-run; '", "$(touch was-run)"])
    def test_when_the_order_is_none_then_it_is_passed_on_as_it_is(self, tmp_path: Path, echo: str, order: str) -> None:
        made = _make(tmp_path, "sandbox-invoice", environment={"ORDER": order}, bin_folder=echo)
        assert made.exit_code == 0, made.output
        assert order in made.output.splitlines()
        assert not (tmp_path / "was-run").exists()


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        (["mock", "PORT=9000", "WORLD=members"], "polar-mock serve --port 9000 --world 'members'"),
        (["mock"], "polar-mock serve --port 8000 --world 'demo'"),
        (["contract", "SEED=7", "ARGS=--only core"], "polar-contract run --seed 7 --only core"),
        (["contract"], "polar-contract run"),
    ],
    ids=["another mock", "the mock", "another contract run", "a contract run"],
)
def test_variables_of_the_everyday_targets(tmp_path: Path, arguments: list[str], command: str) -> None:
    clean = {"PORT": "8000", "WORLD": "demo"}
    made = _make(tmp_path, "-n", *arguments, environment=clean, bin_folder="bin")
    assert made.output.split() == f"bin/{command}".split()


def test_the_file_with_tokens_is_never_committed() -> None:
    assert ".env" in (CHECKOUT / ".gitignore").read_text("utf-8").splitlines()
