"""Names as skills of the vocabulary, and a record's skills with what people said of them."""

import pytest

from service.answers import NormalName
from service.domain.ids import DEFAULT_TENANT, SkillId
from service.domain.record import Kind
from service.domain.skill import LinkMethod
from service.domain.verdict import SkillVerdict, Verdict
from service.errors import InvalidQuestion, NotFound
from service.matching.ports import RecordKey
from tests.builders.worlds import World, credential

KEY = RecordKey(Kind.CREDENTIAL, "c-1")


def normalize(world: World, *names: str, least: float = 0.12) -> tuple[NormalName, ...]:
    return world.skills.normalize(DEFAULT_TENANT, names, min_confidence=least)


def test_a_label_in_any_case_and_an_alternative_one_are_the_skill_for_sure(world: World) -> None:
    found = [each.found for each in normalize(world, "sql", "Structured  Query Language")]

    assert [(each.skill, each.label, each.method, each.confidence) for each in found if each] == [
        ("s:sql", "SQL", LinkMethod.LABEL, 1.0)
    ] * 2


def test_a_name_near_a_skill_is_it_as_a_record_that_states_it_would_be_linked(
    world: World,
) -> None:
    world.put(credential("c-1", "A course", "metal welding"))

    [name] = normalize(world, "metal welding")

    [link, *_] = world.records.find(DEFAULT_TENANT, Kind.CREDENTIAL, ["c-1"])["c-1"].links
    assert name.found is not None
    assert (name.found.skill, name.found.method) == (link.skill, LinkMethod.VECTOR)
    assert name.found.confidence == link.confidence
    assert name.suggestions == ()


def test_less_than_the_least_confidence_is_a_suggestion_and_no_guess(world: World) -> None:
    [near] = normalize(world, "metal welding")
    assert near.found is not None

    [sure] = normalize(world, "metal welding", least=near.found.confidence)
    [unsure, unknown] = normalize(
        world, "metal welding", "juggling burning torches", least=near.found.confidence + 0.001
    )

    assert sure.found == near.found
    assert unsure.found is unknown.found is None
    assert unsure.suggestions[0] == near.found
    assert len(unknown.suggestions) == 3
    confidences = [each.confidence for each in unknown.suggestions]
    assert confidences == sorted(confidences, reverse=True)


def test_names_come_back_in_their_order_each_as_often_as_it_was_asked(world: World) -> None:
    names = ("weld metal", "torches", "SQL", "torches")

    assert [each.name for each in normalize(world, *names)] == list(names)
    assert normalize(world) == ()


def test_a_records_skills_carry_the_verdicts_and_rejected_ones_come_last(world: World) -> None:
    world.put(credential("c-1", "Databases", "SQL", "weld metal"))
    for skill, word, note in (
        ("s:sql", Verdict.REJECTED, "no"),
        ("s:teach", Verdict.CONFIRMED, None),
    ):
        said = SkillVerdict(skill=SkillId(skill), verdict=word, note=note)
        world.intake.judge(DEFAULT_TENANT, KEY, said)

    found = world.skills.record_skills(DEFAULT_TENANT, KEY)

    assert found.revision == 3
    rows = {
        each.skill: (each.label, each.verdict and each.verdict.verdict, each.link is not None)
        for each in found.skills
    }
    assert found.skills[0].skill == "s:weld"
    assert found.skills[-1].skill == "s:sql"
    assert rows["s:weld"] == ("weld metal", None, True)  # type: ignore[index]  # ids are strings
    assert rows["s:teach"] == ("teach children", Verdict.CONFIRMED, True)  # type: ignore[index]
    assert rows["s:sql"] == ("SQL", Verdict.REJECTED, False)  # type: ignore[index]


def test_skills_of_what_is_not_there_or_not_judged_are_refused(world: World) -> None:
    with pytest.raises(NotFound, match="no credential with the id 'c-1'"):
        world.skills.record_skills(DEFAULT_TENANT, KEY)
    with pytest.raises(InvalidQuestion, match="the skills of a skill are not judged"):
        world.skills.record_skills(DEFAULT_TENANT, RecordKey(Kind.SKILL, "s:sql"))
