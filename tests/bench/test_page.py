"""The page of figures and its chart, from made-up measurements."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from bench.measuring import ColdStart, Cost, Costs, Spread
from bench.page import CHART, PAGE, write_page
from bench.tables import cold_starts_section, costs_section

COSTS = Costs(
    [
        Cost.of("POST invoice", [70.0, 72.0, 68.0], [140.0, 140.0, 140.0], baseline="POST invoice"),
        Cost.of("422 <none>", [80.0, 80.0, 80.0], [140.0, 140.0, 140.0], baseline="POST invoice"),
    ],
    Spread(30.0, 33.0, 40.0),
)
BESIDE_PEERS = Costs(
    [
        *COSTS.operations[:1],
        Cost.of("PATCH", [70.0], [140.0], baseline="POST invoice", peers={"A": [700.0], "B & C": [210.0]}),
    ],
    COSTS.floor,
)
STARTS = [ColdStart("mock", Spread(300.0, 320.0, 330.0), Spread(290.0, 310.0, 315.0))]


def _written(folder: Path, costs: Costs) -> str:
    (folder / "docs").mkdir()
    write_page(folder, costs, [costs_section(costs, requests=20_000, rounds=3), cold_starts_section(STARTS)])
    return (folder / PAGE).read_text()


def test_when_it_is_written_then_it_has_every_figure_and_its_chart(tmp_path: Path) -> None:
    text = _written(tmp_path, COSTS)

    assert "| POST invoice | 70 | 140 | 0.50 (0.49-0.51) |\n" in text
    assert "| 422 <none> | 80 | 140 (POST invoice) | 0.57 (0.57-0.57) |\n" in text
    assert "| the HTTP server alone | 33 |" in text
    assert "| mock | 320 (300-330) | 310 (290-315) |" in text
    assert "3 alternating rounds of 20,000 requests" in text
    assert "Prism" not in text
    assert (tmp_path / "docs" / "images" / "performance.svg").exists()
    assert "](images/performance.svg)" in text


def test_when_other_mock_servers_were_measured_then_each_has_a_column_and_is_named_in_the_chart(tmp_path: Path) -> None:
    text = _written(tmp_path, BESIDE_PEERS)

    assert "| POST invoice | 70 | 140 | 0.50 (0.49-0.51) |  |  |\n" in text
    assert "| PATCH | 70 | 140 (POST invoice) | 0.50 (0.50-0.50) | 700 | 210 |\n" in text
    assert {"A", "B & C"} <= {one.text for one in ElementTree.parse(tmp_path / CHART).getroot().iter()}


def test_when_the_chart_is_drawn_then_bars_are_as_long_as_their_values_and_nothing_leaves_the_picture(
    tmp_path: Path,
) -> None:
    _written(tmp_path, BESIDE_PEERS)

    svg = ElementTree.parse(tmp_path / CHART).getroot()
    bars = [one for one in svg.iter() if one.tag.endswith("rect")]
    widths = [float(bar.attrib["width"]) for bar in bars]
    _, _, right, bottom = map(float, svg.attrib["viewBox"].split())

    assert [round(width / widths[0], 1) for width in widths] == [1.0, 2.0, 1.0, 2.0, 10.0, 3.0]
    assert all(float(bar.attrib["x"]) + float(bar.attrib["width"]) < right for bar in bars)
    assert all(float(bar.attrib["y"]) + float(bar.attrib["height"]) < bottom for bar in bars)
