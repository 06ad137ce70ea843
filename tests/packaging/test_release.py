"""The changelog and the package have the same newest version, and the changelog keeps its form."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text()
KINDS = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]


def test_the_newest_version_of_the_changelog_is_the_package_s() -> None:
    released = re.findall(r"^## (?!Unreleased)(.*)$", CHANGELOG, re.M)

    assert re.fullmatch(rf"{re.escape(VERSION)} - \d{{4}}-\d{{2}}-\d{{2}}", released[0])


def test_every_entry_is_below_a_version_and_a_kind_of_change() -> None:
    sections = re.split(r"^## (?:Unreleased|\d+\.\d+\.\d+ - [\d-]+)$", CHANGELOG, flags=re.M)

    assert "\n- " not in sections[0]
    for section in sections[1:]:
        before, *kinds = re.split(r"^### ", section, flags=re.M)
        assert "\n- " not in before
        assert [name for kind in kinds if (name := kind.partition("\n")[0]) not in KINDS] == []
        assert all("\n- " in kind for kind in kinds)
