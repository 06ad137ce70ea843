"""The make targets for an account, against a mock that counts as live; their default address is only read, never contacted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from contract_tests.config.servers import address_of
from contract_tests.targets.control_api import World
from mock_server.testing import RunningMock
from mutants.proxy import Proxy, proxy
from tests.contract_tests.running import CHECKOUT
from tests.contract_tests.services import quick_world
from tests.contract_tests.suites.live.making import run_make

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


class GivenNoBaseUrl:
    def test_when_the_targets_are_made_then_they_name_the_contracts_sandbox_and_no_token(
        self, tmp_path: Path, echo: str
    ) -> None:
        (tmp_path / ".env").write_text(f"POLAR_ORGANIZATION_TOKEN={_TOKEN}\n")
        made = run_make(
            tmp_path, *_COMMANDS, f"ORDER={_ORDER}", environment={"POLAR_CUSTOMER_TOKEN": _TOKEN}, bin_folder=echo
        )
        assert made.exit_code == 0, made.output
        assert made.output.split() == " ".join(f"{said} sandbox --env-file .env" for said in _COMMANDS.values()).split()

    def test_when_the_plan_is_made_then_it_names_the_address_in_the_contract_and_sends_nothing(
        self, tmp_path: Path
    ) -> None:
        made = run_make(tmp_path, "sandbox-plan", "ARGS=--only core")
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
        made = run_make(tmp_path, "sandbox", account.url, f"ARGS=--only scenarios --only model {_QUICKLY}")
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
        made = run_make(tmp_path, "sandbox-writes", account.url, f"ARGS=--only scenarios {_QUICKLY}")
        assert made.exit_code == 0, made.output
        assert account.sent("PATCH")
        assert account.sent("POST") == []

    def test_when_an_invoice_is_asked_for_then_it_is_once_and_for_this_order(
        self, account: Account, tmp_path: Path
    ) -> None:
        _write_tokens(tmp_path, account)
        order = account.world.ids["order:for_portal_invoice"]
        made = run_make(tmp_path, "sandbox-invoice", account.url, f"ORDER={order}", f"ARGS={_QUICKLY}")
        assert made.exit_code == 0, made.output
        assert [path.rpartition("/orders/")[2] for path in account.sent("POST")] == [f"{order}/invoice"]
        assert account.sent("PATCH") == []

    def test_when_it_is_captured_then_the_copy_is_written(self, account: Account, tmp_path: Path) -> None:
        _write_tokens(tmp_path, account)
        made = run_make(tmp_path, "sandbox-capture", account.url)
        assert made.exit_code == 0, made.output
        assert (tmp_path / "reports/account.yaml").read_text("utf-8").count("customer:") > 10
        assert {one.method for one in account.front.seen} == {"GET"}

    def test_when_it_is_compared_and_refuses_the_token_in_the_file_then_that_ends_it(
        self, account: Account, tmp_path: Path
    ) -> None:
        (tmp_path / ".env").write_text(f"POLAR_ORGANIZATION_TOKEN={_TOKEN}\n")
        made = run_make(tmp_path, "sandbox-compare", account.url, f"ARGS={_QUICKLY}")
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
        assert f"'{account.front.base_url}'" in run_make(tmp_path, "-n", "sandbox").output
        assert "'http://127.0.0.1:9'" in run_make(tmp_path, "-n", "sandbox", "BASE_URL=http://127.0.0.1:9").output


def test_when_a_target_is_given_by_its_old_name_then_it_works_and_the_new_one_is_printed(tmp_path: Path) -> None:
    made = run_make(tmp_path, "-n", "sandbox-parity", "BASE_URL=http://127.0.0.1:9")
    assert made.exit_code == 0, made.output
    assert "make sandbox-parity is now make sandbox-compare." in made.output
    assert "polar-contract compare --as-live right --right 'http://127.0.0.1:9'" in made.output


class GivenSomethingMissing:
    @pytest.mark.parametrize("target", ["sandbox-capture", "sandbox-compare"])
    def test_when_it_is_the_tokens_then_a_sentence_says_so_and_nothing_is_sent(
        self, account: Account, tmp_path: Path, target: str
    ) -> None:
        made = run_make(tmp_path, target, account.url)
        assert made.exit_code == 2, made.output
        assert "POLAR_CUSTOMER_TOKEN or POLAR_ORGANIZATION_TOKEN" in made.output
        assert "Traceback" not in made.output
        assert account.front.seen == []

    def test_when_it_is_the_order_then_a_sentence_says_so(self, account: Account, tmp_path: Path) -> None:
        _write_tokens(tmp_path, account)
        made = run_make(tmp_path, "sandbox-invoice", account.url)
        assert made.exit_code == 2, made.output
        assert made.output.startswith("ORDER is missing: make sandbox-invoice ORDER=")
        assert account.front.seen == []

    @pytest.mark.parametrize(
        ("name", "value", "said"),
        [
            (
                "POLAR_ORGANISATION_TOKEN",
                "x",
                "POLAR_ORGANISATION_TOKEN is set, which is not read; did you mean POLAR_ORGANIZATION_TOKEN?",
            ),
            (
                "POLAR_ACCESS_TOKEN",
                _TOKEN,
                "POLAR_ACCESS_TOKEN is set, which is not read; did you mean POLAR_ORGANIZATION_TOKEN?",
            ),
            ("OTHER_SECRET", "x", "Set POLAR_CUSTOMER_TOKEN or POLAR_ORGANIZATION_TOKEN."),
        ],
    )
    def test_when_it_is_the_tokens_then_the_plan_says_so_and_names_a_misspelt_one(
        self, tmp_path: Path, name: str, value: str, said: str
    ) -> None:
        (tmp_path / ".env").write_text(f"{name}={value}\n")
        made = run_make(tmp_path, "sandbox-plan", "BASE_URL=http://127.0.0.1:9", "ARGS=--only core")
        assert made.exit_code == 0, made.output
        assert f"No token was found, and without one the run ends before it sends anything. {said}" in made.output
        assert value == "x" or value not in made.output

    def test_when_a_token_is_misspelt_then_the_run_names_it(self, account: Account, tmp_path: Path) -> None:
        (tmp_path / ".env").write_text(f"POLAR_CUSTOMERS_TOKEN={_TOKEN}\n")
        made = run_make(tmp_path, "sandbox", account.url)
        assert made.exit_code == 2, made.output
        assert "POLAR_CUSTOMERS_TOKEN is set, which is not read; did you mean POLAR_ORGANIZATION_TOKEN?" in made.output
        assert account.front.seen == []

    @pytest.mark.parametrize("order", ["nonsense", "'; touch was-run; '", "$(touch was-run)"])
    def test_when_the_order_is_none_then_it_is_passed_on_as_it_is(self, tmp_path: Path, echo: str, order: str) -> None:
        made = run_make(tmp_path, "sandbox-invoice", environment={"ORDER": order}, bin_folder=echo)
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
    made = run_make(tmp_path, "-n", *arguments, environment=clean, bin_folder="bin")
    assert made.output.split() == f"bin/{command}".split()


def test_the_file_with_tokens_is_never_committed() -> None:
    assert ".env" in (CHECKOUT / ".gitignore").read_text("utf-8").splitlines()
