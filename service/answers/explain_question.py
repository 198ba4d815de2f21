"""The question why, and what if."""

from dataclasses import dataclass, field

from service.domain.goal import Goal
from service.domain.ids import CredentialId, EmployerId, JobId
from service.domain.learner import Learner
from service.domain.skill import StatedSkill
from service.errors import InvalidQuestion


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileChange:
    """Skills and credentials that a learner would have besides, or would not have."""

    skills: tuple[StatedSkill, ...] = ()
    credentials: tuple[CredentialId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """How a learner would be other than they are."""

    add: ProfileChange = field(default_factory=ProfileChange)
    remove: ProfileChange = field(default_factory=ProfileChange)

    def __post_init__(self) -> None:
        if self.add == self.remove == ProfileChange():
            raise InvalidQuestion(
                "nothing is added or removed; name skills or credentials.", field="what_if"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainQuestion:
    """Why this credential, or this job, for this learner? Exactly one of the two.

    Attributes:
        stored: whether the learner is in the store.
        goal: none for the learner's own goal; it goes with a credential.
        keep: whether an inline learner may be kept in the decision log.
        party: the employer who asks, about a learner of the store and a job; none for the
            institution itself.
    """

    learner: Learner
    stored: bool
    credential: CredentialId | None = None
    job: JobId | None = None
    goal: Goal | None = None
    what_if: WhatIf | None = None
    keep: bool = False
    party: EmployerId | None = None

    def __post_init__(self) -> None:
        if self.party is not None:
            self._check_party()
        if (self.credential is None) == (self.job is None):
            raise InvalidQuestion("name either a credential or a job.", field="credential")
        if self.job is not None and self.goal is not None:
            raise InvalidQuestion("it goes with a credential; a job is its own goal.", field="goal")

    def _check_party(self) -> None:
        # What a credential adds is measured by the learner's own goal, which no consent covers.
        if self.credential is not None:
            raise InvalidQuestion("an employer asks about a job.", field="credential")
        if self.what_if is not None:
            raise InvalidQuestion("an employer sees learners as they are.", field="what_if")
