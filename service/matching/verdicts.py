"""Verdicts applied: what a record's links are once people have had their say."""

from collections.abc import Sequence
from dataclasses import replace

from service.domain.ids import SkillId
from service.domain.skill import LinkMethod, LinkSource, SkillLink
from service.domain.verdict import SkillVerdict, Verdict
from service.matching.ports import SkillIndex

# What a person adds stands in no field of the record; this is said in its place.
VERDICT_FIELD = "verdict"


def judged_links(
    links: Sequence[SkillLink], verdicts: Sequence[SkillVerdict], skills: SkillIndex
) -> tuple[SkillLink, ...]:
    """Return a record's derived links as people's verdicts leave them.

    A rejected skill is not among them. A confirmed one has method ``person`` and confidence 1;
    if it was inferred, or not found at all, its weight is 1, since what was taken off it was
    doubt. One that has left the vocabulary is not added. A skill that is another name of a
    rejected one is rejected with it.
    """
    rejected = _meant(verdicts, Verdict.REJECTED, skills)
    confirmed = _meant(verdicts, Verdict.CONFIRMED, skills) - rejected
    kept = tuple(
        _confirmed(link) if link.skill in confirmed else link
        for link in links
        if link.skill not in rejected
    )
    missing = sorted(confirmed - {link.skill for link in kept})
    known = [found for skill in missing if (found := skills.get(skill)) is not None]
    return (*kept, *(_said(skill.id, skill.preferred_label) for skill in known))


def meant_by(skill: SkillId, skills: SkillIndex) -> SkillId:
    """Return the skill that links go to: another one, if this is a second name of it."""
    known = skills.get(skill)
    return (known.same_as or skill) if known else skill


def _meant(
    verdicts: Sequence[SkillVerdict], verdict: Verdict, skills: SkillIndex
) -> frozenset[SkillId]:
    return frozenset(meant_by(each.skill, skills) for each in verdicts if each.verdict is verdict)


def _confirmed(link: SkillLink) -> SkillLink:
    weight = 1.0 if link.source is LinkSource.INFERRED else link.weight
    return replace(link, weight=weight, method=LinkMethod.PERSON, confidence=1.0)


def _said(skill: SkillId, label: str) -> SkillLink:
    return SkillLink(
        skill=skill,
        weight=1.0,
        source=LinkSource.INFERRED,
        method=LinkMethod.PERSON,
        confidence=1.0,
        field=VERDICT_FIELD,
        text=label,
    )
