"""The SDK releases that have to work: what is installed for each, which client program drives it, and what it can meet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    PYTHON = "python"
    TYPESCRIPT = "typescript"


@dataclass(frozen=True, slots=True)
class Meeting:
    """A service that a release can meet: its revision, and the version that the release's module asks for, if it does."""

    revision: str
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Release:
    name: str
    language: Language
    requirements: tuple[str, ...]
    """Pinned, the SDK first; then the stock verifier of webhooks, and dependencies that the SDK does not pin."""
    program: str
    """A program in `sdk/clients`."""
    meetings: tuple[Meeting, ...]
    runs_page_sample: bool = False
    """Whether the contract's page has a sample for this generation."""


@dataclass(frozen=True, slots=True)
class Target:
    """A release with one of the services that it can meet."""

    release: Release
    meeting: Meeting

    @property
    def name(self) -> str:
        """As in `py-1.0.2 (2026-04) at 2026-10`."""
        asks_for = f" ({self.meeting.version})" if self.meeting.version else ""
        return f"{self.release.name}{asks_for} at {self.meeting.revision}"


# Releases before 1.0 send no version and so get the current one, which is 2026-10 until January 2027.
_SENDS_NO_VERSION = (Meeting("0.1.0"), Meeting("2026-10"))
# The service of 0.1.0 does not know versions and ignores what is sent.
_SENDS_A_VERSION = (
    Meeting("0.1.0", "2026-04"),
    Meeting("0.1.0", "2026-10"),
    Meeting("2026-04", "2026-04"),
    Meeting("2026-10", "2026-04"),
    Meeting("2026-10", "2026-10"),
)

_SPEAKEASY = ("standardwebhooks==1.1.0", "httpx==0.28.1", "pydantic==2.14.3", "jsonpath-python==1.1.6")


def _python(version: str, more: tuple[str, ...]) -> Release:
    return Release(
        f"py-{version}", Language.PYTHON, (f"polar-sdk=={version}", *more), "python_0x", _SENDS_NO_VERSION, True
    )


def _typescript(version: str, more: tuple[str, ...]) -> Release:
    requirements = (f"@polar-sh/sdk@{version}", "standardwebhooks@1.1.1", *more)
    return Release(f"ts-{version}", Language.TYPESCRIPT, requirements, "ts_0x", _SENDS_NO_VERSION, True)


# 0.28.4 is the oldest release with the answers of 0.1.0, 0.31.7 and 0.48.1 are the last; 0.32.0 and 0.49.0 are the last
# that send no version; 1.x is the newest generation, with a module for each version.
RELEASES = (
    _python("0.28.4", _SPEAKEASY),
    _python("0.31.7", _SPEAKEASY),
    _python("0.32.0", _SPEAKEASY),
    Release(
        "py-1.0.2",
        Language.PYTHON,
        ("polar-sdk==1.0.2", "standardwebhooks==1.1.0", "httpx==0.28.1"),
        "python_1x",
        _SENDS_A_VERSION,
    ),
    _typescript("0.48.1", ("zod@4.6.7",)),
    _typescript("0.49.0", ("zod@4.6.7",)),
    Release(
        "ts-1.0.1",
        Language.TYPESCRIPT,
        ("@polar-sh/sdk@1.0.1", "standardwebhooks@1.1.1"),
        "ts_1x",
        _SENDS_A_VERSION,
    ),
)


def targets_of(releases: Iterable[Release]) -> list[Target]:
    return [Target(release, meeting) for release in releases for meeting in release.meetings]
