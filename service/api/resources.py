"""The resources: what is kept under which path."""

from typing import NamedTuple

from service.domain.record import Kind
from service.intake import CredentialBody, JobBody, LearnerBody, RecordBody, SkillBody


class Resource(NamedTuple):
    """One kind of record, its path and its native form."""

    kind: Kind
    plural: str
    body: type[RecordBody]


RESOURCES = (
    Resource(Kind.CREDENTIAL, "credentials", CredentialBody),
    Resource(Kind.LEARNER, "learners", LearnerBody),
    Resource(Kind.JOB, "jobs", JobBody),
    Resource(Kind.SKILL, "skills", SkillBody),
)
