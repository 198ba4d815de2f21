"""Skills, and the links by which records refer to them."""

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from service.domain.ids import SkillId, check_id
from service.errors import InvalidRecord


class SkillType(StrEnum):
    """What sort of ability a skill is."""

    SKILL = "skill"
    KNOWLEDGE = "knowledge"
    TECHNOLOGY = "technology"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill:
    """One word of the vocabulary that all records share.

    Attributes:
        framework: where it comes from, such as ``ESCO``.
        soft: whether it serves in every line of work (ESCO calls it transversal).
        same_as: the skill that this one is another name of; links go there.
    """

    id: SkillId
    preferred_label: str
    alt_labels: tuple[str, ...] = ()
    description: str | None = None
    type: SkillType | None = None
    framework: str | None = None
    uri: str | None = None
    broader: tuple[SkillId, ...] = ()
    soft: bool = False
    same_as: SkillId | None = None

    def __post_init__(self) -> None:
        check_id(self.id)
        if not self.preferred_label.strip():
            raise InvalidRecord("a skill needs a label.", field="preferred_label")


class Importance(StrEnum):
    """How much a job needs a skill."""

    REQUIRED = "required"
    PREFERRED = "preferred"


class EvidenceClass(StrEnum):
    """What shows that a learner has a skill, strongest first."""

    VERIFIED = "verified"
    ISSUED = "issued"
    GRADED = "graded"
    RUBRIC = "rubric"
    ENDORSED = "endorsed"
    EXPERIENCE = "experience"
    SELF_STATED = "self_stated"


LEVELS = range(1, 6)


def check_level(level: int | None) -> None:
    """Raise ``InvalidRecord`` unless the level is unknown or in 1 to 5 (5 is an expert's)."""
    if level is not None and level not in LEVELS:
        raise InvalidRecord(f"{level} is not a level from 1 to 5.", field="level")


def check_weight(weight: float | None) -> None:
    """Raise ``InvalidRecord`` unless the weight is unknown or in [0, 1]."""
    if weight is not None and not 0 <= weight <= 1:
        raise InvalidRecord(f"{weight} is not a weight from 0 to 1.", field="weight")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedSkill:
    """A skill as a record states it: by id or by name, with what is said about it.

    Which of the further facts may stand depends on the record: ``weight`` and ``level`` on
    credentials and jobs, ``importance`` on jobs, ``evidence``, ``date`` and ``issuer`` on
    learners.
    """

    id: SkillId | None = None
    name: str | None = None
    level: int | None = None
    weight: float | None = None
    importance: Importance | None = None
    evidence: EvidenceClass | None = None
    date: datetime.date | None = None
    issuer: str | None = None

    def __post_init__(self) -> None:
        if self.id is None and not (self.name or "").strip():
            raise InvalidRecord("a skill needs an id or a name.", field="name")
        if self.id is not None:
            check_id(self.id)
        check_level(self.level)
        check_weight(self.weight)


class Span(NamedTuple):
    """Where in a field's text something stands: characters ``start`` to ``end``, end excluded."""

    start: int
    end: int


class LinkSource(StrEnum):
    """Whether a record says that it has a skill, or its text suggests it."""

    STATED = "stated"
    INFERRED = "inferred"


class LinkMethod(StrEnum):
    """How the words of a record were recognized as a skill."""

    ID = "id"
    LABEL = "label"
    VECTOR = "vector"
    OCCUPATION = "occupation"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillLink:
    """One record's link to one skill, and why it is believed.

    Attributes:
        weight: how much of the record the skill is, in [0, 1].
        confidence: the probability that the link is right, in [0, 1]; 1 for an id or a label
            that the record itself states.
        field: the field that it comes from, as a dotted path such as ``courses.0.name``.
        text: the words there that were recognized.
        span: where these words stand in the field; none for a whole value.
    """

    skill: SkillId
    weight: float
    source: LinkSource
    method: LinkMethod
    confidence: float
    field: str
    text: str
    span: Span | None = None
    importance: Importance | None = None
    level: int | None = None
    evidence: EvidenceClass | None = None
    date: datetime.date | None = None
    issuer: str | None = None
