"""Topics: what a catalog would file a title under, told from its vector.

A few words of a title do not name all that a credential teaches. A linear map, learned from
titles that catalogs have tagged, tells what titles like it are tagged with; who awards it and for
which level say more. The topics have no names and are nobody's vocabulary: they say how alike two
credentials are in what they teach.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.domain.credential import Level
from service.matching.ports import Vectors

Floats = NDArray[np.float32]

TOPICS: Final = Path(__file__).with_name("topics.npz")

# A topic of which a goal is unsure counts less than its probability says: many topics are a
# little likely for every title, and together they would outweigh what the goal is about.
SURE = 1.15

_LEVELS: Final = tuple(Level)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Topics:
    """The map from what is seen of a credential to topics.

    Attributes:
        weights: float32 ``(dim, topics)``: for the vector of a title.
        offsets: float32 ``(topics,)``.
        providers: float32 ``(dim, topics)``: for the vector of a provider's name.
        provider_offsets: float32 ``(topics,)``: the mean provider changes nothing.
        levels: float32 ``(3, topics)``: what each level adds, in the order of ``Level``.
        model_hash: SHA-256 (hex) of the model whose vectors it was learned from.
    """

    weights: Floats
    offsets: Floats
    providers: Floats
    provider_offsets: Floats
    levels: Floats
    model_hash: str

    @property
    def count(self) -> int:
        """How many topics there are."""
        return len(self.offsets)

    def of(self, vectors: Vectors) -> Floats:
        """Return how likely each vector's text is about each topic: ``(n, topics)`` in [0, 1]."""
        likely: Floats = np.clip(vectors @ self.weights + self.offsets, 0.0, 1.0)
        return likely

    def by_provider(self, vectors: Vectors) -> Floats:
        """Return what providers add to the likelihood, by their names' vectors: ``(n, topics)``."""
        added: Floats = vectors @ self.providers + self.provider_offsets
        return added

    def of_credentials(
        self, vectors: Vectors, by_provider: Floats, levels: Sequence[Level | None]
    ) -> Floats:
        """Return how likely each credential is about each topic: ``(n, topics)`` in [0, 1].

        Args:
            vectors: float32 ``(n, dim)`` of the credentials' texts.
            by_provider: float32 ``(n, topics)``, as ``by_provider`` says; 0 for an unknown one.
            levels: of each; an unknown one adds nothing.
        """
        places = [len(_LEVELS) if level is None else _LEVELS.index(level) for level in levels]
        by_level = np.vstack([self.levels, np.zeros_like(self.offsets)])[places]
        told = vectors @ self.weights + self.offsets + by_provider + by_level
        likely: Floats = np.clip(told, 0.0, 1.0)
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


_NUMBERS: Final = ("weights", "offsets", "providers", "provider_offsets", "levels")


def save_topics(topics: Topics, path: Path) -> None:
    """Write a map; numbers of 16 bits are as good."""
    numbers = {name: getattr(topics, name).astype(np.float16) for name in _NUMBERS}
    np.savez_compressed(path, **numbers, model_hash=np.array(topics.model_hash))


def load_topics(path: Path) -> Topics:
    """Return what ``save_topics`` wrote.

    Raises:
        OSError: if there is no such file.
        KeyError: if it lacks a part.
        ValueError: if it is no such file.
    """
    with np.load(path, allow_pickle=False) as kept:
        numbers = {name: kept[name].astype(np.float32) for name in _NUMBERS}
        return Topics(**numbers, model_hash=str(kept["model_hash"]))
