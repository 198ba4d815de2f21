"""Skill linking: the words of a record, stated or written, as skills of the one vocabulary."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from service.domain.ids import SkillId
from service.domain.skill import (
    EvidenceClass,
    Importance,
    LinkMethod,
    LinkSource,
    SkillLink,
    SkillType,
    Span,
    StatedSkill,
)
from service.matching.guards import is_plural_acronym, is_stray_word, is_written_as_name
from service.matching.links import each_piece_once, each_skill_once
from service.matching.names import EVERYDAY_WORDS, Word, name_key, words_of
from service.matching.ports import SkillHit, SkillIndex, Vectors
from service.matching.segments import Segment, segments_of
from service.matching.texts import TextField

MAX_NAME_WORDS = 7
SKILLS_PER_SEGMENT = 3
# The name of a credential says in few words what all of it is about, and is often all there is.
CREDENTIAL_NAME = "name"
SKILLS_PER_NAME = 8
MIN_NAME_CONFIDENCE = 0.12
MIN_CONFIDENCE = 0.2
# A stated name is meant as a skill, so a weaker likeness than a sentence's will do.
MIN_STATED_CONFIDENCE = 0.12
LABEL_IN_TEXT_CONFIDENCE = 0.9
_SHORTEST_PLAIN_NAME = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How a cosine becomes the probability that a link is right: a logistic curve.

    ``1 / (1 + exp(-(slope * cosine + intercept)))``; slope and intercept come with the model.
    """

    slope: float
    intercept: float

    def confidence(self, similarity: float) -> float:
        """Return the probability that belongs to a cosine, in (0, 1)."""
        return 1 / (1 + math.exp(-(self.slope * similarity + self.intercept)))


class _Mention(NamedTuple):
    """A place in a text that may name skills, and what the field says about it."""

    field: TextField
    segment: Segment
    importance: Importance | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPlan:
    """What is to be linked in one record: settled links, and texts that need a vector.

    Attributes:
        settled: links found by id or by name.
        unsettled: stated skills that no name settles, with their fields and names.
        unknown: stated ids that are not in the vocabulary and have no name to go by.
        mentions: statements of the record's texts that are more than a stray word.
    """

    settled: tuple[SkillLink, ...]
    unsettled: tuple[tuple[str, str, StatedSkill], ...]
    unknown: tuple[str, ...]
    mentions: tuple[_Mention, ...]

    @property
    def texts(self) -> list[str]:
        """The texts whose vectors ``resolve`` needs, in its order."""
        return [name for _, name, _ in self.unsettled] + [
            mention.segment.text for mention in self.mentions
        ]


class Linked(NamedTuple):
    """A record's links, and the stated skills for which the vocabulary has no word."""

    links: tuple[SkillLink, ...]
    unlinked: tuple[str, ...]


