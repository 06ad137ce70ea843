"""Write docs/performance.md and its chart from measurements."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from pathlib import Path

from bench.chart import chart
from bench.measuring import Costs
from bench.sections import Section, markdown

PAGE = Path("docs/performance.md")
CHART = Path("docs/images/performance.svg")


def write_page(folder: Path, costs: Costs, sections: Sequence[Section]) -> None:
    """Effects: two files below the folder of the checkout."""
    (folder / CHART).parent.mkdir(parents=True, exist_ok=True)
    (folder / CHART).write_text(chart(costs), "utf-8")
    (folder / PAGE).write_text(page(sections), "utf-8")


def page(sections: Sequence[Section]) -> str:
    return _PAGE.format(
        chart=CHART.relative_to(PAGE.parent),
        sections="\n\n".join(markdown(section) for section in sections),
        machine=_machine(),
    )


def _machine() -> str:
    return f"{os.cpu_count()} cores ({platform.machine()}, {platform.system()}), Python {platform.python_version()}"


_PAGE = """\
# Performance

What the mock costs beside a Flask application that does the least that Flask can do: three routes, a token, a dictionary of
orders, no state and no checks (`bench/trivial.py`). Read the ratios: other work on a machine affects both alike.

![CPU time of a request]({chart})

{sections}

## Measured on

{machine}. `make bench` prints these tables on yours, `make bench PEERS=1` with other mock servers, and `python -m bench --peers --write`
makes this page.
"""
