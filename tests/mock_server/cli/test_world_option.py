"""`polar-mock serve --world`: every wrong value ends with a message and exit code 2, before anything is served."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mock_server.cli.serve import serve
from tests.mock_server.documents.worlds import AN_ID


def refused(world: str) -> Result:
    result = CliRunner().invoke(serve, ["--port", "0", "--world", world])
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    return result


@pytest.mark.parametrize(
    ("world", "said"),
    [
        ("nope", "no scenario 'nope'; there are: demo, members"),
        ("-", "no scenario '-'"),
        ("", "no scenario ''"),
        ("/dev/zero", "a device"),
        ("/", "a folder"),
        ("no/such/file", "no such file"),
        ("a" * 5000, "no scenario 'aaa"),
        ("a" * 5000 + ".yaml", "can't be read"),
    ],
    ids=["name", "dash", "empty", "device", "folder", "path", "long name", "long path"],
)
def test_what_is_no_world_is_reported_in_a_message(world: str, said: str) -> None:
    output = refused(world).output

    assert said in output
    assert len(output) < 6000


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "world.yaml")

    assert "a pipe" in refused(str(tmp_path / "world.yaml")).output


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("extends: nope", "extends: no scenario 'nope'; there are: demo, members"),
        ("extends: 5", "extends: is 5; it has to be the name of a scenario: demo, members"),
        ("{extends: demo, orders: {nope: null}}", "orders.nope: is null"),
        ("orders: [", "not YAML"),
        ("revision: '9.9'", "known revisions: 0.1.0"),
        (f"customers: {{a: {{id: {AN_ID}}}, b: {{id: {AN_ID}}}}}", "customers.b.id: this id is in use already"),
        ("customers: {main: {}, other: {}}\norders: {a: {}}", "orders.a.customer: is missing; one of: main, other"),
        ("{customers: {m: {}}, orders: {a: {status: partially_refunded}}}", "orders.a.refunded_amount: "),
    ],
)
def test_what_is_wrong_in_a_file_has_its_path(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "world.yaml"
    file.write_text(text)

    assert said in " ".join(refused(str(file)).output.split())
