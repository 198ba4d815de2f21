"""Intake: what comes in is durable, searchable at once, and unchanged the second time."""

import pytest

from service.domain.credential import Credential
from service.domain.ids import DEFAULT_TENANT, CredentialId, SkillId
from service.domain.record import Kind, StoredRecord
from service.domain.skill import LinkSource, StatedSkill
from service.errors import InvalidRecord, NotFound
from service.intake import OutcomeStatus
from tests.builders.worlds import World, credential, learner, skill


def kept(world: World, kind: Kind, record_id: str) -> StoredRecord:
    return world.records.find(DEFAULT_TENANT, kind, [record_id])[record_id]


def test_a_record_is_created_then_unchanged_then_updated(world: World) -> None:
    first = world.put(credential("c-1", "Databases", "SQL"))
    again = world.put(credential("c-1", "Databases", "SQL"))
    changed = world.put(credential("c-1", "Databases I", "SQL"))

    assert [(each[0].status, each[0].revision) for each in (first, again, changed)] == [
        (OutcomeStatus.CREATED, 1),
        (OutcomeStatus.UNCHANGED, 1),
        (OutcomeStatus.UPDATED, 2),
    ]


def test_stated_skills_are_linked_by_any_of_their_names(world: World) -> None:
    world.put(credential("c-1", "Databases", "Structured Query Language"))

    links = kept(world, Kind.CREDENTIAL, "c-1").links

    assert [(link.skill, link.source, link.field) for link in links][:1] == [
        ("s:sql", LinkSource.STATED, "skills.0")
    ]


def test_a_text_shows_a_skill_with_the_words_that_do(world: World) -> None:
    description = "Students keep records. They learn to weld metal in the shop."
    world.put(credential("c-1", "Shop class", description=description))

    links = {link.skill: link for link in kept(world, Kind.CREDENTIAL, "c-1").links}

    link = links[SkillId("s:weld")]
    assert link.source is LinkSource.INFERRED
    assert link.span is not None
    assert description[link.span.start : link.span.end] == "weld metal"


def test_a_skill_that_no_word_of_the_vocabulary_is_near_is_reported(world: World) -> None:
    outcome = world.put(credential("c-1", "Circus", "juggling burning torches"))[0]

    assert outcome.status is OutcomeStatus.CREATED
    assert outcome.warnings == (
        "No skill of the vocabulary is near 'juggling burning torches'; it is kept, and not used.",
    )


def test_a_dry_run_says_the_same_and_keeps_nothing(world: World) -> None:
    records = [credential("c-1", "Databases", "SQL"), credential("c-2", "Welding", "weld metal")]

    planned = list(world.intake.plan_many(DEFAULT_TENANT, records))
    seq = world.records.last_seq(DEFAULT_TENANT)

    assert planned == world.put(*records)
    assert world.records.last_seq(DEFAULT_TENANT) == seq + 2


def test_of_two_records_with_one_id_the_later_stands(world: World) -> None:
    outcomes = world.put(credential("c-1", "First"), credential("c-1", "Second"))

    assert [(each.status, each.revision) for each in outcomes] == [
        (OutcomeStatus.CREATED, 1),
        (OutcomeStatus.UPDATED, 2),
    ]
    record = kept(world, Kind.CREDENTIAL, "c-1").record
    assert isinstance(record, Credential)
    assert record.name == "Second"


def test_a_record_without_a_visible_word_is_rejected_and_costs_the_others_nothing(
    world: World,
) -> None:
    blank = credential("c-blank", "\u200b\u2060")

    outcomes = world.put(credential("c-1", "Databases", "SQL"), blank, credential("c-2", "More"))

    assert [each.status for each in outcomes] == [
        OutcomeStatus.CREATED,
        OutcomeStatus.REJECTED,
        OutcomeStatus.CREATED,
    ]
    assert "without a visible character" in outcomes[1].reason
    with pytest.raises(InvalidRecord):
        world.intake.put(DEFAULT_TENANT, blank)


def test_what_is_deleted_is_gone_from_the_store_and_from_answers(world: World) -> None:
    world.put(credential("c-1", "Databases", "SQL"))

    world.intake.delete(DEFAULT_TENANT, Kind.CREDENTIAL, "c-1")

    assert world.records.find(DEFAULT_TENANT, Kind.CREDENTIAL, ["c-1"]) == {}
    assert world.answers.indexed(DEFAULT_TENANT)[Kind.CREDENTIAL] == 0
    with pytest.raises(NotFound, match="There is no credential with the id 'c-1'"):
        world.intake.delete(DEFAULT_TENANT, Kind.CREDENTIAL, "c-1")


def test_what_comes_back_after_a_deletion_goes_on_from_its_last_revision(world: World) -> None:
    world.put(credential("c-1", "Databases", "SQL"))
    world.intake.delete(DEFAULT_TENANT, Kind.CREDENTIAL, "c-1")

    outcome = world.put(credential("c-1", "Databases", "SQL"))[0]

    assert outcome.status is OutcomeStatus.CREATED
    assert outcome.revision == kept(world, Kind.CREDENTIAL, "c-1").revision > 1


def test_a_skill_whose_words_stay_keeps_its_vector(world: World) -> None:
    before = kept(world, Kind.SKILL, "s:sql").vector
    described = skill("s:sql", "SQL", "structured query language")

    world.put(skill("s:sql", "SQL", "sequel"))
    world.put(described)

    assert kept(world, Kind.SKILL, "s:sql").vector.tobytes() == before.tobytes()
    assert kept(world, Kind.SKILL, "s:sql").revision == 3


def test_deriving_again_links_by_the_words_that_came_later(world: World) -> None:
    world.put(credential("c-1", "Circus", "juggling burning torches"))
    world.put(skill("s:juggle", "juggling burning torches"))

    count = world.intake.rederive(DEFAULT_TENANT)

    links = kept(world, Kind.CREDENTIAL, "c-1").links
    assert [link.skill for link in links if link.source is LinkSource.STATED] == ["s:juggle"]
    assert count == 7


def test_a_learners_wish_is_no_evidence(world: World) -> None:
    wish = "I clean offices. I want to weld metal."
    world.put(learner("l-1", text=wish), learner("l-2", text="I weld metal."))

    assert "s:weld" not in {link.skill for link in kept(world, Kind.LEARNER, "l-1").links}
    assert "s:weld" in {link.skill for link in kept(world, Kind.LEARNER, "l-2").links}


def test_skills_that_come_first_are_known_to_the_credentials_that_follow(world: World) -> None:
    world.put(
        skill("s:juggle", "juggling burning torches"),
        credential("c-1", "Circus", "juggling burning torches"),
    )

    assert "s:juggle" in {link.skill for link in kept(world, Kind.CREDENTIAL, "c-1").links}


def test_an_unknown_skill_id_is_kept_and_reported(world: World) -> None:
    record = Credential(
        id=CredentialId("c-1"),
        name="Databases",
        provider=credential("x", "x").provider,
        skills=(StatedSkill(id=SkillId("s:none")),),
    )

    outcome = world.put(record)[0]

    assert "'s:none'" in outcome.warnings[0]
