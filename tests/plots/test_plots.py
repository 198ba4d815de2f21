"""Drawings: clean, the same each time, and harmless whatever people wrote."""

from xml.etree import ElementTree as ET

import pytest

from service.plots import Bar, BarChart, Column, ColumnChart, Drawing, Look, Span, Timeline
from tests.builders.hostile import hostile_strings

NAMESPACE = "{http://www.w3.org/2000/svg}"
TAGS = {"svg", "path", "text"}
ATTRIBUTES = {
    *("viewBox", "d", "x", "y", "fill", "stroke", "class", "stroke-width", "stroke-linecap"),
    *("font-size", "font-weight", "text-anchor"),
}


def bars(*labels: str, parts: tuple[float, ...] = (0.25, 0.5)) -> BarChart:
    return BarChart(
        bars=tuple(Bar(label=label, parts=parts, says=f"says {label}") for label in labels),
        looks=(Look.HELD, Look.ADDED)[: len(parts)],
        limit=1.0,
        legend=("today", "then")[: len(parts)],
    )


CHARTS: dict[str, BarChart | ColumnChart | Timeline] = {
    "bars": bars("SQL", "weld metal"),
    "columns": ColumnChart(
        columns=(Column(label="0 to 10", heights=(3.0, 1.0)), Column(label="10", heights=(0, 2))),
        looks=(Look.HELD, Look.OPEN),
        legend=("one", "other"),
        along="Score",
        up="Items",
    ),
    "timeline": Timeline(
        spans=(
            Span(label="Welding I", starts=0, ends=8, says="8 weeks"),
            Span(label="Welding II", starts=8, ends=12, says="4 weeks"),
        ),
        along="Weeks",
    ),
}


@pytest.fixture(scope="module")
def drawing() -> Drawing:
    return Drawing()


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314  # our own drawing


def texts(svg: str) -> list[str]:
    return [each.text or "" for each in parsed(svg).iter(f"{NAMESPACE}text")]


def widths(svg: str, look: str) -> list[float]:
    """Return how wide the parts of a look are, those that are nothing left out."""
    found = []
    for path in parsed(svg).iter(f"{NAMESPACE}path"):
        if path.get("class") == f"fill-{look}":
            numbers = [float(each) for each in path.attrib["d"].split() if each not in "MLz"]
            found.append(max(numbers[::2]) - min(numbers[::2]))
    return [each for each in found if each]


@pytest.mark.parametrize("name", CHARTS)
def test_a_drawing_holds_nothing_that_a_strict_policy_or_a_reader_would_mind(
    drawing: Drawing, name: str
) -> None:
    root = parsed(drawing.draw(CHARTS[name]))

    assert {each.tag.removeprefix(NAMESPACE) for each in root.iter()} <= TAGS
    assert {attribute for each in root.iter() for attribute in each.attrib} <= ATTRIBUTES


@pytest.mark.parametrize("name", CHARTS)
def test_the_same_chart_is_the_same_drawing(drawing: Drawing, name: str) -> None:
    assert drawing.draw(CHARTS[name]) == drawing.draw(CHARTS[name])


def test_a_bar_is_as_long_as_its_part_of_the_limit(drawing: Drawing) -> None:
    svg = drawing.draw(bars("SQL"))

    # The square of the legend is the narrowest of each look.
    whole = max(widths(svg, "ground"))
    assert max(widths(svg, Look.ADDED)) == pytest.approx(whole / 2, abs=0.2)
    assert max(widths(svg, Look.HELD)) == pytest.approx(whole / 4, abs=0.2)


def test_words_stand_in_it_as_they_were_written(drawing: Drawing) -> None:
    said = texts(drawing.draw(bars("a < b & $c$", "@0@", "漢字 مرحبا")))

    assert {"a < b & $c$", "@0@", "漢字 مرحبا", "says @0@"} <= set(said)


def test_a_long_label_takes_two_lines_and_says_that_it_was_cut(drawing: Drawing) -> None:
    said = texts(drawing.draw(bars("maintain the confidentiality of what patients tell " * 3)))

    assert [each for each in said if each.startswith("maintain")] == [
        "maintain the confidentiality of what"
    ]
    assert any(each.endswith("…") for each in said)


def test_what_people_wrote_never_becomes_markup(drawing: Drawing) -> None:
    svg = drawing.draw(bars(*hostile_strings(60)))

    root = parsed(svg)
    assert {each.tag.removeprefix(NAMESPACE) for each in root.iter()} <= TAGS
    assert {attribute for each in root.iter() for attribute in each.attrib} <= ATTRIBUTES


def test_a_chart_without_any_length_is_drawn_too(drawing: Drawing) -> None:
    assert "none" in texts(drawing.draw(bars("none", parts=(0.0,))))
