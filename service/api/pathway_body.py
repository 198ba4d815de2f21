"""The body of a question for a pathway, and the way from it to ``answers``."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, Strict

from service.answers import PathwayQuestion
from service.api.asking import Asking
from service.api.conditions import STRICT, FilterBody, fault
from service.api.questions import Goal, Keep, LearnerRef, StoredRef, learner_of
from service.domain.ids import CredentialId, check_id
from service.domain.pathway import DEFAULT_STEPS, MAX_STEPS, PathwayLimits
from service.errors import InvalidRecord
from service.intake import MoneyBody


def _id(value: str) -> str:
    try:
        return check_id(value)
    except InvalidRecord as error:
        raise fault(error.reason) from None


Amount = Annotated[float, Strict(), Field(ge=0, le=10_000, allow_inf_nan=False)]


class PathwayBody(BaseModel):
    """Which credentials, in which order, lead to a goal?"""

    model_config = STRICT

    learner: LearnerRef
    goal: Goal | None = Field(
        default=None,
        description="Where to go: free text or an object; the learner's own goal if absent.",
    )
    target_credential: Annotated[str, AfterValidator(_id)] | None = Field(
        default=None,
        description="The id of a credential to get to, such as a degree, in place of a goal.",
    )
    filter: FilterBody | None = Field(
        default=None,
        description="What each credential must be, in place of the learner's own constraints.",
    )
    budget: MoneyBody | None = Field(default=None, description="The most that all may cost.")
    weeks: Amount | None = Field(default=None, description="The most calendar weeks in all.")
    hours_per_week: Amount | None = Field(
        default=None, description="The most hours of work in a week."
    )
    max_steps: Annotated[int, Strict(), Field(ge=1, le=MAX_STEPS)] = Field(
        default=DEFAULT_STEPS, description="At most so many credentials are studied."
    )
    seconds: Annotated[float, Strict(), Field(ge=0, le=2, allow_inf_nan=False)] = Field(
        default=0.25, description="How long a better pathway is sought."
    )
    keep: Keep = False

    def question(self, asking: Asking) -> PathwayQuestion:
        """Return the question; blocking, since a stored learner is read.

        Raises:
            NotFound: if the learner is not in the store.
            InvalidQuestion: if there is a goal beside the target credential.
        """
        target = self.target_credential
        return PathwayQuestion(
            learner=learner_of(asking, self.learner),
            stored=isinstance(self.learner, StoredRef),
            goal=self.goal.to_domain() if self.goal else None,
            target=CredentialId(target) if target is not None else None,
            conditions=self.filter.to_domain() if self.filter else None,
            limits=PathwayLimits(
                budget=self.budget.to_domain() if self.budget else None,
                weeks=self.weeks,
                hours_per_week=self.hours_per_week,
                steps=self.max_steps,
            ),
            seconds=self.seconds,
            keep=self.keep,
        )
