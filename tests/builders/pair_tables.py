"""Small frames of pairs."""

from collections.abc import Iterable
from typing import NamedTuple

import polars as pl


class APair(NamedTuple):
    """A row of pairs; the group is the anchor's own unless told."""

    anchor: str
    positive: str
    source: str = "esco_title"
    group: str = ""
    weight: float = 1.0
    negative: str | None = None


def pair_frame(pairs: Iterable[APair]) -> pl.DataFrame:
    """Return pairs as ``training.pairs`` writes them."""
    rows = [
        (each.anchor, each.positive, each.negative, each.weight, each.source, each.group)
        if each.group
        else (each.anchor, each.positive, each.negative, each.weight, each.source, each.anchor)
        for each in pairs
    ]
    schema = {
        "anchor": pl.String,
        "positive": pl.String,
        "negative": pl.String,
        "weight": pl.Float32,
        "source": pl.String,
        "group": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def numbered(count: int, source: str = "esco_title") -> list[APair]:
    """Return pairs that share no text."""
    return [APair(f"{source} {row}", f"{source} {row} too", source) for row in range(count)]
