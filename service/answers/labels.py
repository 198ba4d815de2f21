"""Labels: the words for every skill that an answer names, and for what comes before it."""

from collections.abc import Iterable

from service.answers.reading import Reader
from service.domain.answer import Gap, Recommendation
from service.domain.ids import CredentialId, SkillId


def labels_of(reader: Reader, skills: Iterable[SkillId]) -> dict[SkillId, str]:
    """Return the label of each skill."""
    return {skill: reader.label(skill) for skill in sorted(set(skills))}


def names_of_prerequisites(
    reader: Reader, items: Iterable[Recommendation]
) -> dict[CredentialId, str]:
    """Return the name of every credential that one of these asks for first."""
    named = reader.opened.view.credentials.name_of
    asked = sorted({each for item in items for each in item.missing_prerequisites})
    return {each: named(each) or each for each in asked}


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
