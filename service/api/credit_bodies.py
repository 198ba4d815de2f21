"""The bodies of the routes on credit, and the way from them to ``answers``."""

from typing import Annotated, Any

from pydantic import BaseModel, Discriminator, Field, Strict, Tag

from service.answers.credit import CreditQuestion
from service.api.asking import Asking
from service.api.bodies import INLINE_TAG, STORED_TAG
from service.api.conditions import STRICT
from service.api.questions import LearnerRef, learner_of
from service.domain.credit import Degree, PolicyId, Program
from service.domain.ids import ID_PATTERN
from service.intake.credit import AgreementBody, PolicyBody

MAX_AGREEMENTS = 1000


def _form(value: Any) -> str:
    """Return which form of a policy was sent: an object is one that need not be stored."""
    return INLINE_TAG if isinstance(value, dict | PolicyBody) else STORED_TAG


PolicyRef = Annotated[
    Annotated[PolicyBody, Tag(INLINE_TAG)]
    | Annotated[str, Strict(), Field(pattern=ID_PATTERN), Tag(STORED_TAG)],
    Discriminator(_form),
    Field(description="The id of a policy of the store, or an inline policy."),
]


class ProgramRef(BaseModel):
    """The program towards which credit is counted."""

    model_config = STRICT

    policy: PolicyRef
    degree: Degree = Field(description="What the program leads to.")
    name: Annotated[str, Strict(), Field(min_length=1, max_length=1000)] | None = Field(
        default=None, description="The program's name."
    )


class CreditEvaluateBody(BaseModel):
    """What counts towards a degree?"""

    model_config = STRICT

    learner: LearnerRef
    program: ProgramRef | None = Field(
        default=None, description="Towards which; the learner's own program if absent."
    )
    agreements: Annotated[tuple[AgreementBody, ...], Field(max_length=MAX_AGREEMENTS)] | None = (
        Field(default=None, description="Agreements in place of those in the store.")
    )

    def question(self, asking: Asking) -> CreditQuestion:
        """Return the question; blocking, since a stored learner is read.

        Raises:
            NotFound: if the learner is not in the store.
        """
        policy = self.program.policy if self.program else None
        given = self.agreements
        return CreditQuestion(
            learner=learner_of(asking, self.learner),
            program=_program(self.program),
            policy=policy.to_domain() if isinstance(policy, PolicyBody) else None,
            agreements=None if given is None else tuple(each.to_domain() for each in given),
        )


def _program(given: ProgramRef | None) -> Program | None:
    if given is None:
        return None
    policy = given.policy
    policy_id = policy.id if isinstance(policy, PolicyBody) else policy
    return Program(policy=PolicyId(policy_id), degree=given.degree, name=given.name)
