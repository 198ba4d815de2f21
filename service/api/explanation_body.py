"""The question why, and what if: its body, and the way from it to ``answers``."""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, model_validator

from service.answers import ExplainQuestion, ProfileChange, WhatIf
from service.api.asking import Asking
from service.api.conditions import STRICT, fault
from service.api.questions import Goal, Keep, LearnerRef, StoredRef, learner_of
from service.domain.ids import CredentialId, EmployerId, JobId
from service.domain.learner import Learner
from service.intake import LearnerSkillBody, SkillRefBody

MAX_CHANGES = 100


def _or_text(field: str) -> Callable[[Any], Any]:
    """Return what reads a bare string as an object with the field alone."""
    return lambda value: {field: value} if isinstance(value, str) else value


AddedSkill = Annotated[LearnerSkillBody, BeforeValidator(_or_text("name"), LearnerSkillBody | str)]
RemovedSkill = Annotated[SkillRefBody, BeforeValidator(_or_text("name"), SkillRefBody | str)]
RefOrId = Annotated[StoredRef, BeforeValidator(_or_text("id"), StoredRef | str)]


class AddBody(BaseModel):
    """What a learner would have besides."""

    model_config = STRICT

    skills: tuple[AddedSkill, ...] = Field(
        default=(),
        max_length=MAX_CHANGES,
        description="Skills by name or as in the native form; `self_stated` without `evidence`.",
    )
    credentials: tuple[RefOrId, ...] = Field(
        default=(),
        max_length=MAX_CHANGES,
        description="Credentials of the store, by id; as awarded today.",
    )

    def to_domain(self) -> ProfileChange:
        """Return the domain's value."""
        return ProfileChange(
            skills=tuple(each.to_domain() for each in self.skills),
            credentials=tuple(CredentialId(each.id) for each in self.credentials),
        )


class RemoveBody(BaseModel):
    """What a learner would not have."""

    model_config = STRICT

    skills: tuple[RemovedSkill, ...] = Field(
        default=(),
        max_length=MAX_CHANGES,
        description="Skills that the evidence shows, by name or id; all their evidence goes.",
    )
    credentials: tuple[RefOrId, ...] = Field(
        default=(), max_length=MAX_CHANGES, description="Credentials that are held, by id."
    )

    def to_domain(self) -> ProfileChange:
        """Return the domain's value."""
        return ProfileChange(
            skills=tuple(each.to_domain() for each in self.skills),
            credentials=tuple(CredentialId(each.id) for each in self.credentials),
        )


class WhatIfBody(BaseModel):
    """How the learner would be other than they are; one change or more."""

    model_config = STRICT

    add: AddBody = Field(default_factory=AddBody, description="What would be there besides.")
    remove: RemoveBody = Field(default_factory=RemoveBody, description="What would not be there.")

    @model_validator(mode="after")
    def _changes_something(self) -> "WhatIfBody":
        if (self.add, self.remove) == (AddBody(), RemoveBody()):
            raise fault("changes nothing; add or remove skills or credentials.")
        return self

    def to_domain(self) -> WhatIf:
        """Return the domain's value."""
        return WhatIf(add=self.add.to_domain(), remove=self.remove.to_domain())


class ExplainBody(BaseModel):
    """Why does one credential, or one job, have its score for one learner?"""

    model_config = STRICT

    learner: LearnerRef
    credential: RefOrId | None = Field(
        default=None, description="A credential of the store, by id; this or `job`."
    )
    job: RefOrId | None = Field(
        default=None, description="A job of the store, by id; this or `credential`."
    )
    goal: Goal | None = Field(
        default=None,
        description="Where to go; the learner's own goal if absent. It goes with `credential`.",
    )
    what_if: WhatIfBody | None = Field(
        default=None, description="What would change the learner; the answer has both scores."
    )
    keep: Keep = False

    def question(self, asking: Asking) -> ExplainQuestion:
        """Return the question; blocking, since a stored learner is read.

        Raises:
            NotFound: if the learner is not in the store.
            InvalidQuestion: if not just one of credential and job is named.
        """
        return self.question_about(learner_of(asking, self.learner))

    def question_about(
        self, learner: Learner, *, party: EmployerId | None = None
    ) -> ExplainQuestion:
        """Return the question about a learner, as an employer asks it if one does.

        Raises:
            InvalidQuestion: if not just one of credential and job is named, or an employer asks
                for more than how a learner fits a job.
        """
        return ExplainQuestion(
            learner=learner,
            stored=isinstance(self.learner, StoredRef),
            credential=CredentialId(self.credential.id) if self.credential else None,
            job=JobId(self.job.id) if self.job else None,
            goal=self.goal.to_domain() if self.goal else None,
            what_if=self.what_if.to_domain() if self.what_if else None,
            keep=self.keep,
            party=party,
        )
