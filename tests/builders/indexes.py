"""The vector indexes that the contract suites hold to one standard."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np

from index import (
    TOLERANCE,
    ExactIndex,
    GrowingIndex,
    Growth,
    Hit,
    Metadata,
    VectorIndex,
    Vectors,
)


class GrownIndex(GrowingIndex):
    """Goes over to codes with the first vectors, as others do after 200,000."""

    @classmethod
    def build(cls, ids: Sequence[str], vectors: Vectors, *, growth: Growth | None = None) -> Self:
        """Make an index that has gone over to codes."""
        index = super().build(ids, vectors, growth=growth or Growth(exact_up_to=0))
        index.settle()
        return index

    def save(self, folder: Path, *, metadata: Metadata) -> None:
        """Save what goes on answering: codes are trained anew where a vector lies apart."""
        self.settle()
        super().save(folder, metadata=metadata)


INDEXES: list[type[VectorIndex]] = [ExactIndex, GrowingIndex, GrownIndex]


def tolerance_of(index: VectorIndex) -> float:
    """Return how far off its similarities may be; 0 for an exact index."""
    return 0.0 if getattr(index, "kind", "exact") == "exact" else TOLERANCE


def assert_vectors(index: VectorIndex, ids: Sequence[str], expected: Vectors) -> None:
    """Fail if an index gives other vectors than it was given, beyond its tolerance."""
    off = np.linalg.norm(index.vectors_of(ids) - expected, axis=1)
    assert off.max(initial=0.0) <= tolerance_of(index)


def assert_hits(
    index: VectorIndex,
    found: Sequence[Sequence[Hit]],
    expected: Sequence[Sequence[tuple[str, float]]],
) -> None:
    """Fail if answers are not those expected, beyond the tolerance of the index.

    If each similarity is off by at most so much, so is the one at each place of a sorted list.
    """
    tolerance = tolerance_of(index)
    if not tolerance:
        assert found == expected
    assert len(found) == len(expected)
    for hits, wanted in zip(found, expected, strict=True):
        assert len(hits) == len(wanted)
        assert list(hits) == sorted(hits, key=lambda hit: (-hit.similarity, hit.id))
        assert len({hit.id for hit in hits}) == len(hits)
        at_place = zip(hits, wanted, strict=True)
        assert all(abs(hit.similarity - right[1]) <= tolerance for hit, right in at_place)
        known = dict(wanted)
        assert all(abs(known[name] - near) <= tolerance for name, near in hits if name in known)
