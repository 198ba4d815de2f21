"""One batch: the texts to encode, and the loss of their vectors."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.batches import PairTable, Rows
from training.config import TrainingConfig
from training.loss import false_negatives, hard_negatives, info_nce, set_loss
from training.research.pair import SETS, Source

# Which sources have their labels from one list: skills, tags, technologies.
_TAGS = frozenset({Source.COURSERA, Source.WRITTEN_CREDENTIAL})
_SKILLS = frozenset(
    {Source.TECHWOLF, Source.LIKE_VACANCY, Source.WRITTEN_STATEMENT, Source.WRITTEN_COURSE}
)


class Batch(NamedTuple):
    """Texts, and the loss of their vectors, of shape ``(len(texts), dim)``."""

    texts: Rows
    loss: Callable[[Tensor], Tensor]


class LabelPool(NamedTuple):
    """A closed list of labels.

    Attributes:
        texts: the labels, as rows of texts.
        shares: by row of texts, the share of the source's anchors that have it as a label.
    """

    texts: Rows
    shares: NDArray[np.float64]

    def draw(self, count: int, chance: np.random.Generator) -> Rows:
        """Draw different labels, each as likely as any other."""
        return chance.choice(self.texts, min(count, len(self.texts)), replace=False)

    def log_frequency(self, labels: Rows, anchors: int, drawn: int) -> NDArray[np.float32]:
        """Return the log of the probability that a batch holds each label."""
        evenly = min(1.0, drawn / len(self.texts))
        absent = (1 - self.shares[labels]) ** anchors * (1 - evenly)
        return np.log(np.maximum(1 - absent, 1e-9)).astype(np.float32)


def pair_batch(table: PairTable, known: Rows, rows: Rows, config: TrainingConfig) -> Batch:
    """Return a batch of pairs that are each other's negatives."""
    count = len(rows)
    wrong = false_negatives(table, known, rows)
    weight = torch.from_numpy(table.weight[rows])

    def loss(vectors: Tensor) -> Tensor:
        return info_nce(
            vectors[:count],
            vectors[count : 2 * count],
            vectors[2 * count :],
            wrong,
            weight.to(vectors.device),
            temperature=config.temperature,
        )

    negative = hard_negatives(table, rows)
    return Batch(np.concatenate([table.anchor[rows], table.positive[rows], negative]), loss)


def set_batch(
    table: PairTable,
    known: Rows,
    rows: Rows,
    pool: LabelPool,
    chance: np.random.Generator,
    config: TrainingConfig,
) -> Batch:
    """Return a batch of anchors with all their labels, among other labels of the same list."""
    anchors, row_of = np.unique(table.anchor[rows], return_inverse=True)
    labels = np.union1d(table.positive[rows], pool.draw(config.set_others, chance))
    weight = np.zeros((len(anchors), len(labels)), np.float32)
    weight[row_of, np.searchsorted(labels, table.positive[rows])] = table.weight[rows]
    weight /= weight.sum(axis=1, keepdims=True)
    is_label = torch.from_numpy(table.together(known, anchors, labels) | (weight > 0))
    seen = config.popularity * pool.log_frequency(labels, len(anchors), config.set_others)

    def loss(vectors: Tensor) -> Tensor:
        device = vectors.device
        return set_loss(
            vectors[: len(anchors)],
            vectors[len(anchors) :],
            torch.from_numpy(weight).to(device),
            is_label.to(device),
            torch.from_numpy(seen).to(device),
            temperature=config.temperature,
        )

    return Batch(np.concatenate([anchors, labels]), loss)


def label_pools(table: PairTable) -> Mapping[Source, LabelPool]:
    """Return the list of labels that each source of sets takes its labels from."""
    by_source = np.array([source.value for source in table.source])
    pools = {}
    for source in SETS:
        family = next((each for each in (_TAGS, _SKILLS) if source in each), {source})
        texts = np.unique(table.positive[np.isin(by_source, [each.value for each in family])])
        rows = np.flatnonzero(by_source == source.value)
        anchors = max(1, len(np.unique(table.anchor[rows])))
        counts = np.bincount(table.positive[rows], minlength=len(table.texts))
        pools[source] = LabelPool(texts, np.minimum(counts / anchors, 1.0))
    return pools
