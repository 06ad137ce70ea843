"""Installing, preparing and the command line, with neither an SDK nor a package registry."""

from __future__ import annotations

import base64
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner
from standardwebhooks import Webhook

from mock_server.testing import RunningMock, free_port
from sdk.__main__ import main
from sdk.environments import Environment, is_installed
from sdk.outcomes import Verdict, count
from sdk.preparing import CannotPrepare, prepared
from sdk.releases import RELEASES, Meeting, Target, targets_of
from sdk.required_checks import PAGE_SAMPLE, PROGRAM_END, checks_for
from sdk.running import check

PYTHON = RELEASES[0]
TARGET = Target(PYTHON, PYTHON.meetings[0])
NEWEST = Target(RELEASES[3], Meeting("2026-10", "2026-04"))


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """An environment that looks installed, but has no SDK."""
    environment = Environment(PYTHON, tmp_path / PYTHON.name)
    environment.python.parent.mkdir(parents=True)
    environment.python.symlink_to(sys.executable)
    (environment.folder / ".installed").write_text("\n".join((sys.version, *PYTHON.requirements)))
    return environment


class GivenAnEnvironment:
    def test_when_its_pins_are_the_releases_then_it_is_kept(self, environment: Environment) -> None:
        assert is_installed(environment)

    def test_when_its_pins_are_others_then_it_is_made_anew(self, environment: Environment) -> None:
        newer = replace(PYTHON, requirements=("polar-sdk==0.28.5",))

        assert not is_installed(Environment(newer, environment.folder))

    def test_when_no_registry_is_within_reach_then_a_message_says_which_sdk_and_nothing_counts_as_installed(
        self, environment: Environment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PIP_NO_INDEX", "1")
        (environment.folder / ".installed").write_text("an older release")

        done = CliRunner().invoke(main, ["--only", PYTHON.name, "--environments", str(environment.folder.parent)])

        assert done.exit_code == 2
        message = r"polar-sdk==0\.28\.4 could not be installed: .* registry"
        assert re.search(message, done.stderr.splitlines()[-1]) is not None
        assert not (environment.folder / ".installed").exists()


class GivenAMock:
    def test_then_webhooks_of_an_orders_life_were_really_sent(self, mock: RunningMock) -> None:
        with prepared(mock.base_url, TARGET) as given:
            verifier = Webhook(base64.b64encode(given["shop"]["webhook_secrets"]["app"].encode()).decode())
            events = [verifier.verify(sent["body"], sent["headers"]) for sent in given["deliveries"]["app"]]

        assert [event["type"] for event in events] == [
            "order.created",
            "order.updated",
            "order.paid",
            "order.updated",
            "order.refunded",
        ]

    def test_when_the_service_signs_in_two_ways_then_webhooks_of_both_were_sent_in_the_version_asked_for(
        self, mock: RunningMock
    ) -> None:
        with prepared(mock.base_url, NEWEST) as given:
            verifier = Webhook(given["shop"]["webhook_secrets"]["standard"])
            events = [verifier.verify(sent["body"], sent["headers"]) for sent in given["deliveries"]["standard"]]

        assert {event["api_version"] for event in events} == {"2026-04"}
        assert len(events) == len(given["deliveries"]["app"]) > 0

    def test_when_the_sdk_asks_for_a_version_then_a_world_no_longer_serves_it(self, mock: RunningMock) -> None:
        with prepared(mock.base_url, NEWEST) as given:
            token, order = given["retired"]["tokens"]["customer"], given["retired"]["ids"]["order:paid"]
            answers = [
                requests.get(
                    f"{mock.base_url}/v1/customer-portal/orders/{order}",
                    headers={"Authorization": f"Bearer {token}", "Polar-Version": version},
                    timeout=10,
                )
                for version in ("2026-04", "2027-01")
            ]

        assert [answer.status_code for answer in answers] == [404, 200]

    @pytest.mark.parametrize("target", targets_of(RELEASES), ids=lambda target: target.name)
    def test_then_the_worlds_of_every_target_can_be_made(self, mock: RunningMock, target: Target) -> None:
        with prepared(mock.base_url, target) as given:
            assert set(given["deliveries"]) == set(given["shop"]["webhook_secrets"])

    def test_when_the_program_crashes_then_every_required_check_has_failed(
        self, mock: RunningMock, environment: Environment
    ) -> None:
        outcomes = {outcome.check: outcome for outcome in check(environment, TARGET, mock.base_url)}

        assert set(outcomes) == set(checks_for(TARGET))
        assert count(outcomes.values(), Verdict.FAILED) == len(outcomes)
        assert "No module named 'polar_sdk'" in outcomes[PROGRAM_END].reason
        assert "No module named 'polar_sdk'" in outcomes[PAGE_SAMPLE].reason

    def test_when_checks_fail_then_the_command_lists_them_and_exits_with_1(
        self, mock: RunningMock, environment: Environment
    ) -> None:
        folder = str(environment.folder.parent)

        done = CliRunner().invoke(main, ["--only", PYTHON.name, "--base-url", mock.base_url, "--environments", folder])

        assert done.exit_code == 1
        assert "py-0.28.4 at 0.1.0  failed  list: every order: reported 0 times" in done.stdout
        assert str(len(checks_for(Target(PYTHON, PYTHON.meetings[-1])))) in done.stdout.splitlines()[-2]


def test_what_is_no_mock_is_reported_in_a_message(environment: Environment) -> None:
    folder, nobody = str(environment.folder.parent), f"http://127.0.0.1:{free_port()}"

    done = CliRunner().invoke(main, ["--only", PYTHON.name, "--base-url", nobody, "--environments", folder])

    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].startswith(f"no world could be made at {nobody}: ")
    with pytest.raises(CannotPrepare), prepared(nobody, TARGET):
        pass


class GivenAMachineWithoutNode:
    @pytest.fixture(autouse=True)
    def without_node(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))

    def test_then_typescript_is_left_out_and_the_rest_is_checked(
        self, mock: RunningMock, environment: Environment
    ) -> None:
        folder = str(environment.folder.parent)
        command = ["--only", PYTHON.name, "--only", "ts-1.0.1", "--base-url", mock.base_url, "--environments", folder]

        done = CliRunner().invoke(main, command)

        assert "ts-1.0.1  left out: node and npm are not installed\n" in done.stdout
        assert "py-0.28.4 at 0.1.0  failed  list: every order" in done.stdout

    def test_when_nothing_else_is_asked_for_then_nothing_was_checked(self) -> None:
        done = CliRunner().invoke(main, ["--only", "ts-1.0.1"])

        assert (done.exit_code, done.stderr) == (2, "nothing to check: node and npm are not installed\n")


def test_a_page_of_some_releases_is_not_written() -> None:
    done = CliRunner().invoke(main, ["--write", "--only", PYTHON.name])

    assert (done.exit_code, "leave out --only" in done.stderr) == (2, True)


def test_help_shows_examples() -> None:
    done = CliRunner().invoke(main, ["--help"])

    assert "python -m sdk --only py-0.31.7 --only ts-1.0.1" in done.stdout
