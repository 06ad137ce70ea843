"""The SDK releases that have to work: what is installed for each, and which client program drives it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    PYTHON = "python"
    TYPESCRIPT = "typescript"


@dataclass(frozen=True, slots=True)
class Release:
    name: str
    language: Language
    requirements: tuple[str, ...]
    """Pinned, the SDK first; then the stock verifier of webhooks, and dependencies that the SDK does not pin."""
    program: str
    """A program in `sdk/clients`."""
    runs_page_sample: bool
    """Whether the contract's page has a sample for this generation."""


_SPEAKEASY = ("standardwebhooks==1.1.0", "httpx==0.28.1", "pydantic==2.14.3", "jsonpath-python==1.1.6")

# 0.28.4 is the oldest release with the contract's answers, 0.31.7 and 0.48.1 are the last; 1.x is the newest generation.
RELEASES = (
    Release("py-0.28.4", Language.PYTHON, ("polar-sdk==0.28.4", *_SPEAKEASY), "python_0x", runs_page_sample=True),
    Release("py-0.31.7", Language.PYTHON, ("polar-sdk==0.31.7", *_SPEAKEASY), "python_0x", runs_page_sample=True),
    Release(
        "py-1.0.2",
        Language.PYTHON,
        ("polar-sdk==1.0.2", "standardwebhooks==1.1.0", "httpx==0.28.1"),
        "python_1x",
        runs_page_sample=False,
    ),
    Release(
        "ts-0.48.1",
        Language.TYPESCRIPT,
        ("@polar-sh/sdk@0.48.1", "standardwebhooks@1.1.1", "zod@4.6.7"),
        "ts_0x",
        runs_page_sample=True,
    ),
    Release(
        "ts-1.0.1",
        Language.TYPESCRIPT,
        ("@polar-sh/sdk@1.0.1", "standardwebhooks@1.1.1"),
        "ts_1x",
        runs_page_sample=False,
    ),
)
