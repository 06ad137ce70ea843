"""The plugin's parts by themselves: the marker's arguments, and the rules over a journal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pytest_polar import contract_check
from pytest_polar.contract_check import ContractCheck
from pytest_polar.control import ControlRefused
from pytest_polar.evidence import sections
from pytest_polar.har import LEFT_OUT, har_of
from pytest_polar.marks import MarkWrong, wanted
from pytest_polar.world import Calls, Names, Orders, World


class GivenAMarker:
    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"clocks": 1}, "has no argument 'clocks'; did you mean clock?"),
            ({"zzz": 1}, "has no argument 'zzz'; possible are: scenario, world, revision, clock, faults"),
            ({"scenario": 1}, "has scenario=1; it has to be a text"),
            ({"world": 1}, "has world=1; it has to be a dictionary or the path of a file"),
            ({"world": "gone.yaml"}, "gone.yaml can't be read: No such file"),
            ({"world": "list.yaml"}, "list.yaml has no keys; it has to be a world document"),
            ({"world": "broken.yaml"}, "broken.yaml is no document: "),
            ({"world": "broken.json"}, "broken.json is no document: "),
            ({"clock": 5}, "has clock=5; it has to be a time such as"),
            ({"clock": datetime(2026, 5, 1)}, "has no time zone"),
            ({"faults": [5]}, "has the fault 5; it has to be the name of a set"),
        ],
    )
    def test_when_an_argument_is_wrong_then_a_sentence_says_what_is_possible(
        self, given: dict[str, Any], said: str, tmp_path: Path
    ) -> None:
        for name, text in {"list.yaml": "[1]", "broken.yaml": "{", "broken.json": "{"}.items():
            (tmp_path / name).write_text(text)

        with pytest.raises(MarkWrong) as wrong:
            wanted([pytest.mark.polar(**given).mark], tmp_path)

        assert said in str(wrong.value)

    def test_when_an_argument_has_no_name_then_a_sentence_says_so(self, tmp_path: Path) -> None:
        with pytest.raises(MarkWrong, match="an argument without a name, 'demo'"):
            wanted([pytest.mark.polar("demo").mark], tmp_path)

    @pytest.mark.parametrize(
        ("given", "document"),
        [
            ({}, {"scenario": "demo"}),
            ({"revision": "2026-10"}, {"scenario": "demo", "revision": "2026-10"}),
            ({"world": {"orders": {}}}, {"orders": {}}),
            ({"world": {"orders": {}}, "scenario": "members"}, {"orders": {}, "scenario": "members"}),
        ],
    )
    def test_then_it_says_which_world_is_made(
        self, given: dict[str, Any], document: dict[str, Any], tmp_path: Path
    ) -> None:
        assert wanted([pytest.mark.polar(**given).mark], tmp_path).document == document

    def test_then_a_fault_is_the_name_of_a_set_or_a_rule(self, tmp_path: Path) -> None:
        one, several = pytest.mark.polar(faults="flaky").mark, pytest.mark.polar(faults=["flaky", {"latency": 5}]).mark

        assert wanted([one], tmp_path).faults == ({"set": "flaky"},)
        assert wanted([several], tmp_path).faults == ({"set": "flaky"}, {"latency": 5})


def _entry(status: int = 200, body: str = "{}", **changes: Any) -> dict[str, Any]:
    """An entry of a journal: an order that is read."""
    return {
        "at": "2026-05-01T10:00:00Z",
        "method": "GET",
        "path": "/v1/orders/ed12e160-a4cf-4c9b-9fdb-a2631871aa88",
        "query": "",
        "request": {"headers": {"Authorization": "Bearer <organization>"}, "body": None},
        "status": status,
        "answer": {"headers": {"Content-Type": "application/json"}, "body": body},
        "fault": None,
        **changes,
    }


def _world(entries: list[dict[str, Any]]) -> World:
    """A world whose journal has these entries."""

    def control(method: str, path: str, body: Any = None, **query: Any) -> Any:
        if not path.endswith("/journal"):
            raise ControlRefused(path, 404, "CallUnknown: there is no such call")
        return {"items": entries}

    tokens = Names(organization="polar_oat_" + "a" * 43)
    calls = Calls(control, "w1")  # type: ignore[arg-type]  # stands in for the control API
    return World("w1", "http://127.0.0.1:1", "0.1.0", Names(), tokens, Names(), calls)


class GivenAJournal:
    def test_when_an_answer_breaks_the_contract_then_the_test_fails_with_the_finding(self, tmp_path: Path) -> None:
        with pytest.raises(pytest.fail.Exception, match=r"breaks the contract:(.|\n)*entry 1") as failed:
            ContractCheck(_world([_entry(status=418)]), tmp_path)()

        assert "polar_oat_" not in str(failed.value)

    def test_when_nothing_was_sent_then_there_is_nothing_to_check(self, tmp_path: Path) -> None:
        ContractCheck(_world([]), tmp_path)()

        assert list(tmp_path.iterdir()) == []

    def test_when_the_contract_tests_are_not_installed_then_a_sentence_says_so_also_if_nothing_was_sent(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(contract_check, "_NEEDED", ("contract_tests", "no_such_library"))

        with pytest.raises(pytest.fail.Exception, match="polar_contract_check needs the contract tests"):
            ContractCheck(_world([]), tmp_path)()

    def test_when_only_their_libraries_are_missing_then_the_sentence_is_the_same(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        program = "import contract_tests.__main__ as tool; tool.LIBRARIES = ('no_such_library',); tool.main()"
        monkeypatch.setattr(contract_check, "_REPLAY", (sys.executable, "-I", "-c", program))

        with pytest.raises(pytest.fail.Exception, match="polar_contract_check needs the contract tests"):
            ContractCheck(_world([_entry()]), tmp_path)()

    def test_when_the_contract_tests_are_not_installed_then_a_sentence_names_the_extra(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        replay = (*contract_check._REPLAY[:2], "-m", "no_such_package_of_tests")
        monkeypatch.setattr(contract_check, "_REPLAY", replay)

        with pytest.raises(pytest.fail.Exception, match=r"pip install 'polar-contract-harness\[contract-tests\]'"):
            ContractCheck(_world([_entry()]), tmp_path)()

    def test_then_its_document_has_the_tokens_again(self) -> None:
        request = har_of([_entry()], "http://m", {"organization": "polar_oat_x"}, left_out=0)["log"]["entries"][0]

        assert {"name": "Authorization", "value": "Bearer polar_oat_x"} in request["request"]["headers"]

    @pytest.mark.parametrize(
        ("entry", "outside", "left_out"),
        [
            (_entry(), 0, None),
            (_entry(), 2, 2),
            (_entry(fault="f1"), 0, 1),
            (_entry(body='{"items": [1<cut>'), 1, 2),
        ],
    )
    def test_then_its_document_says_how_much_is_left_out(
        self, entry: dict[str, Any], outside: int, left_out: int | None
    ) -> None:
        log = har_of([entry], "http://m", {}, left_out=outside)["log"]

        assert log.get(LEFT_OUT) == left_out

    def test_when_the_mock_does_not_tell_something_then_the_rest_is_shown(self) -> None:
        world = _world([{**_entry(), "token": "organization", "changed": {"orders": ["o1"]}, "fault": "f1"}])

        ((title, text),) = sections(world)

        assert title == "polar journal of world w1"
        assert text.splitlines()[0].endswith("-> 200 (organization)")
        assert "    changed orders o1" in text
        assert "    fault: f1" in text


class GivenAWorld:
    @pytest.mark.parametrize(
        ("act", "sent"),
        [
            (lambda world: world.clock.advance(5), ("PATCH", "/clock", {"advance_seconds": 5})),
            (
                lambda world: world.clock.set("2026-05-01T10:00:00Z"),
                ("PATCH", "/clock", {"set": "2026-05-01T10:00:00Z"}),
            ),
            (lambda world: world.clock.hold(), ("PATCH", "/clock", {"mode": "held"})),
            (lambda world: world.clock.release(), ("PATCH", "/clock", {"mode": "wall"})),
            (lambda world: world.settle(), ("POST", "/settle", None)),
            (
                lambda world: world.faults.add("flaky", order="paid"),
                ("POST", "/faults", {"set": "flaky", "order": "paid"}),
            ),
            (lambda world: world.faults.add(latency=5), ("POST", "/faults", {"latency": 5})),
            (lambda world: world.faults.clear(), ("DELETE", "/faults", None)),
            (lambda world: world.snapshot("a b"), ("POST", "/snapshots", {"name": "a b"})),
            (lambda world: world.restore("a b"), ("POST", "/snapshots/a%20b/restore", None)),
            (lambda world: world.orders.change("paid", status="void"), ("PATCH", "/orders/o-1", {"status": "void"})),
            (lambda world: world.orders.change("o-2", status="void"), ("PATCH", "/orders/o-2", {"status": "void"})),
            (lambda world: world.call("PATCH", body={"versions": None}), ("PATCH", "", {"versions": None})),
        ],
        ids=[
            *("advance", "set", "hold", "release", "settle", "set of faults", "fault", "no faults", "snapshot"),
            *("restore", "order", "id", "call"),
        ],
    )
    def test_when_a_test_acts_then_the_control_api_gets_one_call(
        self, act: Callable[[World], object], sent: tuple[str, str, Any]
    ) -> None:
        calls: list[tuple[str, str, Any]] = []

        def control(method: str, path: str, body: Any = None) -> None:
            calls.append((method, path, body))

        empty = Names()
        world = World("w1", "http://m", "0.1.0", Names({"order:paid": "o-1"}), empty, empty, Calls(control, "w1"))  # type: ignore[arg-type]  # stands in for it

        act(world)

        method, path, body = sent
        assert calls == [(method, f"/worlds/w1{path}", body)]

    def test_when_an_order_is_unknown_then_the_names_of_the_known_ones_are_shown(self) -> None:
        with pytest.raises(KeyError, match="the world has no 'order:new'; it has: order:paid"):
            Orders(Calls(None, "w1"), Names({"order:paid": "o-1"})).id("new")  # type: ignore[arg-type]  # sends nothing
