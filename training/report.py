"""The evaluation as a page and a picture: what ``eval.json`` says, for people."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from training.evaluating import System
from training.page import Place

PLACE: Final = Place("<!-- eval -->", "<!-- /eval -->")
NAMES: Final[Mapping[System, str]] = MappingProxyType(
    {
        System.MODEL: "this model",
        System.BASE: "base model",
        System.TFIDF: "character TF-IDF",
        System.BM25: "BM25",
    }
)
# Okabe and Ito's colors, which the color-blind can tell apart; the shapes say it once more.
LOOKS: Final[Mapping[System, tuple[str, str]]] = MappingProxyType(
    {
        System.MODEL: ("#0072B2", "o"),
        System.BASE: ("#E69F00", "D"),
        System.TFIDF: ("#009E73", "s"),
        System.BM25: ("#999999", "^"),
    }
)
_BETWEEN: Final = 0.18
_SMALLEST_P: Final = 0.001

Document = Mapping[str, Any]


def write_report(figures: Path, page: Path, image: Path) -> None:
    """Write the tables of an ``eval.json`` between the markers of a page, and the picture.

    Raises:
        PageWithoutPlace: if the page has no place for them.
    """
    found: Document = json.loads(figures.read_text(encoding="utf-8"))
    PLACE.write(page, (_tasks(found), _fields(found), _spread(found)))
    image.parent.mkdir(parents=True, exist_ok=True)
    picture(found).savefig(image, dpi=150, metadata={"Software": None})


def picture(found: Document) -> Figure:
    """Draw the headline of each task: a dot and its interval for each system."""
    details = found["details"]
    figure = Figure(figsize=(9, 0.62 * len(details) + 1.4), layout="constrained")
    axes = figure.add_subplot()
    for number, system in enumerate(NAMES):
        _draw(axes, details, system, offset=(number - (len(NAMES) - 1) / 2) * _BETWEEN)
    axes.set_yticks(
        range(len(details)),
        [
            f"{name}\n{each['headline']}, {each['queries']:,} queries"
            for name, each in details.items()
        ],
    )
    axes.set_ylim(len(details) - 0.5, -0.5)
    axes.set_xlim(0, 1)
    axes.set_xlabel("mean over queries with its 95 % bootstrap interval")
    axes.grid(axis="x", color="#dddddd")
    axes.hlines(
        [row + 0.5 for row in range(len(details) - 1)], 0, 1, color="#eeeeee", linewidth=0.8
    )
    axes.set_axisbelow(True)
    axes.tick_params(axis="y", length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)
    figure.legend(loc="outside upper center", ncols=len(NAMES), frameon=False)
    return figure


def _draw(axes: Axes, details: Document, system: System, *, offset: float) -> None:
    color, marker = LOOKS[system]
    shown = [each["systems"][system.value] for each in details.values()]
    values = [each["value"] for each in shown]
    axes.errorbar(
        values,
        [row + offset for row in range(len(shown))],
        xerr=[
            [value - each["low"] for value, each in zip(values, shown, strict=True)],
            [each["high"] - value for value, each in zip(values, shown, strict=True)],
        ],
        fmt=marker,
        color=color,
        markersize=7 if system is System.MODEL else 5,
        elinewidth=1.6 if system is System.MODEL else 1.0,
        label=NAMES[system],
    )


def _tasks(found: Document) -> Iterator[str]:
    yield "| task | queries | metric | this model (95 %) | base model | p | TF-IDF | BM25 |"
    yield "|---|---:|---|---:|---:|---:|---:|---:|"
    for name, each in found["details"].items():
        systems = each["systems"]
        model = systems[System.MODEL.value]
        value = f"**{_share(model['value'])}** [{_share(model['low'])}, {_share(model['high'])}]"
        others = " | ".join(
            _share(systems[system.value]["value"]) for system in (System.TFIDF, System.BM25)
        )
        yield (
            f"| {name} | {each['queries']:,} | {each['headline']} | {value} "
            f"| {_share(model['base'])} | {_p_value(each['difference']['p_value'])} | {others} |"
        )


def _fields(found: Document) -> Iterator[str]:
    """Yield in how many fields of work the model is ahead, and where it is farthest behind."""
    yield "| task | fields of work | ahead of the base in | least ahead | this model | base model |"
    yield "|---|---:|---:|---|---:|---:|"
    for name, each in found["details"].items():
        fields = each["fields"]
        if fields:
            ahead = sum(field["value"] > field["base"] for field in fields.values())
            worst = min(fields, key=lambda field: fields[field]["value"] - fields[field]["base"])
            yield (
                f"| {name} | {len(fields)} | {ahead} | {worst} "
                f"| {_share(fields[worst]['value'])} | {_share(fields[worst]['base'])} |"
            )


def _spread(found: Document) -> Iterator[str]:
    yield "| unrelated texts | uniformity | mean similarity | 95 % of pairs are below |"
    yield "|---|---:|---:|---:|"
    for system in (System.MODEL, System.BASE):
        each = found["spread"][system.value]
        mean, high = each["mean_similarity"], each["high_similarity"]
        yield f"| {NAMES[system]} | {each['uniformity']:.2f} | {mean:.3f} | {high:.3f} |"


def _share(value: float) -> str:
    return f"{value:.3f}".removeprefix("0")


def _p_value(value: float) -> str:
    return "< .001" if value < _SMALLEST_P else _share(value)
