"""`polar-mock serve --fault`: every wrong value ends with a message and exit code 2, before anything is served."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mock_server.assembly import Settings, assemble
from mock_server.cli.faults import add_faults_at_start, read_faults_at_start
from mock_server.cli.serve import serve
from mock_server.documents.extending import read_world_document


def refused(*faults: str) -> str:
    options = [word for fault in faults for word in ("--fault", fault)]
    result = CliRunner().invoke(serve, ["--port", "0", *options])
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    return result.output


class GivenAWrongValue:
    @pytest.mark.parametrize(
        ("fault", "said"),
        [
            ("flaky", "no set of faults 'flaky'; there are: flaky-network, rate-limited"),
            ("", "no set of faults ''"),
            ("a" * 5000, "no set of faults 'aaa"),
            ("no/such/file", "no such file"),
            ("nope.yaml", "no such file"),
            ("/", "a folder"),
            ("/dev/zero", "a device"),
        ],
        ids=["name", "empty", "long", "path", "file", "folder", "device"],
    )
    def test_when_it_names_nothing_then_the_message_says_so(self, fault: str, said: str) -> None:
        output = refused(fault)

        assert said in output
        assert len(output) < 6000

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ({}, "says nothing that happens"),
            ({"set": "flaky"}, 'set: is "flaky"; it has to be one of: flaky-network'),
            ({"operation": "orders:gett", "retry_after": 1}, "did you mean orders:get"),
            ({"order": "paied", "retry_after": 1}, "did you mean paid"),
            ({"faults": {}}, "nothing but `faults` with a list of rules"),
            ({"faults": [5]}, "nothing but `faults` with a list of rules"),
            ({"faults": [], "set": "flaky"}, "nothing but `faults` with a list of rules"),
            ({"faults": [{"set": "rate-limited"}, {"retry_after": -1}]}, "retry_after: is -1"),
        ],
    )
    def test_when_a_file_has_no_rule_then_the_message_names_file_and_problem(
        self, content: dict[str, Any], said: str, tmp_path: Path
    ) -> None:
        file = tmp_path / "faults.json"
        file.write_text(json.dumps(content))

        output = refused("rate-limited", str(file))

        assert said in output
        assert str(file) in output


class GivenGoodValues:
    def test_then_the_first_world_has_their_rules_in_order(self, tmp_path: Path) -> None:
        file = tmp_path / "faults.yaml"
        file.write_text("faults:\n  - {set: deploy-restart}\n  - {operation: orders:get, order: paid, latency: 250}\n")
        mock = assemble(Settings(world=read_world_document({"scenario": "demo"}, has_fresh_identity=True)))

        add_faults_at_start(mock, read_faults_at_start(["rate-limited", str(file)]))

        assert mock.world is not None
        sets = [rule.set_name for rule in mock.world.state.faults.rules]
        assert sets == ["rate-limited", "deploy-restart", "deploy-restart", None]
