"""Names: one key for however a name is written, and the names people really use."""

import pytest

from service.domain.ids import SkillId
from service.domain.skill import Skill, SkillType
from service.matching.names import alias_names, name_key, words_of


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Structured  Query-Language", "structured query-language"),
        ("C++", "c++"),
        ("C#", "c#"),
        ("node.js,", "node.js"),
        (".NET", ".net"),
        ("R/Python", "r python"),
        ("\uff33\uff31\uff2c", "sql"),
        ("Résumé", "résumé"),
        ("!!!", ""),
    ],
)
def test_a_name_has_one_key_however_it_is_written(name: str, key: str) -> None:
    assert name_key(name) == key


def test_words_know_where_they_stand() -> None:
    text = "use C++ daily"

    assert [text[word.start : word.end] for word in words_of(text)] == ["use", "C++", "daily"]


@pytest.mark.parametrize(
    ("label", "kind", "aliases"),
    [
        ("Python (computer programming)", SkillType.KNOWLEDGE, ["Python"]),
        ("Microsoft Excel", SkillType.TECHNOLOGY, ["Excel"]),
        (
            "Structured query language SQL",
            SkillType.TECHNOLOGY,
            ["SQL", "Structured query language"],
        ),
        ("Tableau software", SkillType.TECHNOLOGY, ["Tableau"]),
        ("Adobe Analytics", SkillType.TECHNOLOGY, []),
        ("IBM ADSTAR", SkillType.TECHNOLOGY, ["ADSTAR"]),
        ("Control Station ENGINEER", SkillType.TECHNOLOGY, []),
        ("Statistical software", SkillType.TECHNOLOGY, []),
        (
            "Extensible markup language XML",
            SkillType.TECHNOLOGY,
            ["XML", "Extensible markup language"],
        ),
        ("manage staff", SkillType.SKILL, []),
    ],
)
def test_a_skill_also_goes_by_its_everyday_names(
    label: str, kind: SkillType, aliases: list[str]
) -> None:
    skill = Skill(id=SkillId("s"), preferred_label=label, type=kind)

    assert alias_names(skill) == aliases
