"""Similar items: from some records to others, of the same or of another kind."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from service.answers.desk import Desk
from service.answers.reading import Reader
from service.domain.answer import Versions
from service.domain.credential import Credential
from service.domain.ids import SkillId, TenantId
from service.domain.job import Job, Occupation
from service.domain.record import Kind, StoredRecord, Vector
from service.domain.skill import Skill
from service.errors import InvalidQuestion
from service.indexing.view import NOT_BY_LIKENESS
from service.matching.ports import RecordKey, Vectors
from service.matching.similar import Strategy, rank_similar

FOUND = (Kind.CREDENTIAL, Kind.JOB, Kind.OCCUPATION, Kind.SKILL)
"""What is found by its likeness. Learners are personal data, and never are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarQuestion:
    """What is like these, and unlike those?

    Attributes:
        positive: records of the store; a learner may be among them.
        kind: what is wanted; no learner.
    """

    positive: tuple[RecordKey, ...]
    negative: tuple[RecordKey, ...] = ()
    kind: Kind
    strategy: Strategy = Strategy.AVERAGE_VECTOR
    limit: int = 10

    def __post_init__(self) -> None:
        if self.kind not in FOUND:
            raise InvalidQuestion(NOT_BY_LIKENESS, field="kind")
        if not self.positive:
            raise InvalidQuestion("names no record; name at least one.", field="positive")
        for row, key in enumerate(self.negative):
            if key in self.positive:
                raise InvalidQuestion("is among the positive ones too.", field=f"negative.{row}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarItem:
    """A record that is like the examples.

    Attributes:
        similarity: a cosine in [-1, 1]; with what, the strategy says.
        shared: the skills that it has in common with a positive example, those first that weigh
            most in both.
    """

    kind: Kind
    id: str
    name: str
    similarity: float
    shared: tuple[SkillId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarAnswer:
    """What is like the examples, most alike first, with the labels of the skills."""

    versions: Versions
    items: tuple[SimilarItem, ...]
    labels: dict[SkillId, str]


class Similar:
    """Finds what is like something else. Blocking."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def similar(self, tenant: TenantId, question: SimilarQuestion) -> SimilarAnswer:
        """Return the records most like the examples, which are not among them.

        Raises:
            NotFound: if an example is not in the store.
            InvalidQuestion: if the examples cancel each other out.
        """
        reader = self._desk.reader(tenant)
        positive = [reader.stored(*key) for key in question.positive]
        negative = [reader.stored(*key) for key in question.negative]
        dim = reader.opened.model.encoder.dim
        ranked = rank_similar(
            _vectors([each.vector for each in positive], dim),
            _vectors([each.vector for each in negative], dim),
            question.strategy,
            lambda queries: reader.opened.view.cosines(question.kind, queries),
        )
        examples = {
            key.id for key in (*question.positive, *question.negative) if key.kind is question.kind
        }
        chosen = [each for each in ranked if each[0] not in examples][: question.limit]
        items = _items(reader, question.kind, chosen, positive)
        named = sorted({skill for item in items for skill in item.shared})
        return SimilarAnswer(
            versions=self._desk.versions(tenant, reader),
            items=items,
            labels={skill: reader.label(skill) for skill in named},
        )


def _items(
    reader: Reader,
    kind: Kind,
    chosen: Sequence[tuple[str, float]],
    positive: Sequence[StoredRecord],
) -> tuple[SimilarItem, ...]:
    stored = reader.many(kind, [each for each, _ in chosen])
    known: dict[SkillId, float] = {}
    for skill, weight in (pair for example in positive for pair in _weights_of(example).items()):
        known[skill] = max(weight, known.get(skill, 0.0))
    return tuple(
        SimilarItem(
            kind=kind,
            id=each,
            name=_name_of(stored[each]),
            similarity=similarity,
            shared=_shared(_weights_of(stored[each]), known),
        )
        for each, similarity in chosen
        if each in stored
    )


def _shared(own: dict[SkillId, float], others: dict[SkillId, float]) -> tuple[SkillId, ...]:
    both = own.keys() & others.keys()
    return tuple(sorted(both, key=lambda skill: (-own[skill] * others[skill], skill)))


def _weights_of(stored: StoredRecord) -> dict[SkillId, float]:
    """Return a record's skills with their weights; a skill is its own."""
    if isinstance(stored.record, Skill):
        return {stored.record.same_as or stored.record.id: 1.0}
    weights: dict[SkillId, float] = {}
    for link in stored.links:
        weights[link.skill] = max(link.weight, weights.get(link.skill, 0.0))
    return weights


def _name_of(stored: StoredRecord) -> str:
    match stored.record:
        case Credential(name=name):
            return name
        case Job(title=title) | Occupation(title=title):
            return title
        case Skill(preferred_label=label):
            return label
        case _:
            return stored.record.id


def _vectors(vectors: Sequence[Vector], dim: int) -> Vectors:
    return np.stack(vectors) if vectors else np.empty((0, dim), dtype=np.float32)
