"""A pool of candidates against a job: how many cover each skill, where they are not too few."""

from collections.abc import Sequence
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from service.errors import InvalidQuestion
from service.pages.plots.shown import Plot, counted, percent
from service.plots import Bar, BarChart, Look

FEWEST: Final = 5
"""A share of fewer people than these would tell of single ones."""

_FEW: Final = f"fewer than {FEWEST}"
_NEARLY_ALL: Final = f"all but fewer than {FEWEST}"
_STRICT: Final = ConfigDict(extra="forbid", strict=True)
Count = Annotated[int, Field(ge=0, le=100_000)]


class CoveredSkill(BaseModel):
    """A skill that a job asks for, and how many of the pool cover it."""

    model_config = _STRICT

    label: Annotated[str, Field(min_length=1, max_length=1_000)]
    people: Count


class PoolBody(BaseModel):
    """What a page counted in the answer that it shows."""

    model_config = _STRICT

    people: Count
    skills: Annotated[list[CoveredSkill], Field(max_length=100)]


def pool_plot(pool: PoolBody) -> Plot:
    """Return the share of a pool that covers each skill; nothing of a pool of fewer than five.

    Raises:
        InvalidQuestion: if more people cover a skill than there are.
    """
    _check(pool)
    title, of = "What this pool can do", pool.people
    if of < FEWEST or not pool.skills:
        says = f"Shown from {FEWEST} people on, so that it tells of a pool and of nobody in it."
        return Plot(title=title, says=says, chart=None, columns=(), rows=())
    # Those that are not told stand as one number, so that their order tells nothing either.
    most_first = sorted(pool.skills, key=lambda each: (-_drawn(each.people, of), each.label))
    return Plot(
        title=title,
        says=_in_words(most_first, of),
        chart=BarChart(
            bars=tuple(
                Bar(
                    label=each.label,
                    parts=(_drawn(each.people, of) / of,),
                    says=_told(each.people, of),
                )
                for each in most_first
            ),
            looks=(Look.HELD,),
            limit=1.0,
        ),
        columns=("Skill", "People who cover it", "Share"),
        rows=tuple(_row(each, of) for each in most_first),
        notes=(
            f"Fewer than {FEWEST} people are not counted out, whether they cover a skill or are "
            "the only ones who do not.",
        ),
    )


def _check(pool: PoolBody) -> None:
    for at, each in enumerate(pool.skills):
        if each.people > pool.people:
            raise InvalidQuestion(
                f"is more than there are in the pool: {pool.people}.", field=f"skills.{at}.people"
            )


def _in_words(most_first: Sequence[CoveredSkill], people: int) -> str:
    pool = counted(people, "person", "people")
    common = [each for each in most_first if each.people >= FEWEST]
    if not common:
        return f"Of {pool} on the two lists, no skill is covered by {FEWEST} or more."
    first, count = common[0], f"{len(common)} of {counted(len(most_first), 'skill', 'skills')}"
    return (
        f"Of {pool} on the two lists, {_told(first.people, people)} cover “{first.label}”; "
        f"{count} {'is' if len(common) == 1 else 'are'} covered by {FEWEST} or more."
    )


def _row(skill: CoveredSkill, of: int) -> tuple[str, int | str, str]:
    people = skill.people
    if _is_told(people, of):
        return skill.label, people, percent(people / of)
    return skill.label, _few(people), ""


def _is_told(people: int, of: int) -> bool:
    # From who covers it follows who does not.
    return all(count == 0 or count >= FEWEST for count in (people, of - people))


def _few(people: int) -> str:
    return _FEW if people < FEWEST else _NEARLY_ALL


def _drawn(people: int, of: int) -> int:
    """Return how many are drawn: those that are not told as if they were the fewest possible."""
    if _is_told(people, of):
        return people
    return 0 if people < FEWEST else max(FEWEST, of - FEWEST + 1)


def _told(people: int, of: int) -> str:
    if _is_told(people, of):
        return f"{people:,} ({percent(people / of)})"
    return _few(people)
