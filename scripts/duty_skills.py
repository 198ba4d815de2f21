"""Which skills the duties of an occupation call for: by vectors, by words, by their number."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scripts.cached_encoder import Encoder
from scripts.occupation_phrases import Duty
from scripts.skill_words import OTHER_ROLE, LabelWords, stems
from service.domain.job import Occupation

# Cosines between a phrase and a skill: nothing below the first, certain from the second.
SIMILARITY_RANGE = (0.40, 0.85)
# The same between an occupation as a whole and a skill that no single duty names.
WHOLE_RANGE = (0.35, 0.75)
# And what says that a skill found in one duty belongs to this line of work.
CONTEXT_RANGE = (0.10, 0.50)
CONTEXT_SHARE = 0.5
# Titles tell the line of work better than the mean of all tasks.
TITLES_SHARE = 0.7
NEAREST_OF_PHRASE = 15
NEAREST_OF_OCCUPATION = 20
WHOLE_WEIGHT = 0.6
# No single duty makes a skill certain.
MOST_OF_A_DUTY = 0.9
ROWS_AT_ONCE = 512

Vectors = NDArray[np.float32]


class _Near(NamedTuple):
    rows: NDArray[np.int64]
    similarities: Vectors


class DutySkills:
    """Scores skills for occupations by what their duties say.

    Args:
        labels: the labels of the skills that may be required.
        vectors: their vectors, ``(len(labels), dim)``.
    """

    def __init__(self, labels: Sequence[str], vectors: Vectors, encoder: Encoder) -> None:
        self._words = LabelWords(labels)
        self._vectors = vectors
        self._encoder = encoder

    def score(
        self, occupations: Sequence[Occupation], duties: dict[str, list[Duty]]
    ) -> list[dict[int, float]]:
        """Return for each occupation the scores, in (0, 1], of skills by their row."""
        phrases = sorted(
            {phrase.text for own in duties.values() for each in own for phrase in each}
        )
        vectors = self._encoder.encode(phrases)
        row_of = {text: row for row, text in enumerate(phrases)}
        near = self._nearest(vectors)
        words = [frozenset(stems(text)) for text in phrases]
        context = self._contexts(occupations, duties, vectors, row_of) @ self._vectors.T
        scores = []
        for occupation, likeness in zip(occupations, context, strict=True):
            chance = _Chances()
            heard: set[str] = set(stems(" ".join(occupation.alt_titles)))
            for duty in duties[occupation.code or ""]:
                rows = [(row_of[phrase.text], phrase.weight) for phrase in duty]
                heard.update(*(words[row] for row, _ in rows))
                chance.add(self._of_duty(rows, near, words))
            chance.add(self._of_whole(likeness))
            scores.append(
                {
                    row: value * self._words.heard(row, heard) * _in_context(likeness[row])
                    for row, value in chance.values().items()
                }
            )
        return scores

    def _nearest(self, vectors: Vectors) -> list[_Near]:
        found: list[_Near] = []
        for start in range(0, len(vectors), ROWS_AT_ONCE):
            similarities = vectors[start : start + ROWS_AT_ONCE] @ self._vectors.T
            rows = np.argpartition(-similarities, NEAREST_OF_PHRASE, axis=1)[:, :NEAREST_OF_PHRASE]
            values = np.take_along_axis(similarities, rows, axis=1)
            found += map(_Near, rows, values)
        return found

    def _contexts(
        self,
        occupations: Sequence[Occupation],
        duties: dict[str, list[Duty]],
        vectors: Vectors,
        row_of: dict[str, int],
    ) -> Vectors:
        titles = sorted({title for each in occupations for title in (each.title, *each.alt_titles)})
        title_vectors = dict(zip(titles, self._encoder.encode(titles), strict=True))
        contexts = []
        for each in occupations:
            names = np.mean([title_vectors[t] for t in (each.title, *each.alt_titles)], axis=0)
            tasks = [vectors[row_of[duty[0].text]] for duty in duties[each.code or ""]]
            contexts.append(
                TITLES_SHARE * _unit(names) + (1 - TITLES_SHARE) * _unit(np.mean(tasks, axis=0))
            )
        return np.stack([_unit(context) for context in contexts])

    def _of_duty(
        self,
        rows: Sequence[tuple[int, float]],
        near: Sequence[_Near],
        words: Sequence[frozenset[str]],
    ) -> dict[int, float]:
        best: dict[int, float] = {}
        for row, weight in rows:
            for skill, similarity in zip(*(part.tolist() for part in near[row]), strict=True):
                role = self._words.role_factor(skill, words[row])
                value = weight * role * _ramp(similarity, SIMILARITY_RANGE)
                best[skill] = max(value, best.get(skill, 0.0))
        return best

    def _of_whole(self, likeness: Vectors) -> dict[int, float]:
        rows = np.argpartition(-likeness, NEAREST_OF_OCCUPATION)[:NEAREST_OF_OCCUPATION]
        return {
            row: WHOLE_WEIGHT
            * (OTHER_ROLE if self._words.has_role(row) else 1.0)
            * _ramp(float(likeness[row]), WHOLE_RANGE)
            for row in rows.tolist()
        }


class _Chances:
    """Adds up independent reasons to believe in a skill: a noisy or."""

    def __init__(self) -> None:
        self._missing: dict[int, float] = defaultdict(lambda: 1.0)

    def add(self, reasons: dict[int, float]) -> None:
        for row, value in reasons.items():
            self._missing[row] *= 1 - MOST_OF_A_DUTY * value

    def values(self) -> dict[int, float]:
        return {row: 1 - missing for row, missing in self._missing.items() if missing < 1}


def _in_context(likeness: float) -> float:
    return 1 - CONTEXT_SHARE + CONTEXT_SHARE * _ramp(float(likeness), CONTEXT_RANGE)


def _ramp(value: float, between: tuple[float, float]) -> float:
    low, high = between
    return min(1.0, max(0.0, (value - low) / (high - low)))


def _unit(vector: Vectors) -> Vectors:
    unit: Vectors = vector / np.linalg.norm(vector)
    return unit
