"""The page of figures and its chart, from made-up measurements."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from bench.measuring import ColdStart, Cost, Costs, Spread
from bench.page import CHART, PAGE, write_page

COSTS = Costs(
    [
        Cost.of("POST invoice", [70.0, 72.0, 68.0], [140.0, 140.0, 140.0], baseline="POST invoice"),
        Cost.of("422 <none>", [80.0, 80.0, 80.0], [140.0, 140.0, 140.0], baseline="POST invoice"),
    ],
    Spread(30.0, 33.0, 40.0),
)
STARTS = [ColdStart("mock", Spread(300.0, 320.0, 330.0), Spread(290.0, 310.0, 315.0))]


def test_when_it_is_written_then_it_has_every_figure_and_its_chart(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()

    write_page(tmp_path, COSTS, STARTS, requests=20_000, rounds=3)
    text = (tmp_path / PAGE).read_text()

    assert "| POST invoice | 70 | 140 | 0.50 |" in text
    assert "| 422 <none> | 80 | 140 (POST invoice) | 0.57 |" in text
    assert "does nothing | 33 |" in text
    assert "| mock | 320 | 310 |" in text
    assert "3 alternating rounds of 20,000 requests" in text
    assert f"]({CHART.name})" not in text
    assert (tmp_path / "docs" / "images" / "performance.svg").exists()
    assert "](images/performance.svg)" in text


def test_when_the_chart_is_drawn_then_bars_are_as_long_as_their_values_and_nothing_leaves_the_picture(
    tmp_path: Path,
) -> None:
    (tmp_path / "docs").mkdir()
    write_page(tmp_path, COSTS, STARTS, requests=1, rounds=1)

    svg = ElementTree.parse(tmp_path / CHART).getroot()
    bars = [one for one in svg.iter() if one.tag.endswith("rect")]
    widths = [float(bar.attrib["width"]) for bar in bars]
    right = float(svg.attrib["viewBox"].split()[2])

    assert [round(width / widths[0], 2) for width in widths] == [1.0, 2.0, 1.14, 2.0]
    assert all(float(bar.attrib["x"]) + float(bar.attrib["width"]) < right for bar in bars)
