"""Jobs and occupations, and the skills they ask for."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from service.domain.ids import EmployerId, JobId, OccupationId, SkillId, check_id
from service.domain.quantities import Salary
from service.domain.skill import Importance, LinkSource, Span, StatedSkill
from service.errors import InvalidRecord


class EmploymentType(StrEnum):
    """On what terms somebody works."""

    FULL_TIME = "full_time"
    PART_TIME = "part_time"
    CONTRACT = "contract"
    TEMPORARY = "temporary"
    INTERNSHIP = "internship"
    APPRENTICESHIP = "apprenticeship"
    PER_DIEM = "per_diem"
    VOLUNTEER = "volunteer"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Employer:
    """Who wants to fill a job."""

    name: str
    id: EmployerId | None = None

    def __post_init__(self) -> None:
        if self.id is not None:
            check_id(self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A position that an employer wants to fill.

    Attributes:
        occupation: the occupation that it belongs to, by id or by title.
        region: an ISO 3166 code such as ``US-IN``.
    """

    id: JobId
    title: str
    text: str | None = None
    employer: Employer | None = None
    occupation: str | None = None
    skills: tuple[StatedSkill, ...] = ()
    region: str | None = None
    remote: bool | None = None
    employment_type: EmploymentType | None = None
    salary: Salary | None = None
    posted: date | None = None
    valid_through: date | None = None
    language: str | None = None
    url: str | None = None

    def __post_init__(self) -> None:
        check_id(self.id)
        if not self.title.strip():
            raise InvalidRecord("a job needs a title.", field="title")


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One skill that a job, an occupation or a goal asks for.

    Attributes:
        weight: how much it matters, in (0, 1].
        confidence: the probability that it is asked for at all, in (0, 1].
    """

    skill: SkillId
    importance: Importance = Importance.REQUIRED
    weight: float = 1.0
    confidence: float = 1.0
    min_level: int | None = None
    source: LinkSource = LinkSource.STATED
    field: str = "skills"
    text: str = ""
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportanceFigure:
    """How important an element of O*NET's content model is to an occupation.

    Attributes:
        element: the element's name, such as ``Reading Comprehension``.
        value: O*NET's importance scale, in [1, 5].
    """

    element: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupation:
    """A line of work, with the titles it goes by.

    Attributes:
        code: the code in its classification, such as ``29-2072.00``.
        general_skills: O*NET's 35 general skills: never requirements, since all occupations
            have them all; they feed the lane of soft skills.
    """

    id: OccupationId
    title: str
    code: str | None = None
    alt_titles: tuple[str, ...] = ()
    description: str | None = None
    tasks: tuple[str, ...] = ()
    technologies: tuple[str, ...] = ()
    knowledge: tuple[ImportanceFigure, ...] = ()
    general_skills: tuple[ImportanceFigure, ...] = ()
    framework: str | None = None

    def __post_init__(self) -> None:
        check_id(self.id)
        if not self.title.strip():
            raise InvalidRecord("an occupation needs a title.", field="title")
