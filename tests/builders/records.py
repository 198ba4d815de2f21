"""Records of every kind, with what is derived from them."""

import datetime
from hashlib import sha256

import numpy as np

from service.domain.credential import Credential, Provider
from service.domain.ids import CredentialId, JobId, LearnerId, OccupationId, SkillId
from service.domain.job import Job, Occupation
from service.domain.learner import Learner
from service.domain.record import DerivedRecord, Kind, Record, Vector
from service.domain.skill import (
    EvidenceClass,
    Importance,
    LinkMethod,
    LinkSource,
    Skill,
    SkillLink,
    Span,
)
from service.storage.codec import content_hash

DIM = 8


def a_skill(id: str = "skill:welding", label: str = "weld pipes") -> Skill:
    return Skill(id=SkillId(id), preferred_label=label, alt_labels=("pipe welding",))


def a_credential(id: str = "cred-1", name: str = "Welding Basics") -> Credential:
    return Credential(id=CredentialId(id), name=name, provider=Provider(name="Harbor College"))


def a_learner(id: str = "ada", text: str = "I weld at the shipyard.") -> Learner:
    return Learner(id=LearnerId(id), text=text)


def a_job(id: str = "job-1", title: str = "Welder") -> Job:
    return Job(id=JobId(id), title=title)


def an_occupation(id: str = "onet:51-4121.00", title: str = "Welders") -> Occupation:
    return Occupation(id=OccupationId(id), title=title, alt_titles=("Pipe Welders",))


def one_of_each_kind() -> dict[Kind, Record]:
    return {
        Kind.CREDENTIAL: a_credential(),
        Kind.LEARNER: a_learner(),
        Kind.JOB: a_job(),
        Kind.SKILL: a_skill(),
        Kind.OCCUPATION: an_occupation(),
    }


def a_link(
    skill: str = "skill:welding", *, weight: float = 0.5, confidence: float = 0.75
) -> SkillLink:
    return SkillLink(
        skill=SkillId(skill),
        weight=weight,
        source=LinkSource.INFERRED,
        method=LinkMethod.VECTOR,
        confidence=confidence,
        field="text",
        text="weld",
        span=Span(2, 6),
    )


def a_full_link(skill: str = "skill:welding") -> SkillLink:
    return SkillLink(
        skill=SkillId(skill),
        weight=1.0,
        source=LinkSource.STATED,
        method=LinkMethod.LABEL,
        confidence=1.0,
        field="skills.0.name",
        text="Welding",
        importance=Importance.PREFERRED,
        level=4,
        evidence=EvidenceClass.GRADED,
        date=datetime.date(2025, 2, 28),
        issuer="Harbor College",
    )


def a_vector(seed: int = 0, *, dim: int = DIM) -> Vector:
    drawn = np.random.default_rng(seed).standard_normal(dim).astype(np.float32)
    vector: Vector = drawn / np.linalg.norm(drawn)
    return vector


def derived(record: Record, *links: SkillLink, vector: Vector | None = None) -> DerivedRecord:
    return DerivedRecord(
        record=record,
        content_hash=content_hash(record),
        text_hash=sha256(record.id.encode()).hexdigest(),
        vector=a_vector() if vector is None else vector,
        links=links,
    )


def numbered_skills(count: int, *, start: int = 0) -> list[DerivedRecord]:
    """Name ids whose order as text is that of their numbers."""
    return [
        derived(a_skill(f"skill:{number:06d}", f"skill {number}"))
        for number in range(start, start + count)
    ]
