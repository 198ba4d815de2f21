"""Learning topics from tagged titles: ``python -m benchmarks.matching.topics``.

Only the credentials for training are read, and the project's own titles. What is written are
figures: a matrix without the tags' names or anybody's rows.
"""

import argparse
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks.matching.catalog import Tagged, read_tagged
from benchmarks.real.steps import ROOT
from embeddings.model_folder import DEFAULT_FOLDER
from service.domain.credential import Level
from service.matching.topics import Topics, save_topics
from training.encoders import Encode, Model, shipped_model
from training.research import written
from training.research.vocabulary import Vocabulary

OUT: Final = ROOT / "service" / "matching" / "topics.npz"
# All three are chosen by cross-fitting within the credentials for training, and the figures there
# are flat around them.
RIDGE: Final = 1.0
LEVEL_RIDGE: Final = 10.0
# The project's own titles have fewer tags than a catalog gives, and no provider.
OWN_WEIGHT: Final = 0.3

_LEVELS: Final = tuple(Level)

Floats = NDArray[np.float64]


class Titles(NamedTuple):
    """Titles with what else is seen of them, and bool ``(titles, tags)``: which tags each has.

    ``providers`` and ``levels`` are none where they are unknown.
    """

    texts: list[str]
    providers: list[str | None]
    levels: list[Level | None]
    tags: Floats
    weights: Floats


class Seen(NamedTuple):
    """What is seen of titles as numbers: title, provider's name and level side by side.

    ``inputs`` is ``(titles, 2 * dim + 3)``; ``centers`` are the means that were taken from it.
    """

    inputs: Floats
    centers: Floats


def read_titles(data: Path) -> Titles:
    """Return the titles for training with their tags, the project's own after the catalog's."""
    own: dict[str, set[str]] = defaultdict(set)
    for pair in written.credentials(data, Vocabulary(pl.DataFrame())):
        own[pair.anchor].add(pair.positive.strip().casefold())
    return titles_of(read_tagged(data, held_out=False), own)


def titles_of(catalog: Sequence[Tagged], own: Mapping[str, Collection[str]]) -> Titles:
    """Return titles with the tags that the catalog knows."""
    known = sorted({tag for each in catalog for tag in each.tags})
    tagged = [*(each.tags for each in catalog), *own.values()]
    return Titles(
        texts=[*(each.seen.name for each in catalog), *own],
        providers=[*(each.seen.provider.name for each in catalog), *[None] * len(own)],
        levels=[*(each.seen.level for each in catalog), *[None] * len(own)],
        tags=np.array([[tag in tags for tag in known] for tags in tagged], dtype=np.float64),
        weights=np.array([1.0] * len(catalog) + [OWN_WEIGHT] * len(own)),
    )


def fit_topics(titles: Titles, encode: Encode, model_hash: str) -> Topics:
    """Return the ridge regression of tags on what is seen (Hoerl and Kennard, 1970)."""
    seen, weights = _seen(titles, encode), titles.weights[:, None]
    inputs = seen.inputs
    share = (weights * titles.tags).sum(axis=0) / weights.sum()
    levels = len(_LEVELS)
    dim = (inputs.shape[1] - levels) // 2
    ridge = np.diag([RIDGE] * 2 * dim + [LEVEL_RIDGE] * levels)
    inner = inputs.T @ (weights * inputs) + ridge
    found = np.linalg.solve(inner, inputs.T @ (weights * (titles.tags - share)))
    ours, theirs, by_level = np.split(found, [dim, 2 * dim])
    center, their_center, level_center = np.split(seen.centers, [dim, 2 * dim])
    return Topics(
        weights=ours.astype(np.float32),
        offsets=(share - center @ ours).astype(np.float32),
        providers=theirs.astype(np.float32),
        provider_offsets=(-their_center @ theirs).astype(np.float32),
        levels=(by_level - level_center @ by_level).astype(np.float32),
        model_hash=model_hash,
    )


def _seen(titles: Titles, encode: Encode) -> Seen:
    vectors = encode(titles.texts).astype(np.float64)
    names = sorted({each for each in titles.providers if each is not None})
    named = dict(zip(names, encode(names).astype(np.float64), strict=True))
    nobody = np.full(vectors.shape[1], np.nan)
    providers = np.stack([named.get(each or "", nobody) for each in titles.providers])
    levels = np.array(
        [
            [float(each is level) for level in _LEVELS] if each else [np.nan] * len(_LEVELS)
            for each in titles.levels
        ]
    )
    inputs = np.hstack([vectors, providers, levels])
    # What is unknown is the mean, which says nothing.
    counts = titles.weights[:, None] * ~np.isnan(inputs)
    centers = (counts * np.nan_to_num(inputs)).sum(axis=0) / np.maximum(counts.sum(axis=0), 1e-9)
    return Seen(np.nan_to_num(inputs - centers), centers)


def make_topics(data: Path, model: Model) -> Topics:
    """Return the topics of a model's vectors."""
    return fit_topics(read_titles(data), model.encode, model.key)


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
