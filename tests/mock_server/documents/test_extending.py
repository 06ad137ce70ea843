"""Documents that extend a scenario: their own values replace the scenario's, key by key."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.documents.changes import read_changes
from mock_server.documents.errors import DocumentInvalid, ScenarioUnknown
from mock_server.documents.extending import read_world_document
from mock_server.documents.merging import merged
from mock_server.documents.parsing import SECTION_KEYS
from mock_server.documents.policies import POLICY_KEYS
from mock_server.documents.scenarios import load_scenario
from mock_server.documents.schema import WorldDocument
from mock_server.documents.world_files import read_world_file
from mock_server.domain.addresses import Address
from mock_server.domain.limits import RateLimit, RateProfile
from mock_server.domain.policies import Generation
from mock_server.services.policies import changeable
from tests.mock_server.documents.worlds import AN_ID, ANYTHING, a_world

A_TOKEN = "polar_cst_of_my_own"


def demo_with(fresh: bool = True, **changes: Any) -> WorldDocument:
    return read_world_document({"scenario": "demo", **changes}, has_fresh_identity=fresh)


def problems_of(document: Any) -> dict[str, str]:
    with pytest.raises(DocumentInvalid) as refused:
        read_world_document(document, has_fresh_identity=True)
    return {problem.path: problem.message for problem in refused.value.problems}


class GivenAScenario:
    @pytest.mark.parametrize("word", ["scenario", "extends"])
    def test_when_nothing_is_said_beside_it_then_it_is_the_scenario(self, word: str) -> None:
        assert read_world_document({word: "demo"}, has_fresh_identity=False) == load_scenario("demo")

    def test_when_policies_are_said_then_only_those_change(self) -> None:
        document = demo_with(fresh=False, rate_limits="sandbox", invoices={"delay_seconds": 0.5})

        assert document.policies.rate_limit == RateLimit(RateProfile.SANDBOX, 100)
        assert document.policies.invoices.delay == timedelta(seconds=0.5)
        assert document.policies.invoices.generation is Generation.DELAYED
        assert document.orders == load_scenario("demo").orders

    def test_when_an_object_is_named_then_only_what_is_said_of_it_changes(self) -> None:
        document = demo_with(
            fresh=False,
            webhook_endpoints={"app": {"url": "http://127.0.0.1:4000/hook"}},
            orders={"unpaid": {"billing_name": None}},
        )
        demo = load_scenario("demo")
        app, unpaid = document.webhook_endpoints["app"], document.orders["unpaid"]

        assert (app.url, app.events) == ("http://127.0.0.1:4000/hook", demo.webhook_endpoints["app"].events)
        assert (unpaid.billing_name, unpaid.status) == (None, demo.orders["unpaid"].status)
        assert list(document.orders) == list(demo.orders)

    def test_when_one_more_is_named_then_it_comes_last(self) -> None:
        orders = demo_with(orders={"extra": {"customer": "other", "product": "pro"}}).orders

        assert list(orders) == [*load_scenario("demo").orders, "extra"]

    def test_when_a_named_object_is_null_then_it_is_taken_away(self) -> None:
        document = demo_with(orders={"void": None}, tokens={"other": None})

        assert "void" not in document.orders
        assert document.tokens.keys() == load_scenario("demo").tokens.keys() - {"other"}

    def test_when_what_others_refer_to_is_removed_then_they_are_reported(self) -> None:
        said = problems_of({"scenario": "demo", "customers": {"other": None}})

        assert said == {
            "tokens.other.customer": 'is "other"; one of: main',
            "orders.other.customer": 'is "other"; one of: main',
        }

    def test_when_an_address_is_said_then_nothing_of_the_old_one_is_left(self) -> None:
        document = demo_with(customers={"main": {"billing_address": {"country": "FR"}}})

        assert document.customers["main"].billing_address == Address(country="FR")
        assert document.customers["main"].name == "Jane Doe"

    def test_then_its_ids_are_made_anew_and_those_of_the_document_are_kept(self) -> None:
        document = demo_with(tokens={"customer": {"token": A_TOKEN}}, orders={"paid": {"id": AN_ID}})

        assert (document.tokens["customer"].token, document.tokens["other"].token) == (A_TOKEN, None)
        assert (document.orders["paid"].id, document.orders["paid"].item_id) == (AN_ID, None)
        assert document.webhook_endpoints["app"].secret is None

    def test_when_it_stands_in_a_file_then_its_ids_are_the_scenarios(self, tmp_path: Path) -> None:
        file = tmp_path / "mine.yaml"
        file.write_text("extends: demo\nrate_limits: {requests: 3}\norders: {void: null}\n")

        document, demo = read_world_file(file), load_scenario("demo")

        assert document.tokens == demo.tokens
        assert document.policies.rate_limit == RateLimit(RateProfile.SANDBOX, 3)
        assert document.orders == {key: order for key, order in demo.orders.items() if key != "void"}


class GivenADocumentThatStartsFromNothingKnown:
    def test_when_there_is_no_such_scenario_then_it_says_which_there_are(self) -> None:
        with pytest.raises(ScenarioUnknown, match="demo, members"):
            read_world_document({"extends": "dmeo"}, has_fresh_identity=True)

    @pytest.mark.parametrize(
        ("document", "path", "said"),
        [
            ({"scenario": None}, "scenario", "is null; it has to be the name of a scenario: demo, members"),
            ({"extends": ["demo"]}, "extends", "is a list"),
            ({"scenario": "demo", "extends": "demo"}, "scenario", "one of the two"),
            ({"scenario": "demo", "more": 1}, "more", "unknown key"),
            ({"scenario": "demo", "orders": []}, "orders", "is a list"),
            ({"scenario": "demo", "orders": {"nope": None}}, "orders.nope", "is not there; one of: paid, unpaid"),
            (
                {"extends": "demo", "orders": {"paid": {"metadata": {"x": None}}}},
                "orders.paid.metadata.x",
                "there is none",
            ),
            ({"scenario": "demo", "orders": {"paid": {"stauts": 1}}}, "orders.paid.stauts", "did you mean status?"),
            ({"orders": {"a": None}}, "orders.a", "is null; it has to be an object"),
        ],
    )
    def test_when_it_is_wrong_then_it_says_where(self, document: Any, path: str, said: str) -> None:
        assert said in problems_of(document)[path]


class GivenTwoDocuments:
    @pytest.mark.parametrize(
        ("base", "changes", "expected"),
        [
            ({"orders": {"a": {"x": 1}}}, {}, {"orders": {"a": {"x": 1}}}),
            ({"orders": {"a": {"x": 1}}}, {"orders": {"a": {"y": 2}}}, {"orders": {"a": {"x": 1, "y": 2}}}),
            ({"orders": {"a": {"x": 1}}}, {"orders": {"a": {"x": None}}}, {"orders": {"a": {"x": None}}}),
            ({"orders": {"a": {"x": [1, 2]}}}, {"orders": {"a": {"x": [3]}}}, {"orders": {"a": {"x": [3]}}}),
            ({"orders": {"a": {}, "b": {}}}, {"orders": {"a": None}}, {"orders": {"b": {}}}),
            ({"orders": {"a": {}}}, {"orders": None}, {"orders": None}),
            (
                {"customers": {"m": {"members": {"a": {"role": "owner"}, "b": {}}}}},
                {"customers": {"m": {"members": {"a": {"name": "A"}, "b": None}}}},
                {"customers": {"m": {"members": {"a": {"role": "owner", "name": "A"}}}}},
            ),
            (
                {"orders": {"a": {"metadata": {"x": 1, "y": 2}}}},
                {"orders": {"a": {"metadata": {"x": None, "z": 3}}}},
                {"orders": {"a": {"metadata": {"y": 2, "z": 3}}}},
            ),
            (
                {"orders": {"a": {"payment": {"status": "failed", "decline_message": "No."}}}},
                {"orders": {"a": {"payment": {"status": "succeeded"}}}},
                {"orders": {"a": {"payment": {"status": "succeeded"}}}},
            ),
            (
                {"rate_limits": {"profile": "sandbox", "requests": 3}},
                {"rate_limits": {"profile": "production"}},
                {"rate_limits": {"profile": "production"}},
            ),
            (
                {"invoices": {"delay_seconds": 3, "automatic": True}},
                {"invoices": {"delay_seconds": 1}},
                {"invoices": {"delay_seconds": 1, "automatic": True}},
            ),
            (
                {"organization": {"slug": "a", "name": "A"}},
                {"organization": {"name": "B"}},
                {"organization": {"slug": "a", "name": "B"}},
            ),
        ],
    )
    def test_then_the_upper_one_wins_and_neither_is_changed(self, base: Any, changes: Any, expected: Any) -> None:
        before = repr((base, changes))

        assert merged(base, changes) == expected
        assert repr((base, changes)) == before


SECTIONS = st.sampled_from([*SECTION_KEYS, *POLICY_KEYS, "organization", "revision", "colour"])


class GivenAnythingAtAll:
    @given(value=ANYTHING, section=SECTIONS, name=st.sampled_from(["paid", "main", "app", "x"]))
    def test_when_it_is_laid_over_a_scenario_then_it_is_read_or_refused(
        self, value: Any, section: str, name: str
    ) -> None:
        changes: list[Any] = [value, {name: value}, {name: {"items": [value], "discount": value, "tax_id": value}}]
        for change in changes:
            with contextlib.suppress(DocumentInvalid):
                demo_with(**{section: change})

    @given(value=ANYTHING, section=SECTIONS, name=st.sampled_from(["app", "x"]))
    def test_when_a_running_world_is_sent_it_then_it_is_read_or_refused(
        self, value: Any, section: str, name: str
    ) -> None:
        present = changeable(a_world({"webhook_endpoints": {"app": {"url": "http://127.0.0.1/"}}}))
        changes: list[Any] = [value, {name: value}, {name: {"url": value, "events": [value], "enabled": value}}]
        for change in changes:
            with contextlib.suppress(DocumentInvalid):
                read_changes(present, {section: change})
