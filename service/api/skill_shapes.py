"""Skills in and out: names, a record's skills, and what people say about them, as JSON."""

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, Strict
from typing_extensions import TypedDict  # pydantic describes no other before Python 3.12

from service.answers import (
    MIN_STATED_CONFIDENCE,
    JudgedSkill,
    NormalName,
    NormalSkill,
    RecordSkills,
)
from service.api.conditions import STRICT, fault
from service.domain.ids import SkillId
from service.domain.skill import SkillLink
from service.domain.verdict import NOTE_LENGTH, SkillVerdict, Verdict

MAX_NAMES = 100
_MAX_NAME = 1_000
_DIGITS = 4


def _visible(value: str) -> str:
    if not any(letter.isprintable() and not letter.isspace() for letter in value):
        raise fault("has no visible character.")
    return value


Name = Annotated[str, Strict(), Field(max_length=_MAX_NAME), AfterValidator(_visible)]


class VerdictBody(BaseModel):
    """A person's word about a record's link to a skill."""

    model_config = STRICT

    verdict: Verdict = Field(description="Whether the link is right or wrong.")
    note: Annotated[str, Strict(), Field(max_length=NOTE_LENGTH)] | None = Field(
        default=None, description="Why, in the person's own words."
    )

    def to_domain(self, skill: str) -> SkillVerdict:
        """Return the verdict on the skill."""
        return SkillVerdict(skill=SkillId(skill), verdict=self.verdict, note=self.note)


class NormalizeBody(BaseModel):
    """Which skills of the vocabulary are these names?"""

    model_config = STRICT

    names: tuple[Name, ...] = Field(max_length=MAX_NAMES, description="At most 100 names.")
    min_confidence: Annotated[
        float, Strict(), Field(ge=MIN_STATED_CONFIDENCE, le=1, allow_inf_nan=False)
    ] = Field(
        default=MIN_STATED_CONFIDENCE,
        description="The least confidence with which a skill is named; less is a suggestion.",
    )


class NearSkill(TypedDict):
    """A skill of the vocabulary, and the probability that it is what was meant."""

    skill: str
    label: str
    method: str
    confidence: float


class NormalizedName(TypedDict):
    """What a name is in the vocabulary: `skill` is null if nothing is near enough."""

    name: str
    skill: str | None
    label: str | None
    method: str | None
    confidence: float | None
    suggestions: list[NearSkill]


class NormalizedNames(TypedDict):
    """The names in the order in which they were sent."""

    names: list[NormalizedName]


class Link(TypedDict):
    """A record's link to a skill; `span` is `[start, end]` in the field's text."""

    weight: float
    source: str
    method: str
    confidence: float
    field: str
    text: str
    span: list[int] | None


class RecordSkill(TypedDict):
    """A skill with what a person said about it; `link` is null if the record does not have it."""

    skill: str
    label: str
    verdict: str | None
    note: str | None
    link: Link | None


class SkillsOfRecord(TypedDict):
    """A record's skills as its links have them, then those that were rejected."""

    id: str
    revision: int
    skills: list[RecordSkill]


def normalized_json(names: Iterable[NormalName]) -> dict[str, Any]:
    """Return names as the JSON object that ``NormalizedNames`` describes."""
    found: NormalizedNames = {"names": [_normalized(each) for each in names]}
    return {**found}


def record_skills_json(found: RecordSkills) -> dict[str, Any]:
    """Return a record's skills as the JSON object that ``SkillsOfRecord`` describes."""
    shown: SkillsOfRecord = {
        "id": found.key.id,
        "revision": found.revision,
        "skills": [_judged(each) for each in found.skills],
    }
    return {**shown}


def _normalized(name: NormalName) -> NormalizedName:
    found = _near(name.found) if name.found else None
    return {
        "name": name.name,
        "skill": found["skill"] if found else None,
        "label": found["label"] if found else None,
        "method": found["method"] if found else None,
        "confidence": found["confidence"] if found else None,
        "suggestions": [_near(each) for each in name.suggestions],
    }


def _near(skill: NormalSkill) -> NearSkill:
    return {
        "skill": skill.skill,
        "label": skill.label,
        "method": skill.method,
        "confidence": round(skill.confidence, _DIGITS),
    }


def _judged(skill: JudgedSkill) -> RecordSkill:
    said = skill.verdict
    return {
        "skill": skill.skill,
        "label": skill.label,
        "verdict": said.verdict if said else None,
        "note": said.note if said else None,
        "link": _link(skill.link) if skill.link else None,
    }


def _link(link: SkillLink) -> Link:
    return {
        "weight": round(link.weight, _DIGITS),
        "source": link.source,
        "method": link.method,
        "confidence": round(link.confidence, _DIGITS),
        "field": link.field,
        "text": link.text,
        "span": list(link.span) if link.span else None,
    }
