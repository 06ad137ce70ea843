"""The command: which defects it chooses, what it prints, and its exit codes."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from mutants.__main__ import main
from mutants.choosing import named, sample
from mutants.defects import defects
from polar_contract import default_revision

_SWAPPED = "error: NotPaidOrder of customer_portal:orders:generate_invoice (422) as MissingInvoiceBillingDetails"


@pytest.mark.parametrize(
    ("texts", "at_least", "with_name"),
    [
        ((), 820, "webhook: unsigned"),
        (("webhook",), 100, "webhook: unsigned"),
        (("PATCH LEAKS",), 1, "rule: PATCH leaks to another order"),
    ],
)
def test_when_names_are_given_then_defects_whose_names_contain_one_are_chosen(
    texts: tuple[str, ...], at_least: int, with_name: str
) -> None:
    chosen = named(defects(default_revision()), texts)
    assert len(chosen) >= at_least
    assert with_name in chosen


def test_when_a_sample_is_drawn_then_it_depends_on_the_seed_alone_and_has_both_kinds() -> None:
    every = defects(default_revision())
    first, again, other = (list(sample(every, 5, seed)) for seed in ("a", "a", "b"))
    assert first == again
    assert first != other
    assert [every[name].is_live for name in first].count(True) == 5
    assert len(first) == 10


def test_when_no_defect_has_such_a_name_then_a_message_says_so() -> None:
    done = CliRunner().invoke(main, ["no-such-defect"])
    assert done.exit_code == 2
    assert "'no-such-defect'" in done.output


def test_when_they_are_listed_then_each_line_has_the_rule_and_the_check_and_nothing_is_run() -> None:
    done = CliRunner().invoke(main, ["--list", "webhook: unsigned"])
    assert done.exit_code == 0
    assert done.output.startswith("webhook: unsigned  [webhook.signature]  webhooks: test_when_billing_is_changed")


def test_when_the_revision_is_unknown_then_a_sentence_says_so_and_a_sample_is_taken() -> None:
    done = CliRunner().invoke(main, ["--list", "--sample", "2", "--changed-since", "no-such-revision"])
    assert done.exit_code == 0
    assert "changes are not known here. Only a sample is run." in done.output
    assert "A sample by the seed" in done.output


def test_when_a_defect_is_compared_then_the_table_says_how_it_differs_and_what_found_it() -> None:
    done = CliRunner().invoke(main, ["--parity", _SWAPPED])
    assert done.exit_code == 0, done.output
    assert "by scenario: table 1" in done.output
    assert "1 of 1 defects differ from the good mock." in done.output
    assert any({"--compare", "--parity"} <= {*option.opts} for option in main.params)