class SkillLinker:
    """Links records to the vocabulary: by id, by name, and by the nearest label."""

    def __init__(self, skills: SkillIndex, calibration: Calibration) -> None:
        self._skills = skills
        self._calibration = calibration

    def plan(
        self, stated: Sequence[StatedSkill], fields: Sequence[TextField], *, stated_field: str
    ) -> LinkPlan:
        """Return what names settle, and what is left for vectors."""
        settled: list[SkillLink] = []
        unsettled: list[tuple[str, str, StatedSkill]] = []
        unknown: list[str] = []
        for row, skill in enumerate(stated):
            field = f"{stated_field}.{row}"
            found = self._by_id_or_name(skill)
            if found is not None:
                named = self._with_name(skill)
                settled.append(_stated_link(found[0], named, field, found[1], confidence=1.0))
            elif skill.name:
                unsettled.append((field, skill.name, skill))
            else:
                unknown.append(str(skill.id))
        mentions = [mention for field in fields for mention in _mentions(field)]
        for mention in mentions:
            settled += self._named_in(mention)
        return LinkPlan(
            settled=tuple(settled),
            unsettled=tuple(unsettled),
            unknown=tuple(unknown),
            mentions=tuple(
                each for each in mentions if not is_stray_word(each.segment.text, each.field.text)
            ),
        )

    def resolve(
        self, plan: LinkPlan, hits: Sequence[Sequence[SkillHit]], *, by_piece: bool = False
    ) -> Linked:
        """Return all links of a record, given the nearest skills of each of the plan's texts.

        A skill is linked once: a stated link goes before an inferred one, one by name before
        one by vector, then the more confident, then the earlier. With ``by_piece`` that holds
        for each part of the record by itself (``courses.0``): each is evidence of its own.
        """
        links = list(plan.settled)
        unlinked = list(plan.unknown)
        for (field, name, skill), near in zip(plan.unsettled, hits, strict=False):
            link = self._nearest_stated(field, skill, near)
            if link is None:
                unlinked.append(name)
            else:
                links.append(link)
        for mention, near in zip(plan.mentions, hits[len(plan.unsettled) :], strict=True):
            links += self._nearest_inferred(mention, near)
        once = each_piece_once(links) if by_piece else each_skill_once(links)
        return Linked(once, tuple(unlinked))

    def nearest(self, vectors: Vectors) -> list[list[SkillHit]]:
        """Return the nearest skills of the vectors of a plan's texts."""
        return self._skills.nearest(vectors, k=SKILLS_PER_NAME) if len(vectors) else []

    def confidence(self, similarity: float) -> float:
        """Return the probability that a link with this cosine is right, in (0, 1)."""
        return self._calibration.confidence(similarity)

    def vectors_of(self, links: Sequence[SkillLink]) -> Vectors:
        """Return float32 ``(len(links), dim)``: the vector of each link's skill."""
        return self._skills.vectors_of([link.skill for link in links])

    def _by_id_or_name(self, skill: StatedSkill) -> tuple[SkillId, LinkMethod] | None:
        if skill.id is not None:
            known = self._skills.get(skill.id)
            if known is not None:
                return known.same_as or known.id, LinkMethod.ID
        found = self._skills.by_name(name_key(skill.name)) if skill.name else None
        return (found, LinkMethod.LABEL) if found is not None else None

    def _with_name(self, skill: StatedSkill) -> StatedSkill:
        """Return a stated skill with a name to show, where the record gives only its id."""
        known = self._skills.get(skill.id) if skill.id and not skill.name else None
        return replace(skill, name=known.preferred_label) if known else skill

    def _named_in(self, mention: _Mention) -> Iterable[SkillLink]:
        words = words_of(mention.segment.text)
        start = 0
        while start < len(words):
            found, length = self._longest_name(mention.segment, words, start)
            if found is not None:
                last = words[start + length - 1]
                yield _inferred_link(
                    found,
                    mention,
                    Span(words[start].start, last.end),
                    LinkMethod.LABEL,
                    LABEL_IN_TEXT_CONFIDENCE,
                )
            start += length

    def _longest_name(
        self, segment: Segment, words: Sequence[Word], start: int
    ) -> tuple[SkillId | None, int]:
        for length in range(min(MAX_NAME_WORDS, len(words) - start), 0, -1):
            key = " ".join(word.key for word in words[start : start + length])
            found = self._skills.by_name(key)
            if found is None:
                continue
            if self._is_meant(found, segment, words[start : start + length], len(words)):
                return found, length
        return None, 1

    def _is_meant(self, found: SkillId, segment: Segment, name: Sequence[Word], words: int) -> bool:
        """Tell whether words name a skill, and are not just words (``at the front desk``)."""
        written = segment.text[name[0].start : name[-1].end]
        alone = len(name) == words
        key = name[0].key
        if is_plural_acronym(written):
            return False
        everyday = key in EVERYDAY_WORDS or len(key) < _SHORTEST_PLAIN_NAME
        if len(name) == 1 and everyday:
            return is_written_as_name(written, segment.text, alone=alone)
        skill = self._skills.get(found)
        if skill is not None and skill.type is SkillType.TECHNOLOGY:
            return written != written.lower() or alone
        return True

    def _nearest_stated(
        self, field: str, skill: StatedSkill, near: Sequence[SkillHit]
    ) -> SkillLink | None:
        if not near:
            return None
        confidence = self._calibration.confidence(near[0].similarity)
        if confidence < MIN_STATED_CONFIDENCE:
            return None
        return _stated_link(near[0].skill, skill, field, LinkMethod.VECTOR, confidence=confidence)

    def _nearest_inferred(self, mention: _Mention, near: Sequence[SkillHit]) -> Iterable[SkillLink]:
        of_name = mention.field.field == CREDENTIAL_NAME
        count = SKILLS_PER_NAME if of_name else SKILLS_PER_SEGMENT
        least = MIN_NAME_CONFIDENCE if of_name else MIN_CONFIDENCE
        for hit in near[:count]:
            confidence = self._calibration.confidence(hit.similarity)
            if confidence >= least:
                whole = Span(0, len(mention.segment.text))
                yield _inferred_link(hit.skill, mention, whole, LinkMethod.VECTOR, confidence)


def _mentions(field: TextField) -> list[_Mention]:
    return [
        _Mention(field, segment, importance_in(segment.text)) for segment in segments_of(field.text)
    ]


_PREFERRED_CUES = ("preferred", "nice to have", "a plus", "desirable", "is an asset", "bonus if")


def importance_in(text: str) -> Importance | None:
    """Return ``PREFERRED`` if a statement says that what it names is not a must."""
    folded = text.casefold()
    return Importance.PREFERRED if any(cue in folded for cue in _PREFERRED_CUES) else None


def _stated_link(
    found: SkillId, skill: StatedSkill, field: str, method: LinkMethod, *, confidence: float
) -> SkillLink:
    return SkillLink(
        skill=found,
        weight=1.0 if skill.weight is None else skill.weight,
        source=LinkSource.STATED,
        method=method,
        confidence=confidence,
        field=field,
        text=skill.name or str(skill.id),
        importance=skill.importance,
        level=skill.level,
        evidence=skill.evidence,
        date=skill.date,
        issuer=skill.issuer,
    )


def _inferred_link(
    found: SkillId, mention: _Mention, within: Span, method: LinkMethod, confidence: float
) -> SkillLink:
    offset = mention.segment.span.start
    evidence: EvidenceClass | None = mention.field.evidence
    return SkillLink(
        skill=found,
        weight=round(confidence, 4),
        source=LinkSource.INFERRED,
        method=method,
        confidence=round(confidence, 4),
        field=mention.field.field,
        text=mention.segment.text[within.start : within.end],
        span=Span(offset + within.start, offset + within.end),
        importance=mention.importance,
        evidence=evidence,
    )


def scaled(links: Iterable[SkillLink], factor: float) -> tuple[SkillLink, ...]:
    """Return the links with their weights times a factor in (0, 1]."""
    return tuple(replace(link, weight=round(link.weight * factor, 4)) for link in links)
