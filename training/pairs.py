"""Pairs: texts that belong together, from the store's records and from the research sets."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl

from training.development import Development
from training.research import READERS
from training.research.pair import Pair, Source
from training.research.vocabulary import Vocabulary
from training.splits import text_key

PAIRS: Final = "pairs.parquet"
TEXTS: Final = "texts.parquet"
SCHEMA: Final = {
    "anchor": pl.String,
    "positive": pl.String,
    "negative": pl.String,
    "weight": pl.Float32,
    "source": pl.String,
    "group": pl.String,
}
_MAX_CHARACTERS = 1_200


class SourceCount(NamedTuple):
    """How many pairs a source gave, and how many were left out as development rows."""

    source: str
    pairs: int
    held_out: int


def build_pairs(
    data: Path, exported: Path, sources: Sequence[Source]
) -> tuple[pl.DataFrame, list[SourceCount]]:
    """Return the pairs of the chosen sources, without one row of development data.

    Args:
        data: the folder of the research sets.
        exported: the folder that ``onramp export-pairs`` wrote.
        sources: which sources to take.
    """
    development = Development.read(data)
    vocabulary = Vocabulary.read(exported / TEXTS)
    frames, counts = [], []
    for source in sources:
        reader = READERS.get(source)
        found = _from_store(exported, source) if reader is None else reader(data, vocabulary)
        every = list(_clean(found))
        kept = [pair for pair in every if not development.holds(pair)]
        frames.append(_frame(kept))
        counts.append(SourceCount(source, frames[-1].height, len(every) - len(kept)))
    return pl.concat(frames), counts


def _from_store(exported: Path, source: Source) -> Iterator[Pair]:
    frame = pl.scan_parquet(exported / PAIRS).filter(pl.col("source") == source.value).collect()
    for row in frame.iter_rows(named=True):
        yield Pair(row["anchor"], row["positive"], source, row["group"], row["weight"])


def _clean(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """Yield the pairs with one space between words, cut to a length, without empty or equal ones."""
    for pair in pairs:
        anchor, positive = (
            " ".join(text.split())[:_MAX_CHARACTERS] for text in (pair.anchor, pair.positive)
        )
        if anchor and positive and text_key(anchor) != text_key(positive):
            yield pair._replace(anchor=anchor, positive=positive)


def _frame(pairs: Iterable[Pair]) -> pl.DataFrame:
    rows = [
        (pair.anchor, pair.positive, None, pair.weight, pair.source.value, pair.group)
        for pair in pairs
    ]
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    return frame.unique(["anchor", "positive"], keep="first", maintain_order=True)
