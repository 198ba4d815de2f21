"""Job to candidates: an O*NET occupation as the job, and learners of many occupations."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.matching.gap_metrics import K, ndcg
from benchmarks.matching.learners import made_learner
from service.answers import CandidatesQuestion
from service.domain.ids import DEFAULT_TENANT, JobId, OccupationId, SkillId
from service.domain.job import Job
from service.domain.learner import Learner
from service.errors import JobWithoutRequirements
from service.matching.texts import job_text, learner_text
from service.wiring import Services
from training.baselines import tfidf
from training.encoders import Encode
from training.research.tables import read_table
from training.splits import is_held_out

LEARNERS_OF_EACH: Final = 4
CODE: Final = "O*NET-SOC Code"
# O*NET calls the ten most alike primary (the first five short), and ten more supplemental.
GRADES: Final[Mapping[str, float]] = {"Primary-Short": 0.5, "Primary-Long": 0.25}

Floats = NDArray[np.float64]


class Line(NamedTuple):
    """A held-out line of work: the job that is asked with, and how alike the others are."""

    occupation: OccupationId
    job: Job
    related: dict[OccupationId, float]


class Placed(NamedTuple):
    """A candidate in a list: a row of the learners, and its score in [0, 100]."""

    row: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Jobs and learners; ``of`` says for each learner of which line of work they are."""

    lines: tuple[Line, ...]
    learners: tuple[Learner, ...]
    of: tuple[int, ...]

    def gains(self, asked: int, *, graded: bool) -> Floats:
        """Return what each learner is worth for a job: 1 for its own, less for related ones."""
        line = self.lines[asked]
        worth = [
            1.0 if each == asked else line.related.get(other.occupation, 0.0) * graded
            for each, other in enumerate(self.lines)
        ]
        return np.array(worth)[list(self.of)]


def read_people(data: Path, services: Services, *, most: int | None = None) -> People:
    """Return the held-out occupations with four learners each, and no others of theirs."""
    view = services.tenants.get(DEFAULT_TENANT).view
    lines = [line for line in _lines(data) if view.occupations.links_of(line.occupation)][:most]
    owned = [view.occupations.links_of(line.occupation) for line in lines]

    def label(skill: SkillId) -> str:
        known = view.skills.get(skill)
        return known.preferred_label if known else skill

    learners, of = [], []
    for place, line in enumerate(lines):
        for number in range(LEARNERS_OF_EACH):
            other = owned[(place * 7 + number * 31 + 13) % len(lines)]
            learners.append(
                made_learner(line.occupation, number, own=owned[place], others=other, label=label)
            )
            of.append(place)
    return People(lines=tuple(lines), learners=tuple(learners), of=tuple(of))


def _lines(data: Path) -> list[Line]:
    related: dict[str, dict[OccupationId, float]] = {}
    for row in read_table(data / "onet/related_occupations.tsv.gz"):
        grade = GRADES.get(row["Relatedness Tier"], 0.0)
        other = OccupationId(f"onet:{row['Related O*NET-SOC Code']}")
        related.setdefault(row[CODE], {})[other] = grade
    return [
        Line(
            OccupationId(f"onet:{row[CODE]}"),
            Job(id=JobId("asked"), title=row["Title"], text=row["Description"]),
            related.get(row[CODE], {}),
        )
        for row in read_table(data / "onet/occupation_data.tsv.gz")
        if is_held_out(row[CODE])
    ]


def candidates(
    services: Services, people: People, *, advance: Callable[[], None]
) -> list[list[Placed]]:
    """Return Onramp's first ten candidates for each job."""
    for _ in services.intake.put_many(DEFAULT_TENANT, people.learners):
        pass
    row_of: dict[str, int] = {learner.id: row for row, learner in enumerate(people.learners)}
    lists = []
    for line in people.lines:
        question = CandidatesQuestion(job=line.job, stored=False, limit=K)
        try:
            items = services.answers.candidates(DEFAULT_TENANT, question).items
        except JobWithoutRequirements:
            items = ()
        lists.append([Placed(row_of[item.id], item.score) for item in items])
        advance()
    return lists


def by_texts(people: People, *, ours: Encode, base: Encode) -> dict[str, list[list[int]]]:
    """Return the lists of whole-text search: by our vectors, the base's and by characters."""
    jobs = [job_text(line.job) for line in people.lines]
    texts = [learner_text(learner) for learner in people.learners]
    similarities = {
        "nearest": ours(jobs) @ ours(texts).T,
        "nearest_base": base(jobs) @ base(texts).T,
        "tfidf": tfidf(jobs, texts),
    }
    return {
        name: [np.argsort(-row, kind="stable")[:K].tolist() for row in each]
        for name, each in similarities.items()
    }


def scores(people: People, lists: Sequence[Sequence[int]], *, graded: bool) -> Floats:
    """Return the nDCG@10 of each job's list."""
    return np.array(
        [ndcg(people.gains(asked, graded=graded), rows) for asked, rows in enumerate(lists)]
    )
