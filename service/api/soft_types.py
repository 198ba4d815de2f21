"""What the lane of soft skills looks like as JSON."""

from typing_extensions import TypedDict  # pydantic describes no other before Python 3.12


class SoftItemSkills(TypedDict):
    """The soft skills among those that a credential adds, that are held, and that stay open."""

    added: list[str]
    held: list[str]
    open: list[str]


class SoftMatchSkills(TypedDict):
    """The soft skills among those that a match covers and misses."""

    covered: list[str]
    missing: list[str]


class SoftSkillDemand(TypedDict):
    """A soft skill that jobs ask for, and how many credentials on offer teach and assess it."""

    skill: str
    jobs: int
    weight: float
    credentials: int


class SoftSkillCoverage(TypedDict):
    """The soft skills that jobs ask for, the weightiest first.

    `share_without` is the share of that demand, in [0, 1], for which no credential on offer says
    how it assesses the skill; null if no job asks for a soft skill.
    """

    jobs: int
    share_without: float | None
    skills: list[SoftSkillDemand]
    labels: dict[str, str]
