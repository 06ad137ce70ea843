"""Looks up the pinned dependencies among known vulnerabilities, where the advisory service can be reached; elsewhere says that it did not.

pip-audit does the work, in an environment of its own that is made when it is first needed: nobody else installs its dependencies.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from threading import Thread
from typing import Any

ROOT = Path(__file__).parents[1]
# A release with known vulnerabilities in pip-audit's own service: a mirror that answers without them can't be relied on.
RELEASE = "requests/2.19.0"
TOOL = ROOT / ".venv-audit" / "bin" / "pip-audit"
VERSION = "2.10.1"
LONGEST_SECONDS = 3.0
# Vulnerabilities that do not concern this project: the id, and why.
ACCEPTED: dict[str, str] = {}


class Skipped(Exception):
    """Why the dependencies were not audited."""


def main() -> int:
    options = _options()
    try:
        _require_service(options.service)
        tool = options.tool or _installed_tool()
        dependencies = _audited(tool)
    except Skipped as reason:
        print(f"audit of dependencies: skipped, {reason}")
        return 0
    found = [(one, vulnerability) for one in dependencies for vulnerability in one.get("vulns", [])]
    for one, vulnerability in found:
        fixed = ", ".join(vulnerability["fix_versions"]) or "no version yet"
        print(f"{one['name']} {one['version']}: {vulnerability['id']}, fixed in {fixed}", file=sys.stderr)
    if found:
        print("Raise the pins (`make lock`), or accept an id with its reason in .ci/audit.py.", file=sys.stderr)
        return 1
    unknown = [one["name"] for one in dependencies if "skip_reason" in one]
    left_out = f"; not audited: {', '.join(unknown)}" if unknown else ""
    print(f"audit of dependencies: {len(dependencies) - len(unknown)} packages, no known vulnerabilities{left_out}")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--service", default=_page_of(RELEASE), metavar="URL", help="a page of the advisory service")
    parser.add_argument("--tool", type=Path, metavar="FILE", help="a pip-audit that is already there")
    return parser.parse_args()


def _page_of(release: str) -> str:
    """The advisory service is that of pip's default index, which pip-audit asks, too."""
    from pip._internal.models.index import PyPI

    return f"{PyPI.pypi_url}/{release}/json"


def _require_service(url: str) -> None:
    """Errors: Skipped if the service does not answer soon; looking up its name counts, too."""
    problem = [f"no answer within {LONGEST_SECONDS:g} seconds"]

    def ask() -> None:
        try:
            with urllib.request.urlopen(url, timeout=LONGEST_SECONDS) as response:
                known = json.load(response)
            problem[:] = [] if isinstance(known, dict) and known.get("vulnerabilities") else ["it has no advisories"]
        except urllib.error.URLError as error:
            problem[:] = [str(getattr(error, "reason", error))]
        except (OSError, ValueError) as error:
            problem[:] = [str(error)]

    asking = Thread(target=ask, daemon=True)
    asking.start()
    asking.join(LONGEST_SECONDS)
    if problem:
        raise Skipped(f"the advisory service does not answer at {url} ({problem[0]})")


def _installed_tool() -> Path:
    """pip-audit in its own environment. Errors: Skipped if it can't be installed."""
    folder, pip = TOOL.parents[1], [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    commands = (
        [sys.executable, "-m", "venv", "--without-pip", folder],
        [*pip, "--python", folder / "bin/python", "install", "--quiet", "--no-compile", f"pip-audit=={VERSION}"],
    )
    for command in () if TOOL.exists() else commands:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Skipped(f"pip-audit {VERSION} could not be installed ({_last_line(done.stderr)})")
    return TOOL


def _audited(tool: Path) -> list[dict[str, Any]]:
    """Each pinned package with its vulnerabilities. Errors: Skipped if pip-audit has no result."""
    accepted = [word for id_ in ACCEPTED for word in ("--ignore-vuln", id_)]
    pins = ["--requirement", ROOT / "constraints.txt", "--no-deps", "--disable-pip"]
    command = [tool, *pins, "--format", "json", "--progress-spinner", "off", *accepted]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        dependencies: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        raise Skipped(f"pip-audit had no result ({_last_line(done.stderr)})") from None
    return dependencies


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no message"])[-1][:200]


if __name__ == "__main__":
    sys.exit(main())
