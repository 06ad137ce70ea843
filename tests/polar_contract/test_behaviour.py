"""Reading behaviour.yaml: strict about names, types and sources; every problem has its file and place."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from polar_contract import load_contract
from polar_contract.behaviour import Refusal
from polar_contract.behaviour_reading import behaviour_problems, read_behaviour
from polar_contract.checking import check_document
from polar_contract.documents import SPEC_VARIABLE, spec_folder
from polar_contract.errors import ContractError, DocumentUnreadable, SpecFolderMissing
from polar_contract.json_types import JsonObject, JsonValue
from tests.made_up_revision import BASE, add_revision, change_text, copy_spec

STATUSES: list[JsonValue] = ["pending", "paid", "refunded", "partially_refunded", "void"]
CONTRACT: JsonObject = {"components": {"schemas": {"OrderStatus": {"enum": STATUSES}}}}
GOOD: JsonObject = yaml.safe_load((spec_folder() / BASE / "behaviour.yaml").read_text("utf-8"))
TEXT = {"status": 404, "error": "Gone", "detail": "It is gone."}
LEFT_OUT = object()


def problem_of(rule: str, changes: Any) -> tuple[str, str]:
    """Place and message of the one problem of a document in which a rule is changed."""
    document = copy.deepcopy(GOOD)
    if changes is LEFT_OUT:
        del document[rule]
    else:
        document[rule] = changes
    (problem,) = behaviour_problems(document, "behaviour.yaml", contract=CONTRACT)
    with pytest.raises(DocumentUnreadable) as refused:
        read_behaviour(document, "behaviour.yaml", contract=CONTRACT)
    assert str(refused.value) == str(problem)
    return problem.pointer, problem.message


class GivenTheBundledBehaviour:
    def test_then_it_has_no_problems_and_gives_frozen_values(self) -> None:
        behaviour = read_behaviour(GOOD, "behaviour.yaml", contract=CONTRACT)

        assert behaviour.invoice.refused_statuses == ("pending", "void")
        assert behaviour.error.not_found == Refusal(404, "ResourceNotFound", "Not found")
        assert hash(behaviour) == hash(load_contract(BASE).behaviour)


class GivenARuleThatIsWrong:
    @pytest.mark.parametrize(
        ("rule", "changes", "place", "words"),
        [
            ("invoice.reissue", LEFT_OUT, "", "the rule invoice.reissue is missing"),
            ("invoice.reisue", {"value": "keep", "source": "x"}, "/invoice.reisue", "did you mean invoice.reissue?"),
            ("colour", 1, "/colour", "no rule of this name"),
            ("invoice.reissue", "keep", "/invoice.reissue", "a value and a source"),
            ("invoice.reissue", {"value": "keep"}, "/invoice.reissue", "a value and a source"),
            ("invoice.reissue", {"value": "keep", "source": "x", "by": 1}, "/invoice.reissue", "no other keys"),
            ("invoice.reissue", {"value": "keep", "source": " "}, "/invoice.reissue/source", "where the rule"),
        ],
    )
    def test_when_it_is_read_then_the_message_says_what_and_where(
        self, rule: str, changes: Any, place: str, words: str
    ) -> None:
        pointer, message = problem_of(rule, changes)

        assert (pointer, words in message) == (place, True), message

    @pytest.mark.parametrize(
        ("rule", "value", "place", "words"),
        [
            ("invoice.reissue", "if_changed", "", "possible are: keep, render, render_if_billing_changed"),
            ("invoice.automatic", True, "", "possible are: never, created"),
            ("webhook.standard_signing_since", "2026-09-08", "", "a time like 2026-09-08T00:00:00Z, or null"),
            ("webhook.standard_signing_since", 2026, "", "a time like 2026-09-08T00:00:00Z, or null"),
            ("order.statuses", STATUSES[:-1], "", "lacks void, which the document has"),
            ("order.statuses", [*STATUSES, "draft"], "/5", "possible are: pending, paid"),
            ("invoice.refused_statuses", "void", "", "has to be a list"),
            (
                "invoice.refused_statuses",
                ["void", "draft"],
                "/1",
                "possible are: pending, paid, refunded, partially_refunded, void",
            ),
            ("invoice.refused_statuses", ["void", "void"], "/1", "in the list already"),
            ("billing.fixed_address_fields", ["planet"], "/0", "possible are: line1"),
            ("payment.most_manual_retries", 0, "", "whole number from 1 on"),
            ("payment.most_manual_retries", True, "", "whole number from 1 on"),
            ("payment.most_manual_retries", 1.5, "", "whole number from 1 on"),
            ("webhook.retry_cap_seconds", 0, "", "a number above 0"),
            ("webhook.retry_cap_seconds", "2", "", "a number above 0"),
            ("webhook.secret_prefix", "", "", "text on one line"),
            ("webhook.secret_prefix", "a\nb", "", "text on one line"),
            ("webhook.secret_can_be_sent", "yes", "", "true or false"),
            ("response.headers", ["X"], "", "a mapping of header names"),
            ("response.headers", {"X Y": "1"}, "/X Y", "not the name of a header"),
            ("response.headers", {"X-Y": 1}, "/X-Y", "text on one line"),
            ("response.headers", {"X-Y": "ü"}, "/X-Y", "ASCII"),
            ("response.cors_allowed_headers", [1], "/0", "text on one line"),
            ("error.not_found", "Gone", "", "has status, error, detail"),
            ("error.not_found", {**TEXT, "more": 1}, "", "no other keys"),
            ("error.not_found", {**TEXT, "status": 200}, "/status", "from 400 to 599"),
            ("error.not_found", {**TEXT, "error": None}, "/error", "text on one line"),
            ("error.not_found", {**TEXT, "detail": "{order_id}"}, "/detail", "no facts to name"),
            ("error.invoice_refused", {**TEXT, "detail": "{id}"}, "/detail", "{order_id}, {order_status}"),
            ("error.invoice_refused", {**TEXT, "detail": "{order_id.x}"}, "/detail", "no fact of this error"),
            ("error.invoice_refused", {**TEXT, "detail": "{order_id!r}"}, "/detail", "no fact of this error"),
            ("error.invoice_refused", {**TEXT, "detail": "{order_id"}, "/detail", "braces can't be read"),
        ],
    )
    def test_when_its_value_is_of_another_type_then_the_message_says_what_is_possible(
        self, rule: str, value: Any, place: str, words: str
    ) -> None:
        pointer, message = problem_of(rule, {"value": value, "source": "x"})

        assert (pointer, words in message) == (f"/{rule}/value{place}", True), message


class GivenASpecFolder:
    def test_when_a_behaviour_is_wrong_then_the_check_reports_all_its_problems(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        spec = copy_spec(tmp_path)
        file = spec / BASE / "behaviour.yaml"
        change_text(file, "  value: keep\n", "  value: lose\n")
        change_text(file, "invoice.automatic:", "invoice.by_itself:")
        shared = spec / "2026-10" / "behaviour.yaml"
        change_text(shared, "  value: never\n", "  value: seldom\n")
        monkeypatch.setenv(SPEC_VARIABLE, str(spec))

        assert [(problem.file, problem.pointer) for problem in check_document(None)] == [
            (str(file), "/invoice.by_itself"),
            (str(file), "/invoice.reissue/value"),
            (str(file), ""),
            # Once, although 2027-01 has the same folder.
            (str(shared), "/invoice.automatic/value"),
        ]

    def test_when_a_revision_has_no_behaviour_then_loading_it_names_the_file_and_others_load(
        self, tmp_path: Path
    ) -> None:
        spec = copy_spec(tmp_path)
        file = add_revision(spec, "bare") / "behaviour.yaml"
        file.unlink()

        with pytest.raises(DocumentUnreadable) as refused:
            load_contract("bare", spec=spec)
        assert str(refused.value) == f"{file}:/: there is no such file"
        assert load_contract(spec=spec).revision == BASE

    @pytest.mark.parametrize("default", ["default: '9'", "other: x"])
    def test_when_its_default_is_no_revision_then_the_message_lists_them(self, tmp_path: Path, default: str) -> None:
        spec = copy_spec(tmp_path)
        change_text(spec / "revisions.yaml", f"default: '{BASE}'", default)

        with pytest.raises(ContractError, match=rf"revisions\.yaml:/default: .* one of: {BASE}"):
            load_contract(spec=spec)

    def test_when_the_environment_names_a_folder_then_it_is_used_and_a_missing_one_is_named(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        spec = copy_spec(tmp_path)
        monkeypatch.setenv(SPEC_VARIABLE, str(spec))
        assert spec_folder() == spec
        with pytest.raises(SpecFolderMissing, match="other"):
            spec_folder(tmp_path / "other")

        monkeypatch.setenv(SPEC_VARIABLE, str(tmp_path / "nowhere"))
        with pytest.raises(SpecFolderMissing, match=rf"{tmp_path}/nowhere; .*{SPEC_VARIABLE}"):
            spec_folder()
