"""The resources: what is kept under which path."""

from typing import NamedTuple

from service.domain.access import Scope
from service.domain.record import Kind
from service.intake import CredentialBody, JobBody, LearnerBody, RecordBody, SkillBody


class Resource(NamedTuple):
    """One kind of record, its path, its native form, and the scopes to read and write it."""

    kind: Kind
    plural: str
    body: type[RecordBody]
    reads: Scope = Scope.CATALOG_READ
    writes: Scope = Scope.CATALOG_WRITE

    @property
    def is_public(self) -> bool:
        """Whether anybody may read one on a page with a publishable key."""
        return self.kind is Kind.CREDENTIAL

    @property
    def is_personal(self) -> bool:
        """Whether one who stands for a learner is one of them."""
        return self.kind is Kind.LEARNER


RESOURCES = (
    Resource(Kind.CREDENTIAL, "credentials", CredentialBody),
    Resource(Kind.LEARNER, "learners", LearnerBody, Scope.LEARNER_READ, Scope.LEARNER_WRITE),
    Resource(Kind.JOB, "jobs", JobBody),
    Resource(Kind.SKILL, "skills", SkillBody),
)
