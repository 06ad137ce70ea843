"""Which revision a captured document names: the one that the account keeps, unless another one is asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import yaml
from click.testing import CliRunner, Result

from contract_tests.cli import main
from contract_tests.targets.control_api import World
from mock_server.testing import RunningMock
from polar_contract.json_types import JsonObject, as_object
from tests.contract_tests.tools.capture.copies import world_from

_KEPT, _BEFORE_VERSIONS = "2026-10", "0.1.0"


def capture(account: World, *arguments: str) -> Result:
    tokens = {
        f"POLAR_{kind.upper()}_TOKEN": account.tokens.get(kind) for kind in ("organization", "customer", "member")
    }
    done = CliRunner().invoke(main, ["capture", "--base-url", account.control.base_url, *arguments], env=tokens)
    assert done.exit_code == 0, done.output
    return done


def document_of(done: Result) -> JsonObject:
    document: JsonObject = yaml.safe_load(done.stdout)
    return document


@pytest.fixture(scope="module")
def account(good_mock: RunningMock) -> Iterator[World]:
    """An account of a revision with draft orders and prices by unit, on a server whose first world is of an earlier one."""
    with world_from(good_mock.base_url, {"scenario": "today"}) as world:
        yield world


class GivenAnAccountOfALaterRevision:
    def test_when_it_is_captured_then_the_document_names_its_revision_and_is_complete(self, account: World) -> None:
        done = capture(account)
        document = document_of(done)
        statuses = {as_object(order)["status"] for order in as_object(document["orders"]).values()}
        assert document["revision"] == _KEPT
        assert "draft" in statuses

    def test_when_it_is_captured_then_a_mock_takes_the_document(self, account: World) -> None:
        document = document_of(capture(account))
        with world_from(account.control.base_url, document) as copy:
            assert len([name for name in copy.ids if name.startswith("order:")]) == len(as_object(document["orders"]))

    @pytest.mark.parametrize("arguments", [(), ("--revision", "auto")])
    def test_when_it_is_captured_then_one_line_says_which_revision_and_why(
        self, account: World, arguments: tuple[str, ...]
    ) -> None:
        first = capture(account, *arguments).stderr.splitlines()[0]
        assert f"is a service of revision {_KEPT}: its answers name the version {_KEPT}" in first
        assert first.endswith(f"The copy is of revision {_KEPT}.")
        assert "contradicts" not in first

    def test_when_another_revision_is_asked_for_then_the_document_names_that_one(self, account: World) -> None:
        done = capture(account, "--revision", "2026-04")
        assert document_of(done)["revision"] == "2026-04"
        assert "is a service of revision" not in done.stderr

    def test_when_an_earlier_revision_is_asked_for_then_a_mock_takes_the_document_and_its_losses_are_listed(
        self, account: World
    ) -> None:
        done = capture(account, "--revision", _BEFORE_VERSIONS)
        with world_from(account.control.base_url, document_of(done)) as copy:
            assert "order:order_1" in copy.ids
        assert "not copied: unit_label, which the contract's revision does not have" in done.stderr
        assert "not copied: an order with the status 'draft', which the contract does not define" in done.stderr


class GivenAnAccountFromBeforeVersions:
    def test_when_it_is_captured_then_the_document_names_its_revision(self, good_mock: RunningMock) -> None:
        with world_from(good_mock.base_url, {"scenario": "members", "revision": _BEFORE_VERSIONS}) as world:
            done = capture(world)
        assert document_of(done)["revision"] == _BEFORE_VERSIONS
        assert f"The copy is of revision {_BEFORE_VERSIONS}." in done.stderr
