"""Skills: names as skills of the vocabulary, and a record's links with people's verdicts."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.answers.desk import Desk
from service.answers.reading import Reader
from service.domain.ids import SkillId, TenantId
from service.domain.skill import LinkMethod, SkillLink
from service.domain.verdict import JUDGED, SkillVerdict
from service.errors import InvalidQuestion
from service.matching.linking import MIN_STATED_CONFIDENCE
from service.matching.names import name_key
from service.matching.ports import RecordKey, SkillHit

SUGGESTIONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class NormalSkill:
    """A skill of the vocabulary for a name; ``confidence`` in [0, 1]."""

    skill: SkillId
    label: str
    method: LinkMethod
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NormalName:
    """What a name is in the vocabulary.

    Attributes:
        found: the skill; none if no label is it and none is near enough.
        suggestions: the nearest skills, at most three, if none was found.
    """

    name: str
    found: NormalSkill | None
    suggestions: tuple[NormalSkill, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedSkill:
    """A skill that a record has, or that a person said something about.

    Attributes:
        link: none if it was rejected, or has left the vocabulary.
    """

    skill: SkillId
    label: str
    verdict: SkillVerdict | None
    link: SkillLink | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSkills:
    """A record's links, in their order, then the skills that were rejected."""

    key: RecordKey
    revision: int
    skills: tuple[JudgedSkill, ...]


class SkillAnswers:
    """Answers what skills are called, and which a record has. Blocking."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def normalize(
        self,
        tenant: TenantId,
        names: Sequence[str],
        *,
        min_confidence: float = MIN_STATED_CONFIDENCE,
    ) -> tuple[NormalName, ...]:
        """Return for each name the skill that a record which states it would be linked to.

        By label, alternative label or alias first, else the nearest by vector if its confidence
        reaches ``min_confidence``.
        """
        reader = self._desk.reader(tenant)
        skills = reader.opened.view.skills
        by_label = {name: skills.by_name(name_key(name)) for name in names}
        rest = [name for name, found in by_label.items() if found is None]
        opened = reader.opened
        hits = opened.linker.nearest(opened.model.encoder.encode(rest)) if rest else []
        near = dict(zip(rest, hits, strict=True))
        return tuple(
            _by_vector(reader, name, near[name], min_confidence)
            if (found := by_label[name]) is None
            else NormalName(name=name, found=_normal(reader, found, LinkMethod.LABEL, 1.0))
            for name in names
        )

    def record_skills(self, tenant: TenantId, key: RecordKey) -> RecordSkills:
        """Return a record's skills with what people said about them.

        Raises:
            NotFound: if there is no such record.
            InvalidQuestion: if nobody judges the links of this kind of record.
        """
        if key.kind not in JUDGED:
            raise InvalidQuestion(f"the skills of a {key.kind} are not judged.", field="kind")
        reader = self._desk.reader(tenant)
        stored = reader.stored(*key)
        verdicts = self._desk.records.verdicts(tenant, key.kind, [key.id]).get(key.id, ())
        said = {each.skill: each for each in verdicts}
        links = {link.skill: link for link in stored.links}
        return RecordSkills(
            key=key,
            revision=stored.revision,
            skills=tuple(
                JudgedSkill(
                    skill=skill,
                    label=reader.label(skill),
                    verdict=said.get(skill),
                    link=links.get(skill),
                )
                for skill in dict.fromkeys((*links, *said))
            ),
        )


def _by_vector(
    reader: Reader, name: str, hits: Sequence[SkillHit], min_confidence: float
) -> NormalName:
    confidence = reader.opened.linker.confidence
    near = tuple(
        _normal(reader, hit.skill, LinkMethod.VECTOR, confidence(hit.similarity))
        for hit in hits[:SUGGESTIONS]
    )
    if near and near[0].confidence >= min_confidence:
        return NormalName(name=name, found=near[0])
    return NormalName(name=name, found=None, suggestions=near)


def _normal(reader: Reader, skill: SkillId, method: LinkMethod, confidence: float) -> NormalSkill:
    return NormalSkill(skill=skill, label=reader.label(skill), method=method, confidence=confidence)
