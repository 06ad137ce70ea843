"""What a shell offers for the values of a server's options: revisions, scenarios, sets of faults, and files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click
from click.shell_completion import CompletionItem

_DOCUMENTS = (".yaml", ".yml", ".json")


def revision_names(_context: click.Context, _option: click.Parameter, begun: str) -> list[CompletionItem]:
    from polar_contract import ContractError, revisions

    try:
        known = [one.revision for one in revisions()]
    except ContractError:
        return []
    return [CompletionItem(name) for name in known if name.startswith(begun)]


def worlds(_context: click.Context, _option: click.Parameter, begun: str) -> list[CompletionItem]:
    from mock_server.documents.scenarios import list_scenarios

    return _names_or_files(list_scenarios(), begun)


def faults(_context: click.Context, _option: click.Parameter, begun: str) -> list[CompletionItem]:
    from mock_server.documents.fault_sets import list_fault_sets

    return _names_or_files(((one.name, one.sentence) for one in list_fault_sets()), begun)


def _names_or_files(named: Iterable[tuple[str, str]], begun: str) -> list[CompletionItem]:
    """The names, with a sentence that some shells show, and the documents of this folder; if none begins so, the shell's own files."""
    names = [CompletionItem(name, help=sentence) for name, sentence in named if name.startswith(begun)]
    files = [CompletionItem(name) for name in _documents_here() if name.startswith(begun)]
    # bash shows its own files only if there is nothing else.
    return [*names, *files] or [CompletionItem(begun, type="file")]


def _documents_here() -> list[str]:
    try:
        return sorted(one.name for one in Path().iterdir() if one.suffix in _DOCUMENTS)
    except OSError:
        return []
