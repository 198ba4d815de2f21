"""The question of a pathway, and the limits that follow from it and from the learner."""

from dataclasses import dataclass, field, replace

from service.domain.condition import (
    ACTIVE,
    NUMERIC_FIELDS,
    Condition,
    ConditionField,
    conditions_of,
)
from service.domain.goal import Goal
from service.domain.ids import CredentialId
from service.domain.learner import Constraints, Learner
from service.domain.pathway import PathwayLimits
from service.errors import InvalidQuestion
from service.matching.planning import DEFAULT_SECONDS

MAX_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PathwayQuestion:
    """Which credentials, in which order, lead to a goal?

    Attributes:
        stored: whether the learner is in the store, so that nothing has to be derived again.
        goal: none for the learner's own goal.
        target: the credential that is the goal, such as a degree; it stands in place of ``goal``.
        conditions: what each credential must be; none for the learner's own constraints.
        limits: what the pathway as a whole may take. Where it names none, and ``conditions`` are
            not given either, the learner's own limits hold.
        seconds: how long a better pathway is sought, in [0, 10].
        keep: whether an inline learner may be kept in the decision log.
    """

    learner: Learner
    stored: bool
    goal: Goal | None = None
    target: CredentialId | None = None
    conditions: tuple[Condition, ...] | None = None
    limits: PathwayLimits = field(default_factory=PathwayLimits)
    seconds: float = DEFAULT_SECONDS
    keep: bool = False

    def __post_init__(self) -> None:
        if self.goal is not None and self.target is not None:
            raise InvalidQuestion(
                "The target credential is the goal; leave out the goal, or it.",
                field="target_credential",
            )
        if not 0 <= self.seconds <= MAX_SECONDS:
            raise InvalidQuestion(
                f"{self.seconds} is not a number of seconds from 0 to {MAX_SECONDS:g}.",
                field="seconds",
            )


def limits_for(question: PathwayQuestion, learner: Learner) -> PathwayLimits:
    """Return the limits of the pathway as a whole: the question's, else the learner's own."""
    asked = question.limits
    own = learner.constraints if question.conditions is None else Constraints()
    return replace(
        asked,
        budget=own.max_cost if asked.budget is None else asked.budget,
        weeks=own.max_weeks if asked.weeks is None else asked.weeks,
        hours_per_week=(
            own.max_hours_per_week if asked.hours_per_week is None else asked.hours_per_week
        ),
    )


def conditions_for(question: PathwayQuestion, learner: Learner) -> tuple[Condition, ...]:
    """Return what each credential must be, and the status rule.

    Of the learner's own constraints not those on cost and time, which hold for the whole.
    """
    given = question.conditions
    if given is None:
        given = each_must_be(learner.constraints)
    about_status = any(each.field is ConditionField.STATUS for each in given)
    return tuple(given) if about_status else (ACTIVE, *given)


def each_must_be(constraints: Constraints) -> tuple[Condition, ...]:
    """Return the constraints that hold for each credential, not for the pathway as a whole."""
    return tuple(each for each in conditions_of(constraints) if each.field not in NUMERIC_FIELDS)
