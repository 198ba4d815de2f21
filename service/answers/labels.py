"""Labels: the words for every skill, and every prerequisite, that an answer names."""

from collections.abc import Iterable

from service.answers.reading import Reader
from service.domain.answer import Gap, Recommendation
from service.domain.ids import CredentialId, SkillId


def labels_of(reader: Reader, skills: Iterable[SkillId]) -> dict[SkillId, str]:
    """Return the label of each skill."""
    return {skill: reader.label(skill) for skill in sorted(set(skills))}


def labels_of_recommendations(
    reader: Reader, items: Iterable[Recommendation], gap: Gap
) -> dict[SkillId | CredentialId, str]:
    """Return the label of every skill that an answer names, and the names of prerequisites."""
    items = list(items)
    named = reader.opened.view.credentials.name_of
    first = sorted({each for item in items for each in item.missing_prerequisites})
    return {
        **labels_of(reader, named_in_recommendations(items, gap)),
        **{each: named(each) or each for each in first},
    }


def named_in_recommendations(items: Iterable[Recommendation], gap: Gap) -> Iterable[SkillId]:
    """Yield every skill that an answer names."""
    for row in (*gap.held, *gap.open):
        yield row.requirement.skill
        if row.nearest is not None:
            yield row.nearest
    for bridge in gap.bridges:
        yield bridge.from_skill
    for item in items:
        yield from (reason.skill for reason in item.evidence)
        yield from (bridge.from_skill for bridge in item.bridges)
