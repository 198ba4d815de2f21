"""Soft coverage: which soft skills employers ask for, and which of them a credential assesses."""

from dataclasses import dataclass

from service.domain.ids import SkillId


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftDemand:
    """One soft skill that jobs ask for.

    Attributes:
        jobs: how many ask for it.
        weight: how much of it they ask for in all: the sum of the requirements' weights.
        credentials: how many credentials on offer teach it and say how they assess it.
    """

    skill: SkillId
    jobs: int
    weight: float
    credentials: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftCoverage:
    """The soft skills that jobs ask for, most asked for first.

    Attributes:
        jobs: how many jobs were read.
        share_without: the share of the demand, by weight, for which no credential on offer can be
            assessed, in [0, 1]; none if no job asks for a soft skill.
        labels: the label of every skill named.
    """

    jobs: int
    share_without: float | None
    skills: tuple[SoftDemand, ...]
    labels: dict[SkillId, str]
