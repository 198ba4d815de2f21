"""A pool of candidates against a job: how many cover each skill, where they are not too few."""

from collections.abc import Sequence
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from service.pages.plots.shown import Plot, counted, percent
from service.plots import Bar, BarChart, Look

FEWEST: Final = 5
"""A share of fewer people than these would tell of single ones."""

_FEW: Final = f"fewer than {FEWEST}"
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
    """Return the share of a pool that covers each skill; nothing of a pool of fewer than five."""
    title = "What this pool can do"
    if pool.people < FEWEST or not pool.skills:
        says = f"Shown from {FEWEST} people on, so that it tells of a pool and of nobody in it."
        return Plot(title=title, says=says, chart=None, columns=(), rows=())
    # Those that are too few stand as one number, so that their order tells nothing either.
    most_first = sorted(pool.skills, key=lambda each: (-_rank(each.people), each.label))
    shares = [(each.label, each.people / pool.people, each.people) for each in most_first]
    return Plot(
        title=title,
        says=_in_words(most_first, pool.people),
        chart=BarChart(
            bars=tuple(
                Bar(
                    label=label,
                    parts=(share if _is_told(people) else 0.0,),
                    says=_told(people, pool.people),
                )
                for label, share, people in shares
            ),
            looks=(Look.HELD,),
            limit=1.0,
        ),
        columns=("Skill", "People who cover it", "Share"),
        rows=tuple(
            (label, people, percent(share)) if _is_told(people) else (label, _FEW, "")
            for label, share, people in shares
        ),
        notes=(f"Fewer than {FEWEST} people are not counted out.",),
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


def _rank(people: int) -> int:
    return people if _is_told(people) else FEWEST - 1


def _is_told(people: int) -> bool:
    return people == 0 or people >= FEWEST


def _told(people: int, of: int) -> str:
    return f"{people:,} ({percent(people / of)})" if _is_told(people) else _FEW
