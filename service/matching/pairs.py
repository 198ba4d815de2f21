"""Pairs: texts of the store's records that mean the same or belong together, to train on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from service.domain.credential import Credential
from service.domain.ids import SkillId
from service.domain.job import Job, Occupation
from service.domain.learner import Learner
from service.domain.record import DerivedRecord
from service.domain.skill import LinkSource, Skill, SkillLink
from service.matching.texts import skill_text

LabelOf = Callable[[SkillId], str | None]


class PairSource(StrEnum):
    """What makes the two texts of a pair belong together."""

    SKILL_ALT_LABEL = "skill_alt_label"
    SKILL_DESCRIPTION = "skill_description"
    OCCUPATION_ALT_TITLE = "occupation_alt_title"
    OCCUPATION_TASK = "occupation_task"
    OCCUPATION_TECHNOLOGY = "occupation_technology"
    OCCUPATION_SKILL = "occupation_skill"
    CREDENTIAL_SKILL = "credential_skill"
    CREDENTIAL_DESCRIPTION = "credential_description"
    JOB_TEXT = "job_text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two texts that belong near each other.

    Attributes:
        anchor: what is asked with.
        positive: what should be found.
        negative: what should not, if it is known.
        weight: how sure it is that they belong together, in (0, 1].
        group: the record that the pair comes from, so that none is split between training and
            evaluation.
    """

    anchor: str
    positive: str
    source: PairSource
    group: str
    negative: str | None = None
    weight: float = 1.0


def pairs_of(stored: DerivedRecord, label_of: LabelOf) -> Iterator[Pair]:
    """Yield the pairs that a record gives, none of a learner, whose texts are personal.

    Args:
        stored: the record with its links.
        label_of: the text of a skill by its id; None for one that is not in the vocabulary.
    """
    for pair in _pairs(stored, label_of):
        same = pair.anchor.casefold() == pair.positive.casefold()
        if pair.anchor.strip() and pair.positive.strip() and pair.weight > 0 and not same:
            yield pair


def _pairs(stored: DerivedRecord, label_of: LabelOf) -> Iterator[Pair]:
    match stored.record:
        case Skill() as skill:
            yield from _of_skill(skill)
        case Occupation() as occupation:
            yield from _of_occupation(occupation, stored.links, label_of)
        case Credential() as credential:
            yield from _of_credential(credential, stored.links, label_of)
        case Job() as job:
            yield _pair(job.title, job.text or "", PairSource.JOB_TEXT, f"job:{job.id}")
        case Learner():
            return
        case _:
            assert_never(stored.record)


def _of_skill(skill: Skill) -> Iterator[Pair]:
    label, group = skill_text(skill), f"skill:{skill.id}"
    for alternative in skill.alt_labels:
        yield _pair(alternative, label, PairSource.SKILL_ALT_LABEL, group)
    yield _pair(label, skill.description or "", PairSource.SKILL_DESCRIPTION, group)


def _of_occupation(
    occupation: Occupation, links: tuple[SkillLink, ...], label_of: LabelOf
) -> Iterator[Pair]:
    group = f"occupation:{occupation.id}"
    for source, texts in (
        (PairSource.OCCUPATION_ALT_TITLE, occupation.alt_titles),
        (PairSource.OCCUPATION_TASK, occupation.tasks),
        (PairSource.OCCUPATION_TECHNOLOGY, occupation.technologies),
    ):
        for text in texts:
            yield _pair(occupation.title, text, source, group)
    for link in links:
        label = label_of(link.skill) or ""
        yield _pair(occupation.title, label, PairSource.OCCUPATION_SKILL, group, weight=link.weight)


def _of_credential(
    credential: Credential, links: tuple[SkillLink, ...], label_of: LabelOf
) -> Iterator[Pair]:
    group = f"credential:{credential.id}"
    for link in links:
        if link.source is LinkSource.STATED:
            label = label_of(link.skill) or ""
            yield _pair(
                credential.name,
                label,
                PairSource.CREDENTIAL_SKILL,
                group,
                weight=link.confidence,
            )
    description = credential.description or ""
    yield _pair(credential.name, description, PairSource.CREDENTIAL_DESCRIPTION, group)


def _pair(
    anchor: str, positive: str, source: PairSource, group: str, *, weight: float = 1.0
) -> Pair:
    return Pair(anchor=anchor, positive=positive, source=source, group=group, weight=weight)
