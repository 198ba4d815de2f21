"""How far a person and a job fit: from both sides, by category, and one credential further."""

from dataclasses import dataclass

from service.domain.credential import Provider
from service.domain.ids import CredentialId, SkillId
from service.domain.quantities import Duration, Money
from service.domain.skill import Importance


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How far a learner and a job fit, from both sides; each in [0, 100], one decimal.

    Attributes:
        forward: the job's needs that the learner's evidence meets, by weight.
        reverse: the learner's evidence that the job asks for, by strength.
        overall: both together; forward counts twice as much.
    """

    forward: float = 0.0
    reverse: float = 0.0
    overall: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryFit:
    """What is covered and what is missing of the requirements of one importance."""

    importance: Importance
    covered: tuple[SkillId, ...]
    missing: tuple[SkillId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OneCredentialAway:
    """The one credential that would turn a near miss into a candidate.

    Attributes:
        covers: the required skills that are missing now and covered with it.
        score: of the match with the credential, in [0, 100].
        fit: of the match with the credential.
    """

    credential: CredentialId
    name: str
    provider: Provider
    cost: Money | None
    duration: Duration
    covers: tuple[SkillId, ...]
    score: float
    fit: Fit
