"""Topics: what a catalog would file a title under, told from its vector.

A few words of a title do not name all that a credential teaches. A linear map, learned from
titles that catalogs have tagged, tells what titles like it are tagged with. The topics have no
names and are nobody's vocabulary: they say how alike two credentials are in what they teach.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.matching.ports import Vectors

Floats = NDArray[np.float32]

TOPICS: Final = Path(__file__).with_name("topics.npz")

# A topic of which a goal is unsure counts less than its probability says: many topics are a
# little likely for every title, and together they would outweigh what the goal is about.
SURE = 1.15


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Topics:
    """The map from a vector to topics.

    Attributes:
        weights: float32 ``(dim, topics)``.
        offsets: float32 ``(topics,)``.
        model_hash: SHA-256 (hex) of the model whose vectors it was learned from.
    """

    weights: Floats
    offsets: Floats
    model_hash: str

    def of(self, vectors: Vectors) -> Floats:
        """Return how likely each vector's text is about each topic: ``(n, topics)`` in [0, 1]."""
        likely: Floats = np.clip(vectors @ self.weights + self.offsets, 0.0, 1.0)
        return likely


def need_of(goal: Floats, held: Floats) -> Floats:
    """Return what a goal is about and what is held does not teach: ``(topics,)`` in [0, 1].

    ``goal ** 1.15`` times the chance that no credential held teaches it (a noisy-or: Pearl, 1988).

    Args:
        goal: float32 ``(topics,)``.
        held: float32 ``(n, topics)``; none held is ``(0, topics)``.
    """
    need: Floats = (goal**SURE * np.prod(1.0 - held, axis=0)).astype(np.float32)
    return need


def save_topics(topics: Topics, path: Path) -> None:
    """Write a map; numbers of 16 bits are as good."""
    np.savez_compressed(
        path,
        weights=topics.weights.astype(np.float16),
        offsets=topics.offsets.astype(np.float16),
        model_hash=np.array(topics.model_hash),
    )


def load_topics(path: Path) -> Topics:
    """Return what ``save_topics`` wrote.

    Raises:
        OSError: if there is no such file.
        ValueError: if it is no such file.
    """
    with np.load(path, allow_pickle=False) as kept:
        return Topics(
            weights=kept["weights"].astype(np.float32),
            offsets=kept["offsets"].astype(np.float32),
            model_hash=str(kept["model_hash"]),
        )
