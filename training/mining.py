"""Hard negatives: what the model takes for a positive and is none."""

from typing import Final

import numpy as np

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
# Sources that are searched among the same texts: all labels of skills, all titles of occupations.
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


def mine(
    table: PairTable, vectors: Vectors, *, margin: float, nearest: int, seed: int
) -> PairTable:
    """Return the table with a negative for each pair of the mined sources that has one.

    A negative is one of the texts nearest to the anchor that is no known positive of it, and is
    less similar to it than ``margin`` times its positive is: nearer ones are too often true.
    """
    negative = np.full(len(table.anchor), NO_TEXT, np.int64)
    known = table.known()
    chance = np.random.default_rng(seed)
    for sources in (_SKILLS, *({source} for source in MINED - _SKILLS)):
        rows = np.flatnonzero([source in sources for source in table.source])
        pool = np.unique(table.positive[rows])
        if len(pool) > nearest:
            negative[rows] = _nearest_wrong(
                table, known, vectors, rows, pool, margin=margin, nearest=nearest, chance=chance
            )
    return table._replace(negative=negative)


def texts_to_mine(table: PairTable) -> Rows:
    """Return the texts whose vectors ``mine`` needs."""
    rows = np.flatnonzero([source in MINED for source in table.source])
    return np.unique(np.concatenate([table.anchor[rows], table.positive[rows]]))


def _nearest_wrong(
    table: PairTable,
    known: Rows,
    vectors: Vectors,
    rows: Rows,
    pool: Rows,
    *,
    margin: float,
    nearest: int,
    chance: np.random.Generator,
) -> Rows:
    """Return a wrong text of the pool for each row, drawn from the nearest ones, or ``NO_TEXT``."""
    index = ExactIndex.build([str(text) for text in pool], vectors[pool])
    found = np.full(len(rows), NO_TEXT, np.int64)
    for start in range(0, len(rows), _AT_ONCE):
        part = rows[start : start + _AT_ONCE]
        anchors, positives = table.anchor[part], table.positive[part]
        hits = index.search_rows(vectors[anchors], k=nearest)
        texts = pool[np.stack([hit.rows for hit in hits])]
        similarities = np.stack([hit.similarities for hit in hits])
        own = np.einsum("nd,nd->n", vectors[anchors], vectors[positives])
        together = known_rows(table, known, anchors, texts)
        allowed = (similarities < margin * own[:, None]) & ~together & (texts != anchors[:, None])
        drawn = np.where(allowed, chance.random(allowed.shape), 2.0).argmin(axis=1)
        at = np.arange(len(part))
        found[start : start + len(part)] = np.where(
            allowed[at, drawn], texts[at, drawn], NO_TEXT
        )
    return found


def known_rows(table: PairTable, known: Rows, anchors: Rows, texts: Rows) -> "np.ndarray":
    """Tell which of each anchor's texts are known to belong to it. Shape: that of ``texts``."""
    codes = anchors[:, None] * len(table.texts) + texts
    at = np.minimum(np.searchsorted(known, codes), len(known) - 1)
    return np.asarray(known[at] == codes)
