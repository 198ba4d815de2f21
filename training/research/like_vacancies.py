"""Pairs by likeness: vacancy titles that nobody tagged, with the skills of titles like them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embeddings import load_encoder
from training.development import Development
from training.research.pair import Pair, Source
from training.research.tables import read_table
from training.research.vacancies import techwolf
from training.research.vocabulary import Vocabulary
from training.splits import text_key

_NEIGHBORS: Final = 100
# How fast the vote of a title fades with its distance; measured on the development part, votes
# and similarity together ranked better (MAP .148) than either alone (.122 and .124).
_FADING: Final = 0.1
_SIMILARITY_WEIGHT: Final = 10.0
_PRIOR_SHARE: Final = 0.05
_SKILLS_OF_TITLE: Final = 30
_ENCODED_BY: Final = 2

Matrix = NDArray[np.float32]


def like_vacancies(data: Path, vocabulary: Vocabulary) -> Iterator[Pair]:
    """Yield vacancy title ↔ skill of the tagged titles like it, as the shipped model sees them.

    The 100 nearest tagged titles vote for their skills, and the similarity of title and skill
    adds to the votes; the best 30 skills are taken, weighted by how near they come to the first.
    """
    # Neither side may know a development row, not even to vote with.
    held_out = Development.read(data)
    tagged = _Tagged.of([pair for pair in techwolf(data, vocabulary) if not held_out.holds(pair)])
    rows = read_table(data / "jobbert-titles/titles.csv.gz")
    known = {*held_out.titles, *map(text_key, tagged.titles), ""}
    titles = sorted(
        title for title in {row["vacancyTitle"] for row in rows} if text_key(title) not in known
    )
    encoder = load_encoder(threads=_ENCODED_BY)
    voters, skills = encoder.encode(tagged.titles), encoder.encode(tagged.skills)
    for number, vector in enumerate(encoder.encode(titles)):
        scores = _votes(vector, voters, tagged.has) + _SIMILARITY_WEIGHT * (skills @ vector)
        best = np.argsort(-scores, kind="stable")[:_SKILLS_OF_TITLE]
        for row, weight in zip(best, np.exp((scores[best] - scores[best[0]]) / 2), strict=True):
            yield Pair(
                titles[number],
                tagged.skills[row],
                Source.LIKE_VACANCY,
                f"like_vacancy:{number}",
                float(weight),
            )


def _votes(vector: Matrix, voters: Matrix, has: Matrix) -> Matrix:
    """Return the logarithm of the share of like titles that have each skill."""
    similarity = voters @ vector
    nearest = np.argsort(-similarity, kind="stable")[:_NEIGHBORS]
    weight = np.exp(similarity[nearest] / _FADING)
    share = weight @ has[nearest] / weight.sum() + _PRIOR_SHARE * has.mean(axis=0)
    votes: Matrix = np.log(share)
    return votes


class _Tagged:
    """Titles with their skills. Shape of ``has``: ``(titles, skills)``, 1 where a title has one."""

    def __init__(self, titles: list[str], skills: list[str], has: Matrix) -> None:
        self.titles, self.skills, self.has = titles, skills, has

    @classmethod
    def of(cls, pairs: list[Pair]) -> "_Tagged":
        pairs = [pair for pair in pairs if pair.anchor.strip() and pair.positive]
        titles = sorted({pair.anchor for pair in pairs})
        skills = sorted({pair.positive for pair in pairs})
        row_of = {title: row for row, title in enumerate(titles)}
        column_of = {skill: column for column, skill in enumerate(skills)}
        has = np.zeros((len(titles), len(skills)), np.float32)
        for pair in pairs:
            has[row_of[pair.anchor], column_of[pair.positive]] = 1
        return cls(titles, skills, has)
