"""Which revision a comparison is made in: the one that the live account keeps, unless another one is asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from contract_tests.config.errors import CannotRun
from contract_tests.targets.control_api import Control
from mock_server.testing import RunningMock, running_mock
from polar_contract.json_types import JsonObject
from tests.contract_tests.tools.compare.comparing import Compared, run_compare

_KEPT = "2026-10"
_TABLE = {"orders:get", "orders:update"}


@pytest.fixture(scope="module")
def account() -> Iterator[RunningMock]:
    """A mock that keeps a later revision than the default one; treated as a live account."""
    with running_mock(revision=_KEPT) as mock:
        yield mock


def compare(left: RunningMock, account: RunningMock, *arguments: str) -> Compared:
    control = Control(account.base_url, lambda secret, name: None, 10.0)
    token = control.token_of("default", "organization")
    control.close()
    sides = ("--left", left.base_url, "--right", account.base_url, "--as-live", "right")
    few = ("--steps", "0", "--requests-per-minute", "60000")
    return run_compare(*sides, *few, "--token-right", f"organization={token}", *arguments, table=_TABLE)


class GivenALiveAccountOfALaterRevision:
    @pytest.mark.parametrize("arguments", [(), ("--revision", "auto")])
    def test_when_it_is_compared_then_its_revision_is_found_and_the_mock_gets_it(
        self, account: RunningMock, arguments: tuple[str, ...]
    ) -> None:
        compared = compare(account, account, *arguments)
        assert compared.exit_code == 0, compared.output
        assert f"is a service of revision {_KEPT}: its answers name" in compared.output.splitlines()[0]
        assert compared.output.splitlines()[0].endswith(f"They are compared in revision {_KEPT}.")

    def test_when_it_is_compared_then_no_message_names_options_that_the_command_does_not_have(
        self, account: RunningMock
    ) -> None:
        compared = compare(account, account)
        assert "not compared" in compared.output
        assert "a live account only gets reads and refusals" in compared.output
        assert "--allow-writes" not in compared.output
        assert "POLAR_" not in compared.output
        assert "let a session be opened" not in compared.output

    def test_when_another_revision_is_asked_for_then_it_is_not_looked_for(self, account: RunningMock) -> None:
        compared = compare(account, account, "--revision", "2026-04")
        assert compared.exit_code == 0, compared.output
        assert "is a service of revision" not in compared.output

    def test_when_the_mock_is_of_another_revision_then_it_says_how_to_start_it(
        self, account: RunningMock, good_mock: RunningMock
    ) -> None:
        compared = compare(good_mock, account)
        assert compared.exit_code == 2
        assert f"start it with `polar-mock serve --revision {_KEPT}`" in compared.last_line


class GivenTwoMocks:
    def test_when_both_answer_by_a_later_revision_then_they_are_compared_in_it(self, account: RunningMock) -> None:
        sides = ("--left", account.base_url, "--right", account.base_url)
        compared = run_compare(*sides, "--steps", "0", "--no-checks", table={"orders:receipt"})
        assert compared.exit_code == 0, compared.output
        assert compared.output.startswith(f"The mocks are compared in revision {_KEPT}, ")

    def test_when_they_answer_by_different_revisions_then_they_are_compared_in_the_default_one(
        self, account: RunningMock, good_mock: RunningMock
    ) -> None:
        sides = ("--left", account.base_url, "--right", good_mock.base_url)
        compared = run_compare(*sides, "--steps", "0", "--no-checks", table={"orders:get"})
        assert compared.exit_code == 0, compared.output
        assert "compared in revision" not in compared.output


class GivenADocumentThatTheMockRefuses:
    def test_when_a_world_is_made_of_it_then_a_sentence_says_where_and_why(self, good_mock: RunningMock) -> None:
        control = Control(good_mock.base_url, lambda secret, name: None, 10.0)
        orders: JsonObject = {f"o{number}": {"customer": "nobody"} for number in range(5)}
        with pytest.raises(CannotRun) as refused:
            control.create({"orders": orders})
        said = str(refused.value)
        assert said.startswith("The mock refused POST /_mock/worlds (422): orders.o0.customer: ")
        assert said.count("this document has no customers") == 3
        assert said.endswith("; and 2 more.")
        assert "{" not in said
