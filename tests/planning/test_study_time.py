"""How long a credential takes one learner; what cannot be worked out is unknown."""

import pytest

from service.domain.credential import Pacing
from service.domain.pathway import PathwayLimits
from service.domain.quantities import Duration
from service.matching.study_time import exceeds, study_time, unknown_times
from tests.builders.worlds import credential

OPEN = PathwayLimits()
TEN = PathwayLimits(hours_per_week=10, weeks=8)


@pytest.mark.parametrize(
    ("duration", "pacing", "limits", "weeks", "hours", "load"),
    [
        (Duration(weeks=6, effort_hours=60), None, OPEN, 6, 60, 10),
        (Duration(weeks=6, hours_per_week=5), None, OPEN, 6, 30, 5),
        (Duration(effort_hours=60, hours_per_week=5), None, OPEN, 12, 60, 5),
        (Duration(effort_hours=60), None, OPEN, None, 60, None),
        (Duration(effort_hours=60), None, TEN, 6, 60, 10),
        (Duration(weeks=6), None, TEN, 6, None, None),
        (Duration(), None, TEN, None, None, None),
        (Duration(weeks=2, effort_hours=60), Pacing.SELF_PACED, TEN, 6, 60, 10),
        (Duration(weeks=12, effort_hours=60), Pacing.SELF_PACED, TEN, 6, 60, 10),
        (Duration(weeks=12, effort_hours=60), Pacing.COHORT, TEN, 12, 60, 5),
        (Duration(weeks=0, effort_hours=3), None, OPEN, 0, 3, None),
    ],
)
def test_time_is_what_is_stated_or_follows_from_it(
    duration: Duration,
    pacing: Pacing | None,
    limits: PathwayLimits,
    weeks: float | None,
    hours: float | None,
    load: float | None,
) -> None:
    time = study_time(credential("c-1", "One", duration=duration, pacing=pacing), limits)

    assert (time.weeks, time.hours, time.hours_per_week) == (weeks, hours, load)


def test_what_takes_too_long_or_too_much_of_a_week_exceeds_the_limits() -> None:
    def over(**facts: float) -> bool:
        return exceeds(study_time(credential("c-1", "One", duration=Duration(**facts)), TEN), TEN)

    assert over(weeks=9, hours_per_week=5)
    assert over(weeks=4, hours_per_week=11)
    assert not over(weeks=8, hours_per_week=10)
    assert not over(weeks=8)


def test_only_what_a_limit_asks_about_is_missed() -> None:
    time = study_time(credential("c-1", "One"), OPEN)

    assert unknown_times(time, OPEN) == ()
    assert unknown_times(time, TEN) == ("duration.weeks", "duration.hours_per_week")
    assert unknown_times(time, PathwayLimits(weeks=3)) == ("duration.weeks",)
