"""Writes docs/changes.md from the spec: `python -m contract_tests.tools.changes.page > docs/changes.md`."""

from __future__ import annotations

from itertools import chain

from contract_tests.tools.changes.comparison import compare_revisions
from contract_tests.tools.changes.report import as_markdown
from polar_contract import revisions

_HEAD = """\
# What changed between revisions, and for whom

`polar-contract changes OLD NEW` prints the differences of two revisions; `--format markdown` and `--format json` write
them for pages and programs. This page is made from the spec by `python -m contract_tests.tools.changes.page`.

```sh
.venv/bin/polar-contract changes {old} {new}
.venv/bin/polar-contract changes {old} {new} --format json > changes.json
```

The documents are compared as published. A difference hurts clients that *read* if an answer or an event may now contain
something that it could not contain before, or lacks something that it had; it hurts clients that *write* if a request
that was accepted may be refused or lose a part of its effect. Whether it does is decided by the sets of values that the
schemas accept; where that can be neither proved nor refuted, it says *perhaps*. A new field of an answer hurts nobody,
because clients have to ignore fields that they don't know. The same change in many operations is told once.

To check an API against a revision see [drift](drift.md), to check what an application did see [compat](compat.md).
"""


def page() -> str:
    """The page, in Markdown: from each revision with a document of its own to the newest one."""
    names = list({one.folder: one.revision for one in reversed(revisions())}.values())[::-1]
    newest = names[-1]
    sections = (as_markdown(compare_revisions(name, newest)) for name in names[:-1])
    return "\n".join(chain([_HEAD.format(old=names[0], new=newest)], sections))


if __name__ == "__main__":
    print(page().rstrip())
