"""Hard negatives: what the model takes for a positive and is none."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index import ExactIndex
from training.batches import NO_TEXT, PairTable, Rows
from training.model import Vectors
from training.research.pair import Source

# Where texts are short and what is searched is a closed list; long texts would double the cost.
MINED: Final = frozenset(
    {
        Source.SKILL_ALT_LABEL,
        Source.OCCUPATION_ALT_TITLE,
        Source.OCCUPATION_TECHNOLOGY,
        Source.ONET_ACTIVITY,
        Source.ESCO_TITLE,
        Source.ESCO_OCCUPATION_SKILL,
        Source.SKILLSKAPE,
        Source.TECHWOLF,
        Source.JOBBERT,
        Source.COURSERA,
        Source.WRITTEN_STATEMENT,
        Source.WRITTEN_COURSE,
        Source.WRITTEN_JOB,
        Source.WRITTEN_CREDENTIAL,
    }
)
# Sources that are searched among the same texts, what says a skill; others each among its own.
_SKILLS: Final = frozenset(
    {
        Source.SKILL_ALT_LABEL,
        Source.ESCO_OCCUPATION_SKILL,
        Source.SKILLSKAPE,
        Source.TECHWOLF,
        Source.WRITTEN_STATEMENT,
        Source.WRITTEN_COURSE,
        Source.WRITTEN_JOB,
    }
)
_AT_ONCE = 4_096


class _Search(NamedTuple):
    """What is searched: a closed list of texts, by the vectors of all texts of a table."""

    table: PairTable
    known: Rows
    vectors: Vectors
    pool: Rows
    exact: ExactIndex
    margin: float
    nearest: int


def mine(
    table: PairTable, vectors: Vectors, *, margin: float, nearest: int, seed: int
) -> PairTable:
    """Return the table with a negative for each pair of the mined sources that has one.

    A negative is one of the texts nearest to the anchor that is no known positive of it, and is
    less similar to it than ``margin`` times its positive is: nearer ones are too often true.

    Args:
        table: the pairs.
        vectors: by row of texts, of unit length; those of ``texts_to_mine`` are read.
        margin: in [0, 1]; lower is more careful.
        nearest: how many of the nearest texts a negative is drawn from.
        seed: the same one draws the same negatives.
    """
    negative = np.full(len(table.anchor), NO_TEXT, np.int64)
    known = table.known()
    chance = np.random.default_rng(seed)
    for sources in _closed_lists():
        rows = np.flatnonzero([source in sources for source in table.source])
        pool = np.unique(table.positive[rows])
        if len(pool) > nearest:
            index = ExactIndex.build([str(text) for text in pool], vectors[pool])
            search = _Search(table, known, vectors, pool, index, margin, nearest)
            negative[rows] = _nearest_wrong(search, rows, chance)
    return table._replace(negative=negative)


def texts_to_mine(table: PairTable) -> Rows:
    """Return the texts whose vectors ``mine`` needs."""
    rows = np.flatnonzero([source in MINED for source in table.source])
    return np.unique(np.concatenate([table.anchor[rows], table.positive[rows]]))


def _closed_lists() -> Iterator[frozenset[Source]]:
    yield _SKILLS
    # In the order of the sources: that of a set differs from one process to the next, and with it
    # what each source would draw.
    for source in Source:
        if source in MINED - _SKILLS:
            yield frozenset({source})


def _nearest_wrong(search: _Search, rows: Rows, chance: np.random.Generator) -> Rows:
    """Return a wrong text of the pool for each row, drawn from the nearest ones, or ``NO_TEXT``."""
    found = np.full(len(rows), NO_TEXT, np.int64)
    for start in range(0, len(rows), _AT_ONCE):
        part = rows[start : start + _AT_ONCE]
        texts, allowed = _candidates(search, part)
        drawn = np.where(allowed, chance.random(allowed.shape), 2.0).argmin(axis=1)
        at = np.arange(len(part))
        found[start : start + len(part)] = np.where(allowed[at, drawn], texts[at, drawn], NO_TEXT)
    return found


def _candidates(search: _Search, rows: Rows) -> tuple[Rows, NDArray[np.bool_]]:
    """Return the nearest texts of each row's anchor, and which of them may be its negative."""
    anchors, positives = search.table.anchor[rows], search.table.positive[rows]
    hits = search.exact.search_rows(search.vectors[anchors], k=search.nearest)
    texts = search.pool[np.stack([hit.rows for hit in hits])]
    similarities = np.stack([hit.similarities for hit in hits])
    own = np.einsum("nd,nd->n", search.vectors[anchors], search.vectors[positives])
    together = search.table.known_among(search.known, anchors, texts)
    far_enough = similarities < search.margin * own[:, None]
    return texts, far_enough & ~together & (texts != anchors[:, None])
