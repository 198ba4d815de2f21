"""What calibration is fitted on: the nearest skills of texts, and which of them are right."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Numbers = NDArray[np.float64]
IsRight = Callable[[int, int], bool]

# As many rows of similarities to all skills as fit into some 60 MB.
_AT_ONCE: Final = 1_024
_ITSELF: Final = -2.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Neighbors:
    """The nearest skills of some texts, a row for each.

    Attributes:
        texts: the number of the text that a row is of.
        similarities: cosine of the text and the skill.
        margins: how much nearer the skill is than the next one; at least 0.
        ranks: 0 for the nearest skill of a text, 1 for the next one.
        right: 1 where the skill is right for the text, else 0.
        weights: how much a row counts; 1 on average.
        parts: the data set that the text is of.
    """

    texts: NDArray[np.int64]
    similarities: Numbers
    margins: Numbers
    ranks: NDArray[np.int64]
    right: Numbers
    weights: Numbers
    parts: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.texts)

    def only(self, rows: NDArray[np.bool_]) -> "Neighbors":
        """Return some of the rows."""
        columns: dict[str, Any] = {
            each.name: getattr(self, each.name)[rows] for each in fields(self)
        }
        return Neighbors(**columns)

    def of(self, parts: Collection[str]) -> "Neighbors":
        """Return the rows of some data sets, which count alike."""
        found = self.only(np.isin(self.parts, list(parts)))
        found.weights[:] = 1.0
        return found


def neighbors_of(
    queries: Vectors,
    skills: Vectors,
    is_right: IsRight,
    *,
    count: int,
    parts: Sequence[str],
    itself: Sequence[int] | None = None,
) -> Neighbors:
    """Return the ``count`` nearest skills of each text.

    Args:
        queries: the texts' vectors.
        skills: the vectors of all skills.
        is_right: tells of the number of a text and that of a skill whether they belong together.
        count: how many of each text; one skill more is looked at for the last margin.
        parts: the data set of each text.
        itself: the number of the skill that each text is, which is no neighbor of its own.
    """
    columns, values = _nearest(queries, skills, count + 1, itself)
    texts = np.repeat(np.arange(len(queries)), count)
    found = columns[:, :count].ravel()
    right = [is_right(int(text), int(skill)) for text, skill in zip(texts, found, strict=True)]
    return Neighbors(
        texts=texts,
        similarities=values[:, :count].ravel(),
        margins=(values[:, :count] - values[:, 1:]).ravel(),
        ranks=np.tile(np.arange(count), len(queries)),
        right=np.array(right, np.float64),
        weights=np.ones(len(texts)),
        parts=np.repeat(np.array(parts, np.str_), count),
    )


def _nearest(
    queries: Vectors, skills: Vectors, count: int, itself: Sequence[int] | None
) -> tuple[NDArray[np.int64], Numbers]:
    columns = np.empty((len(queries), count), np.int64)
    values = np.empty((len(queries), count), np.float64)
    for start in range(0, len(queries), _AT_ONCE):
        rows = slice(start, start + _AT_ONCE)
        similarities = queries[rows] @ skills.T
        if itself is not None:
            similarities[np.arange(len(similarities)), itself[rows]] = _ITSELF
        nearest = np.argpartition(-similarities, count - 1, axis=1)[:, :count]
        near = np.take_along_axis(similarities, nearest, axis=1)
        # Ties are broken by number, so that the same question always has the same answer.
        order = np.lexsort((nearest, -near), axis=1)
        columns[rows] = np.take_along_axis(nearest, order, axis=1)
        values[rows] = np.take_along_axis(near, order, axis=1)
    return columns, values
