"""Study time: how many hours and calendar weeks a credential takes a learner.

One credential at a time, so that a start and an end can be promised. What is not self-paced takes
the weeks that it says, and asks for its hours in each of them. Self-paced, a learner's own hours a
week set the pace. Nothing is guessed: a length that cannot be worked out is unknown.
"""

from dataclasses import dataclass

from service.domain.condition import ConditionField
from service.domain.credential import Credential, Pacing
from service.domain.pathway import PathwayLimits
from service.domain.quantities import Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyTime:
    """What a credential takes of one learner's time; ``None`` is unknown.

    Attributes:
        weeks: calendar weeks.
        hours: hours of work in all.
        hours_per_week: hours of work in each of the weeks.
    """

    weeks: float | None
    hours: float | None
    hours_per_week: float | None


def study_time(credential: Credential, limits: PathwayLimits) -> StudyTime:
    """Return what a credential takes of a learner's time."""
    duration = credential.duration
    hours = effort(duration)
    own = limits.hours_per_week
    no_weeks = duration.weeks is None and duration.hours_per_week is None
    if hours is not None and own and (credential.pacing is Pacing.SELF_PACED or no_weeks):
        return StudyTime(weeks=hours / own, hours=hours, hours_per_week=own)
    return StudyTime(weeks=_weeks(duration), hours=hours, hours_per_week=_load(duration))


def effort(duration: Duration) -> float | None:
    """Return the hours of work in all: as stated, or weeks times hours in a week."""
    if duration.effort_hours is not None:
        return duration.effort_hours
    if duration.weeks is None or duration.hours_per_week is None:
        return None
    return duration.weeks * duration.hours_per_week


def unknown_times(time: StudyTime, limits: PathwayLimits) -> tuple[str, ...]:
    """Return the fields without which it cannot be told whether the limits are kept."""
    missing = []
    if limits.weeks is not None and time.weeks is None:
        missing.append(ConditionField.WEEKS.value)
    if limits.hours_per_week is not None and time.hours_per_week is None:
        missing.append(ConditionField.HOURS_PER_WEEK.value)
    return tuple(missing)


def exceeds(time: StudyTime, limits: PathwayLimits) -> bool:
    """Tell whether a credential alone takes more weeks, or more hours a week, than there are."""
    too_long = _over(time.weeks, limits.weeks)
    return too_long or _over(time.hours_per_week, limits.hours_per_week)


def _over(value: float | None, limit: float | None) -> bool:
    return value is not None and limit is not None and value > limit


def _weeks(duration: Duration) -> float | None:
    if duration.weeks is not None:
        return duration.weeks
    if duration.effort_hours is None or not duration.hours_per_week:
        return None
    return duration.effort_hours / duration.hours_per_week


def _load(duration: Duration) -> float | None:
    if duration.hours_per_week is not None:
        return duration.hours_per_week
    if duration.effort_hours is None or not duration.weeks:
        return None
    return duration.effort_hours / duration.weeks
