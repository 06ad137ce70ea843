"""Without the libraries of an extra: a sentence for what needs them, and none for what the package brings resolved."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from polar_contract import cache, default_revision, extras, load_contract
from polar_contract.checking import check_document
from polar_contract.errors import LibrariesMissing

BUNDLED = Path(__file__).parents[2] / "spec"


@pytest.fixture
def prebuilt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The default revision as a wheel has it, in an installation without one of the libraries; returns the empty cache."""
    load_contract(spec=BUNDLED, cache_folder=tmp_path / "prebuilt")
    monkeypatch.setattr(cache, "_PREBUILT", tmp_path / "prebuilt")
    monkeypatch.setattr(extras, "SPEC_LIBRARIES", ("jsonpath", "no_such_library"))
    return tmp_path / "cache"


class GivenAnInstallationWithoutTheExtra:
    def test_when_the_bundled_spec_is_loaded_then_it_is_there_and_nothing_is_written(self, prebuilt: Path) -> None:
        contract = load_contract(spec=BUNDLED, cache_folder=prebuilt)

        assert contract.revision == default_revision(spec=BUNDLED)
        assert contract.resolved["paths"]
        assert not prebuilt.exists()

    @pytest.mark.parametrize("edited", ["openapi.yaml", "overlay.yaml"])
    def test_when_a_file_was_edited_then_it_and_the_extra_are_named(
        self, prebuilt: Path, tmp_path: Path, edited: str
    ) -> None:
        spec = tmp_path / "spec"
        shutil.copytree(BUNDLED, spec)
        folder = spec / default_revision(spec=spec)
        with (folder / edited).open("a") as file:
            file.write("# edited\n")

        with pytest.raises(LibrariesMissing) as caught:
            load_contract(spec=spec, cache_folder=prebuilt)

        assert str(folder) in str(caught.value)
        assert "(no_such_library); install them: pip install 'polar-contract-harness[spec]'" in str(caught.value)

    def test_when_a_contract_is_checked_then_the_extra_is_named(self, prebuilt: Path) -> None:
        with pytest.raises(LibrariesMissing, match="no_such_library"):
            check_document(None)
