"""Questions in: the bodies of the routes that answer, and the way from them to ``answers``."""

from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Strict,
    Tag,
)

from service.answers import (
    CandidatesQuestion,
    Explain,
    JobsQuestion,
    RecommendQuestion,
    UnknownMode,
)
from service.api.asking import Asking
from service.api.bodies import INLINE_TAG, STORED_TAG
from service.api.conditions import STRICT, FilterBody, fault
from service.api.wanted import DiversifyBody, WeightsBody
from service.domain.condition import ConditionField
from service.domain.ids import CredentialId, check_id
from service.domain.job import Job
from service.domain.learner import Learner
from service.errors import InvalidRecord
from service.intake import GoalBody, JobBody, LearnerBody, Name

INLINE_ID = "inline"
MAX_TEXT = 100_000
LEARNER_PROFILE = ("text", "skills", "credentials", "courses", "experience", "goal")


def checked_id(value: str) -> str:
    """Return an id as it is; a fault of the body if it is none."""
    try:
        return check_id(value)
    except InvalidRecord as error:
        raise fault(error.reason) from None


class StoredRef(BaseModel):
    """A record of the store, by its id."""

    model_config = STRICT

    id: Annotated[str, AfterValidator(checked_id)] = Field(description="The record's id.")


class InlineLearner(LearnerBody):
    """A learner who is not in the store; nothing is kept but a hash, unless `keep` says so."""

    # So that the schema, too, tells it from a reference, which has an id alone.
    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": [name]} for name in LEARNER_PROFILE]}
    )

    id: str = Field(default=INLINE_ID, description="Any id; `inline` if absent.")


class InlineJob(JobBody):
    """A job that is not in the store; nothing is kept but a hash, unless `keep` says so.

    Skills alone will do, in place of a title: then nothing else is asked for.
    """

    # So that the schema, too, tells it from a reference, which has an id alone.
    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": ["title"]}, {"required": ["skills"]}]}
    )

    id: str = Field(default=INLINE_ID, description="Any id; `inline` if absent.")
    title: Name | None = Field(  # type: ignore[assignment]  # wider than a kept job's, on purpose
        default=None, description="The job's title; may be absent where there are skills."
    )

    @property
    def is_list(self) -> bool:
        """Whether it is a bare list of skills."""
        return self.title is None and self.text is None and self.occupation is None

    def to_domain(self) -> Job:
        """Return the domain's record; a job without a title goes by its skills.

        Raises:
            InvalidRecord: if it has neither.
        """
        known = self.known_fields()
        named = "; ".join(skill.name or skill.id or "" for skill in self.skills)
        if not self.title and not named:
            raise InvalidRecord("is missing; give the job a title, or skills.", field="title")
        return Job(**{"title": named, **known})


def _form(value: Any) -> str:
    """Return which form of a record was sent: nothing but an id stands for a stored one."""
    stored = isinstance(value, StoredRef) or (isinstance(value, dict) and value.keys() == {"id"})
    return STORED_TAG if stored else INLINE_TAG


LearnerRef = Annotated[
    Annotated[InlineLearner, Tag(INLINE_TAG)] | Annotated[StoredRef, Tag(STORED_TAG)],
    Discriminator(_form),
    Field(description="A learner of the store, by `id` alone, or an inline record."),
]
JobRef = Annotated[
    Annotated[InlineJob, Tag(INLINE_TAG)] | Annotated[StoredRef, Tag(STORED_TAG)],
    Discriminator(_form),
    Field(description="A job of the store, by `id` alone, or an inline record."),
]
Goal = Annotated[
    GoalBody,
    BeforeValidator(
        lambda value: {"text": value} if isinstance(value, str) else value, GoalBody | str
    ),
]
Limit = Annotated[int, Strict(), Field(ge=1, le=100, description="At most so many items.")]
Threshold = Annotated[
    float,
    Strict(),
    Field(ge=0, le=100, allow_inf_nan=False, description="The lowest score that is answered."),
]
Flag = Annotated[bool, Strict()]
Ids = Annotated[tuple[Annotated[str, AfterValidator(checked_id)], ...], Field(max_length=100)]
Keep = Annotated[
    Flag,
    Field(
        description="Whether an inline record may be kept in the decision log, so that the answer "
        "can be computed again; if not, only its hash is."
    ),
]


