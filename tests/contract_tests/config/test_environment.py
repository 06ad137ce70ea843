"""Variables from a file such as `.env`: common ways of writing them, lower priority than the environment, never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract_tests.config.environment import environment_with
from contract_tests.config.errors import CannotRun
from contract_tests.config.servers import address_of

_NAME = "POLAR_CUSTOMER_TOKEN"


@pytest.mark.parametrize(
    "line",
    [
        "{name}=secret",
        "{name} = secret",
        "export {name}=secret",
        '{name}="secret"',
        "{name}='secret'",
        "{name}=secret # a remark",
        "# a remark\n\n{name}=secret\n",
        "{name}=secret\r\nOTHER=1\r\n",
        "\ufeff{name}=secret",
        "{name}=first\n{name}=secret",
        "HOME=/nowhere\n{name}=secret",
    ],
)
def test_when_a_variable_stands_in_the_file_then_it_is_read(tmp_path: Path, line: str) -> None:
    (tmp_path / ".env").write_text(line.format(name=_NAME), "utf-8", newline="")
    assert environment_with(str(tmp_path / ".env"), {}) == {_NAME: "secret"}


def test_when_the_environment_has_it_too_then_that_one_counts(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"{_NAME}=of the file\nPOLAR_MEMBER_TOKEN=m")
    found = environment_with(str(tmp_path / ".env"), {_NAME: "of the environment", "POLAR_MEMBER_TOKEN": ""})
    assert found == {_NAME: "of the environment", "POLAR_MEMBER_TOKEN": "m"}


def test_when_a_value_looks_like_a_command_or_a_variable_then_it_is_not_expanded(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"{_NAME}='$HOME ${{HOME}} $(id)'")
    assert environment_with(str(tmp_path / ".env"), {})[_NAME] == "$HOME ${HOME} $(id)"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"# fine\nsecret", "line 2 is not like NAME=value"),
        (b'POLAR_CUSTOMER_TOKEN="secret', "line 1 is not like NAME=value"),
        (b"\xffsecret", "not UTF-8 text"),
        (None, "No such file"),
    ],
)
def test_when_the_file_can_not_be_read_then_a_sentence_says_so_without_its_contents(
    tmp_path: Path, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / ".env").write_bytes(content)
    with pytest.raises(CannotRun, match=said) as refused:
        environment_with(str(tmp_path / ".env"), {})
    assert "secret" not in str(refused.value)


def test_when_the_contract_names_no_such_server_then_a_sentence_says_so() -> None:
    with pytest.raises(CannotRun, match="names no server 'staging'"):
        address_of("staging", "0.1.0")
