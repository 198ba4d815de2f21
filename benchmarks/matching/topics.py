"""Learning topics from tagged titles: ``python -m benchmarks.matching.topics``.

Only the credentials for training are read, and the project's own titles. What is written are
figures: a matrix without the tags' names or anybody's rows.
"""

import argparse
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks.matching.catalog import read_tagged
from benchmarks.real.steps import ROOT
from embeddings.model_folder import DEFAULT_FOLDER
from service.matching.topics import Topics, save_topics
from training.encoders import Model, shipped_model
from training.research import written
from training.research.vocabulary import Vocabulary

OUT: Final = ROOT / "service" / "matching" / "topics.npz"
# Weak on 1,400 titles of 384 dimensions; from 3 to 20 the gap protocol moves by less than .02.
RIDGE: Final = 10.0

Floats = NDArray[np.float64]


class Titles(NamedTuple):
    """Titles, and bool ``(titles, tags)``: which tags each has."""

    texts: list[str]
    tags: Floats


def read_titles(data: Path) -> Titles:
    """Return the titles for training with their tags, the project's own after the catalog's."""
    catalog = [(each.seen.name, each.tags) for each in read_tagged(data, held_out=False)]
    known = sorted({tag for _, tags in catalog for tag in tags})
    own: dict[str, set[str]] = defaultdict(set)
    for pair in written.credentials(data, Vocabulary(pl.DataFrame())):
        own[pair.anchor].add(pair.positive.strip().casefold())
    titles = [*catalog, *((title, frozenset(tags)) for title, tags in own.items())]
    return Titles(
        [title for title, _ in titles],
        np.array([[tag in tags for tag in known] for _, tags in titles], dtype=np.float64),
    )


def fit_topics(vectors: Floats, tags: Floats, model_hash: str) -> Topics:
    """Return the ridge regression of tags on vectors (Hoerl and Kennard, 1970)."""
    center, share = vectors.mean(axis=0), tags.mean(axis=0)
    moved = vectors - center
    inner = moved.T @ moved + RIDGE * np.eye(moved.shape[1])
    weights = np.linalg.solve(inner, moved.T @ (tags - share))
    return Topics(
        weights=weights.astype(np.float32),
        offsets=(share - center @ weights).astype(np.float32),
        model_hash=model_hash,
    )


def make_topics(data: Path, model: Model) -> Topics:
    """Return the topics of a model's vectors."""
    titles = read_titles(data)
    return fit_topics(model.encode(titles.texts).astype(np.float64), titles.tags, model.key)


def main(arguments: Sequence[str] | None = None) -> None:
    """Learn the topics of the model that ships, and write them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matching.topics")
    parser.add_argument("--data", type=Path, required=True, help="the folder of the research sets")
    parser.add_argument("--model", type=Path, default=DEFAULT_FOLDER, help="a model folder")
    parser.add_argument("--out", type=Path, default=OUT, help="the .npz to write")
    chosen = parser.parse_args(arguments)
    topics = make_topics(chosen.data, shipped_model(chosen.model))
    save_topics(topics, chosen.out)
    print(f"Wrote {topics.weights.shape[1]} topics to {chosen.out}")


if __name__ == "__main__":
    main()