class RecommendBody(BaseModel):
    """Which microcredential next?"""

    model_config = STRICT

    learner: LearnerRef
    goal: Goal | None = Field(
        default=None,
        description="Where to go: free text or an object; the learner's own goal if absent.",
    )
    filter: FilterBody | None = Field(
        default=None,
        description="Hard constraints, in place of the learner's own.",
    )
    limit: Limit = 10
    threshold: Threshold = 0.0
    unknown: UnknownMode = Field(
        default=UnknownMode.APART,
        description="Whether credentials of which a constraint is unknown come apart.",
    )
    exclude_completed: Flag = Field(
        default=True, description="Whether what the learner holds is left out."
    )
    weights: WeightsBody | None = Field(
        default=None, description="How much each component counts; the defaults if absent."
    )
    pinned: Ids = Field(
        default=(), description="Credentials that come first, in this order, whatever they add."
    )
    exclude: Ids = Field(default=(), description="Credentials that never come.")
    diversify: DiversifyBody | None = Field(
        default=None, description="At most so many items of one group."
    )
    relax: tuple[ConditionField, ...] = Field(
        default=(),
        max_length=len(ConditionField),
        description="Constraints to give up, in this order, while fewer than `limit` qualify.",
    )
    explain: Explain = Field(
        default=Explain.SHORT, description="`full` also says which jobs each item unlocks."
    )
    unlocks: Flag = Field(
        default=False, description="Whether each item says which jobs it unlocks."
    )
    keep: Keep = False

    def question(self, asking: Asking) -> RecommendQuestion:
        """Return the question; blocking, since a stored learner is read.

        Raises:
            NotFound: if the learner is not in the store.
            InvalidQuestion: if anybody at all asks, and something is to be kept.
        """
        return RecommendQuestion(
            learner=learner_of(asking, self.learner),
            stored=isinstance(self.learner, StoredRef),
            goal=self.goal.to_domain() if self.goal else None,
            conditions=self.filter.to_domain() if self.filter else None,
            limit=self.limit,
            threshold=self.threshold,
            unknown=self.unknown,
            exclude_completed=self.exclude_completed,
            weights=self.weights.to_domain() if self.weights else None,
            pinned=tuple(CredentialId(each) for each in self.pinned),
            exclude=tuple(CredentialId(each) for each in self.exclude),
            diversify=self.diversify.to_domain() if self.diversify else None,
            relax=self.relax,
            explain=self.explain,
            unlocks=self.unlocks,
            keep=self.keep,
            anonymous=asking.principal.is_anonymous,
        )


class CandidatesBody(BaseModel):
    """Who is qualified for a job?"""

    model_config = STRICT

    job: JobRef
    limit: Limit = 10
    threshold: Threshold = 0.0
    near_misses: Flag = Field(
        default=False, description="Whether those who lack a required skill are listed apart."
    )
    one_credential_away: Flag = Field(
        default=False,
        description="The same, each with the one credential that would close what is missing.",
    )
    keep: Keep = False

    def question(self, asking: Asking) -> CandidatesQuestion:
        """Return the question; blocking, since a stored job is read.

        Raises:
            NotFound: if the job is not in the store.
        """
        return CandidatesQuestion(
            job=job_of(asking, self.job),
            stored=isinstance(self.job, StoredRef),
            limit=self.limit,
            threshold=self.threshold,
            near_misses=self.near_misses,
            one_credential_away=self.one_credential_away,
            listed_only=isinstance(self.job, InlineJob) and self.job.is_list,
            keep=self.keep,
        )


class JobsBody(BaseModel):
    """Which jobs fit a learner?"""

    model_config = STRICT

    learner: LearnerRef
    limit: Limit = 10
    threshold: Threshold = 0.0
    near_misses: Flag = Field(
        default=False, description="Whether jobs that ask for a skill not shown are listed apart."
    )
    one_credential_away: Flag = Field(
        default=False,
        description="The same, each with the one credential that would close what is missing.",
    )
    keep: Keep = False

    def question(self, asking: Asking) -> JobsQuestion:
        """Return the question; blocking, since a stored learner is read.

        Raises:
            NotFound: if the learner is not in the store.
        """
        return JobsQuestion(
            learner=learner_of(asking, self.learner),
            stored=isinstance(self.learner, StoredRef),
            limit=self.limit,
            threshold=self.threshold,
            near_misses=self.near_misses,
            one_credential_away=self.one_credential_away,
            keep=self.keep,
        )


class ExtractBody(BaseModel):
    """Which skills does a text name or suggest?"""

    model_config = STRICT

    text: Annotated[str, Strict()] = Field(
        min_length=1, max_length=MAX_TEXT, description="The text."
    )
    limit: Limit = 20


class GapBody(BaseModel):
    """What does a goal ask for that a learner cannot show?"""

    model_config = STRICT

    learner: LearnerRef
    goal: Goal | None = Field(
        default=None, description="Where to go; the learner's own goal if absent."
    )


def learner_of(asking: Asking, given: InlineLearner | StoredRef) -> Learner:
    """Return the learner that a request is about; blocking."""
    return given.to_domain() if isinstance(given, InlineLearner) else asking.learner(given.id)


def job_of(asking: Asking, given: InlineJob | StoredRef) -> Job:
    """Return the job that a request is about; blocking."""
    return given.to_domain() if isinstance(given, InlineJob) else asking.job(given.id)
