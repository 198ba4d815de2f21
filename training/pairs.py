"""Pairs: texts that belong together, from the store's records and from the research sets."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

import polars as pl
from polars.exceptions import PolarsError

from training.development import Development
from training.errors import MissingExport, MissingPairs, NoPairs, UnusablePairs
from training.research.pair import Pair, Source
from training.research.readers import READERS, Reader
from training.research.vocabulary import Vocabulary
from training.splits import text_key

PAIRS: Final = "pairs.parquet"
TEXTS: Final = "texts.parquet"
SCHEMA: Final[Mapping[str, type[pl.DataType]]] = MappingProxyType(
    {
        "anchor": pl.String,
        "positive": pl.String,
        "negative": pl.String,
        "weight": pl.Float32,
        "source": pl.String,
        "group": pl.String,
    }
)
_MAX_CHARACTERS = 1_200


class SourceCount(NamedTuple):
    """How many pairs a source gave, and how many were left out as development rows."""

    source: str
    pairs: int
    held_out: int


def build_pairs(
    data: Path,
    exported: Path,
    sources: Iterable[Source],
    *,
    readers: Mapping[Source, Reader] = READERS,
) -> tuple[pl.DataFrame, list[SourceCount]]:
    """Return the pairs of the chosen sources, without one row of development data.

    Args:
        data: the folder of the research sets.
        exported: the folder that ``onramp export-pairs`` wrote.
        sources: which sources to take.
        readers: what reads each source that is not the store's.

    Raises:
        MissingData: if a research set is not there.
        MissingExport: if the store has not written its pairs and texts.
        NoPairs: if the sources give no pair at all.
    """
    development = Development.read(data)
    vocabulary = Vocabulary.read(exported / TEXTS)
    frames, counts = [], []
    for source in sources:
        reader = readers.get(source)
        found = _from_store(exported, source) if reader is None else reader(data, vocabulary)
        every = list(_clean(found))
        kept = [pair for pair in every if not development.holds(pair)]
        frames.append(_frame(kept))
        counts.append(SourceCount(source.value, frames[-1].height, len(every) - len(kept)))
    if not any(count.pairs for count in counts):
        raise NoPairs([count.source for count in counts])
    return pl.concat(frames), counts


def read_pairs(path: Path) -> pl.DataFrame:
    """Return the pairs of a file that was written as ``build_pairs`` returns them.

    Raises:
        MissingPairs: if there is no such file.
        UnusablePairs: if it is no Parquet file, or its columns or sources are others.
    """
    if not path.exists():
        raise MissingPairs(path)
    try:
        frame = pl.read_parquet(path)
    except PolarsError as error:
        raise UnusablePairs(path, "it is no Parquet file") from error
    if dict(frame.schema) != dict(SCHEMA):
        raise UnusablePairs(path, f"its columns must be {', '.join(SCHEMA)}")
    unknown = sorted(set(frame["source"].unique()) - {source.value for source in Source})
    if unknown or not frame.height:
        reason = f"it has the unknown sources {', '.join(unknown)}" if unknown else "it is empty"
        raise UnusablePairs(path, reason)
    return frame


def _from_store(exported: Path, source: Source) -> Iterator[Pair]:
    path = exported / PAIRS
    if not path.exists():
        raise MissingExport(path)
    frame = pl.scan_parquet(path).filter(pl.col("source") == source.value).collect()
    for row in frame.iter_rows(named=True):
        yield Pair(row["anchor"], row["positive"], source, row["group"], row["weight"])


def _clean(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """Yield pairs with one space between words, cut to a length; none empty, none of one text."""
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
    frame = pl.DataFrame(rows, schema=dict(SCHEMA), orient="row")
    return frame.unique(["anchor", "positive"], keep="first", maintain_order=True)
