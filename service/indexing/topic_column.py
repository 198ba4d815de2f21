"""The topics of credentials, told once when a credential comes in, by row."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from service.domain.credential import Credential
from service.errors import InvalidRecord
from service.indexing.growing import with_room
from service.matching.ports import Encoder, Vectors
from service.matching.topics import Floats, Topics

# Catalogs have few providers, and each is encoded once; more than so many are forgotten again.
_PROVIDERS_KEPT = 10_000

# A likelihood is kept as so many parts of this: it is no more exact than that, and an answer
# reads hundreds of rows.
_PARTS = 255


class TopicColumn:
    """How likely each credential is about each topic, in 8 bits.

    Args:
        topics: the map that tells.
        encoder: turns providers' names into vectors.
    """

    def __init__(self, topics: Topics, encoder: Encoder) -> None:
        self._topics = topics
        self._encoder = encoder
        self._rows = np.zeros((0, topics.count), dtype=np.uint8)
        self._added_by = lru_cache(maxsize=_PROVIDERS_KEPT)(self._added_by_provider)

    def put(
        self, rows: NDArray[np.int64], credentials: Sequence[Credential], vectors: Vectors
    ) -> None:
        """Tell the topics of credentials that were added or replaced, by their text's vectors."""
        if not len(rows):
            return
        likely = self._topics.of_credentials(
            vectors,
            np.stack([self._added_by(each.provider.name) for each in credentials]),
            [each.level for each in credentials],
        )
        self._rows = with_room(self._rows, int(rows.max()) + 1)
        self._rows[rows] = np.rint(likely * _PARTS)

    def of(self, rows: NDArray[np.int64], topics: NDArray[np.int64]) -> Floats:
        """Return how likely the credentials of rows are about topics: ``(rows, topics)``."""
        table = self._rows
        # Whole rows first: they lie together, and single cells do not.
        if not len(rows) or rows.max() < len(table):
            told = table[rows]
        else:
            # A row that a search found while its credential still comes in is about nothing yet.
            told = np.zeros((len(rows), table.shape[1]), dtype=np.uint8)
            there = rows < len(table)
            told[there] = table[rows[there]]
        likely: Floats = told.take(topics, axis=1) * np.float32(1.0 / _PARTS)
        return likely

    def kept(self, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Return what is kept of rows: uint8 ``(rows, topics)``."""
        return self._rows[rows]

    def take(self, kept: NDArray[np.uint8]) -> None:
        """Take up what was kept, as that of rows from 0 on.

        Raises:
            ValueError: if it is of other topics.
        """
        if kept.dtype != np.uint8 or kept.shape[1:] != (self._topics.count,):
            raise ValueError("The topics of a snapshot are not those of this model.")
        self._rows = kept

    def _added_by_provider(self, name: str) -> Floats:
        try:
            vectors = self._encoder.encode([name])
        except InvalidRecord:
            # A name without anything to read, as of invisible characters, says nothing.
            return np.zeros(self._topics.count, dtype=np.float32)
        added: Floats = self._topics.by_provider(vectors)[0]
        return added
