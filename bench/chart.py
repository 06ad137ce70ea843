"""The chart of the page: a bar for each operation and program, a line for the HTTP server alone."""

from __future__ import annotations

from html import escape

from bench.measuring import Cost, Costs

_WIDTH, _BAR, _GAP, _TOP, _LEFT, _RIGHT = 720, 13, 10, 46, 190, 90
_COLOURS = ("#1f6feb", "#b1762b", "#8250df", "#1a7f37", "#bf3989")


def chart(costs: Costs) -> str:
    names = ["the mock", "a trivial Flask application"]
    names += dict.fromkeys(name for cost in costs.operations for name in cost.peers)
    rows = [(cost, _bars(cost, names)) for cost in costs.operations]
    scale = (_WIDTH - _LEFT - _RIGHT) / max(value for _, bars in rows for _, value in bars)
    parts, top = [_key(names)], _TOP
    for cost, bars in rows:
        middle = top + len(bars) * _BAR / 2 + 4
        parts.append(f'<text x="{_LEFT - 8}" y="{middle:.0f}" text-anchor="end">{escape(cost.operation)}</text>')
        for number, value in bars:
            parts.append(_bar(top, value, scale, number))
            top += _BAR
        top += _GAP
    line = _LEFT + costs.floor.median * scale
    parts.append(f'<line x1="{line:.1f}" x2="{line:.1f}" y1="{_TOP - 4}" y2="{top}" class="floor"/>')
    parts.append(f'<text x="{line + 4:.1f}" y="{top + 10}">the HTTP server alone</text>')
    styles = " ".join(f".p{number} {{ fill: {colour}; }}" for number, colour in enumerate(_COLOURS))
    return "\n".join([_HEAD.format(width=_WIDTH, height=top + 20, styles=styles), *parts, "</svg>", ""])


def _bars(cost: Cost, names: list[str]) -> list[tuple[int, float]]:
    """The program's number and its value, for each program that can answer it."""
    peers = [(names.index(name), spread.median) for name, spread in cost.peers.items()]
    return [(0, cost.mock.median), (1, cost.trivial.median), *peers]


def _bar(top: int, value: float, scale: float, number: int) -> str:
    width = value * scale
    label = f'<text x="{_LEFT + width + 4:.1f}" y="{top + 10}">{value:.0f}</text>'
    return f'<rect x="{_LEFT}" y="{top}" width="{width:.1f}" height="{_BAR - 2}" class="p{number}"/>{label}'


def _key(names: list[str]) -> str:
    spans = ", ".join(f'<tspan class="p{number}">{escape(name)}</tspan>' for number, name in enumerate(names))
    return f'<text x="8" y="20">CPU µs of a request: {spans}</text>'


_HEAD = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="CPU time of a request">
<style>
  text {{ font: 12px system-ui, sans-serif; fill: #57606a; }}
  .floor {{ stroke: #57606a; stroke-dasharray: 3 3; }} {styles}
</style>"""
