"""Loading a revision: a working cache makes it fast, and a broken one changes nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from polar_contract import Contract, default_revision, load_contract, revisions
from polar_contract.cache import default_cache_folder, remembered
from polar_contract.errors import UnknownRevision

WARM_LOAD = """
import sys
from pathlib import Path
from polar_contract import load_contract
load_contract("0.1.0", cache_folder=Path(sys.argv[1]))
print([name for name in ("prance", "yaml", "openapi_spec_validator", "jsonschema", "jsonpath") if name in sys.modules])
"""


@pytest.fixture(scope="module")
def warm_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cache")
    load_contract("0.1.0", cache_folder=folder)
    return folder


@pytest.fixture(scope="module")
def contract(warm_folder: Path) -> Contract:
    return load_contract("0.1.0", cache_folder=warm_folder)


class GivenAWarmCache:
    def test_when_loaded_then_neither_prance_nor_a_yaml_parser_is_imported(self, warm_folder: Path) -> None:
        command = [sys.executable, "-c", WARM_LOAD, str(warm_folder)]
        root = Path(__file__).resolve().parents[2]

        done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60, check=True)

        assert done.stdout.strip() == "[]"

    def test_when_loaded_then_it_is_what_a_fresh_computation_gives(self, contract: Contract, tmp_path: Path) -> None:
        assert load_contract("0.1.0", cache_folder=tmp_path / "fresh") == contract

    @pytest.mark.parametrize("rubbish", [b"", b"{", b"[]", b'{"key": 1}', b"\xff\xfe", b"[" * 100_000])
    def test_when_its_files_are_corrupt_then_the_contract_is_computed_again(
        self, tmp_path: Path, rubbish: bytes
    ) -> None:
        kept = {"a": 1}
        remembered(tmp_path, "name", "0123456789", lambda: {"a": 1})
        (file,) = tmp_path.iterdir()
        file.write_bytes(rubbish)

        assert remembered(tmp_path, "name", "0123456789", lambda: {"a": 1}) == kept
        assert json.loads(file.read_bytes()) == {"key": "0123456789", "value": kept}


class GivenNoCacheToWriteTo:
    def test_when_its_place_is_a_file_then_the_contract_loads_all_the_same(
        self, contract: Contract, tmp_path: Path
    ) -> None:
        in_the_way = tmp_path / "file"
        in_the_way.write_text("")

        assert load_contract("0.1.0", cache_folder=in_the_way / "cache") == contract
        assert in_the_way.read_text() == ""

    def test_when_there_is_no_folder_at_all_then_the_value_is_computed(self) -> None:
        assert remembered(None, "name", "key", lambda: {"a": 1}) == {"a": 1}


class GivenManyStartingAtOnce:
    def test_when_all_write_the_cache_then_each_gets_the_value_and_one_file_is_left(self, tmp_path: Path) -> None:
        value: dict[str, object] = {"numbers": list(range(2000))}
        with ThreadPoolExecutor(8) as pool:
            got = list(pool.map(lambda _: remembered(tmp_path, "name", "key", lambda: dict(value)), range(32)))  # type: ignore[arg-type]  # a list of int is JSON

        assert got == [value] * 32
        assert [file.name for file in tmp_path.iterdir()] == ["name-key.json"]


class GivenTheUsersCacheFolder:
    @pytest.mark.parametrize(
        ("configured", "expected"),
        [
            ("/somewhere", "/somewhere/polar-contract"),
            ("relative", "/somebody/.cache/polar-contract"),
            ("", "/somebody/.cache/polar-contract"),
        ],
    )
    def test_when_asked_for_then_an_absolute_xdg_folder_wins(
        self, configured: str, expected: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("XDG_CACHE_HOME", configured)
        monkeypatch.setenv("HOME", "/somebody")

        assert default_cache_folder() == Path(expected)


class GivenTheBundledRevisions:
    def test_when_listed_then_0_1_0_is_among_them_with_its_four_texts(self) -> None:
        first = revisions()[0]

        assert (first.revision, first.folder, first.date) == ("0.1.0", "0.1.0", "2026-04-15")
        assert first.sentence.endswith(".")

    def test_when_none_is_named_then_the_default_one_is_loaded(self) -> None:
        assert load_contract().revision == default_revision() == "0.1.0"

    def test_when_an_unknown_one_is_named_then_the_refusal_lists_the_known(self) -> None:
        with pytest.raises(UnknownRevision, match=r"'0\.9'.*0\.1\.0"):
            load_contract("0.9")
