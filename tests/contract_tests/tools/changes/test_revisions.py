"""`polar-contract changes`: the bundled revisions, the page made of them, and bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from contract_tests.cli import main
from contract_tests.tools.changes.behaviours import rules_in_words
from contract_tests.tools.changes.comparison import Comparison, compare_revisions
from contract_tests.tools.changes.grouping import hurting
from contract_tests.tools.changes.page import page
from polar_contract import load_contract

_ROOT = Path(__file__).parents[4]


def _changes(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["changes", *arguments])


@pytest.fixture(scope="module")
def from_first() -> Comparison:
    return compare_revisions("0.1.0", "2026-10")


class GivenTheFirstRevisionAndToday:
    def test_when_they_are_compared_then_what_breaks_clients_is_among_what_hurts(self, from_first: Comparison) -> None:
        told = {one.where: (one.whom, one.before, one.after) for one in hurting(from_first.differences)}

        assert told["OrderStatus in response 200, payload"][0] == "readers"
        assert told["Order /invoice_number in response 200, payload"] == ("readers", "text", "text or null")
        assert told["response 409"] == ("readers", "-", "status 409")
        assert told["the operation"] == ("writers", "exists", "gone")
        assert [one for one in hurting(from_first.differences) if not one.is_sure] == []

    def test_when_they_are_compared_then_new_fields_hurt_nobody(self, from_first: Comparison) -> None:
        harmless = {one.subject for one in from_first.differences} - {
            one.subject for one in hurting(from_first.differences)
        }

        assert {"Order /units", "OrderItemSchema /start_timestamp", "WebhookEvent /api_version"} <= harmless

    def test_when_they_are_compared_then_rules_and_new_operations_are_told(self, from_first: Comparison) -> None:
        rules = {one.name: (one.before, one.after) for one in from_first.rules}

        assert rules["invoice.refused_statuses"] == ("pending, void", "draft, void")
        assert rules["webhook.standard_signing_since"] == ("none", "2026-09-08T00:00:00Z")
        assert "orders:create" in from_first.new_operations


class GivenTheTwoDatedRevisions:
    def test_when_they_are_compared_then_nothing_but_the_published_differences_is_told(self) -> None:
        """Source: the packages of both versions in Polar's SDK 1.0.2, and its changelog."""
        found = compare_revisions("2026-04", "2026-10")

        assert [(one.subject, one.operations) for one in found.differences] == [
            ("WebhookEndpointCreate /api_version", ("webhooks:create_webhook_endpoint",)),
            ("WebhookEndpointUpdate /api_version", ("webhooks:update_webhook_endpoint",)),
        ]
        assert found.new_operations == ()
        assert [(one.name, one.before, one.after) for one in found.rules] == [
            ("webhook.secret_can_be_sent", "yes", "no"),
            ("webhook.version_header", "webhook-api-version: 2026-04", "webhook-api-version: 2026-10"),
            ("request.version_header", "Polar-Version: 2026-04", "Polar-Version: 2026-10"),
        ]


def test_when_a_rule_exists_then_it_has_words() -> None:
    behaviour = load_contract("0.1.0").behaviour
    rules = [f"{group}.{rule}" for group, rules in behaviour._asdict().items() for rule in rules._fields]

    assert sorted(rules_in_words()) == sorted(rules)


def test_when_the_spec_is_as_it_is_then_the_page_is_current() -> None:
    assert (_ROOT / "docs/changes.md").read_text("utf-8") == page().rstrip() + "\n"


class GivenTheCommand:
    def test_when_text_is_asked_for_then_what_hurts_comes_first(self) -> None:
        done = _changes("0.1.0", "2026-10")

        assert done.exit_code == 0
        headings = [line for line in done.stdout.splitlines() if line.isupper()]
        assert headings[:2] == ["WHAT HURTS CLIENTS", "WHAT HURTS NOBODY"]
        assert "removed on 2027-04-01" in done.stdout

    def test_when_json_is_asked_for_then_every_difference_has_its_places(self, from_first: Comparison) -> None:
        made = json.loads(_changes("0.1.0", "2026-10", "--format", "json").stdout)

        assert made["counts"]["differences"] == len(made["differences"]) == len(from_first.differences)
        assert all(one["places"] for one in made["differences"])
        assert {"operation", "part", "pointer"} == set(made["differences"][0]["places"][0])

    def test_when_markdown_is_asked_for_then_it_is_a_section_of_the_page(self) -> None:
        made = _changes("2026-04", "2026-10", "--format", "markdown").stdout

        assert made in (_ROOT / "docs/changes.md").read_text("utf-8")

    def test_when_both_are_the_same_then_nothing_is_told(self) -> None:
        done = _changes("2026-10", "2026-10")

        assert done.exit_code == 0
        assert "0 differences" in done.stdout

    @pytest.mark.parametrize(
        ("names", "message"),
        [
            (
                ("0.1.0", "2026-1"),
                "There is no revision '2026-1' of the contract; did you mean 2026-10? known revisions: 0.1.0,",
            ),
            (("0.1", "2026-10"), "did you mean 0.1.0?"),
            (("0.1.0", "x\n\x1b[31m"), r"'x\n\x1b[31m'"),
        ],
    )
    def test_when_a_revision_is_unknown_then_one_sentence_lists_the_known_ones(
        self, names: tuple[str, str], message: str
    ) -> None:
        done = _changes(*names)

        assert done.exit_code == 2
        assert message in done.stderr
        assert len(done.stderr.splitlines()) == 1
