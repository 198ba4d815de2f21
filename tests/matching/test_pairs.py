"""Pairs: which texts of a record belong together, and whose texts never leave."""

from service.domain.ids import SkillId
from service.domain.job import Occupation
from service.domain.record import Record
from service.domain.skill import LinkSource, Skill, SkillLink
from service.matching.pairs import Pair, PairSource, pairs_of
from tests.builders.records import a_full_link, a_link, derived
from tests.builders.worlds import credential, job, learner

LABELS = {SkillId("skill:welding"): "weld metal"}


def pairs(record: Record, *links: SkillLink) -> list[Pair]:
    return list(pairs_of(derived(record, *links), LABELS.get))


def test_a_skills_other_names_and_its_description_belong_to_its_label() -> None:
    found = pairs(
        Skill(
            id=SkillId("s:1"),
            preferred_label="weld metal",
            alt_labels=("metal welding", "Weld metal"),
            description="Join pieces of metal by heat.",
        )
    )

    assert [(pair.anchor, pair.positive, pair.source) for pair in found] == [
        ("metal welding", "weld metal", PairSource.SKILL_ALT_LABEL),
        ("weld metal", "Join pieces of metal by heat.", PairSource.SKILL_DESCRIPTION),
    ]
    assert {pair.group for pair in found} == {"skill:s:1"}
    assert {pair.negative for pair in found} == {None}


def test_an_occupation_belongs_to_its_titles_tasks_technologies_and_weighted_skills() -> None:
    occupation = Occupation(
        id="onet:51-4121.00",  # type: ignore[arg-type]  # an id as any other
        title="Welders",
        alt_titles=("Pipe Welder",),
        tasks=("Weld components in flat positions.",),
        technologies=("Autodesk AutoCAD",),
    )

    found = pairs(occupation, a_link(weight=0.5), a_link("skill:forgotten"))

    assert {pair.anchor for pair in found} == {"Welders"}
    assert [(pair.positive, pair.source, pair.weight) for pair in found] == [
        ("Pipe Welder", PairSource.OCCUPATION_ALT_TITLE, 1.0),
        ("Weld components in flat positions.", PairSource.OCCUPATION_TASK, 1.0),
        ("Autodesk AutoCAD", PairSource.OCCUPATION_TECHNOLOGY, 1.0),
        ("weld metal", PairSource.OCCUPATION_SKILL, 0.5),
    ]


def test_a_credential_belongs_to_what_it_states_and_not_to_what_was_inferred() -> None:
    record = credential("c-1", "Metal Shop", description="A course for beginners.")
    assert a_link().source is LinkSource.INFERRED

    found = pairs(record, a_link(), a_full_link())

    assert [(pair.anchor, pair.positive, pair.source) for pair in found] == [
        ("Metal Shop", "weld metal", PairSource.CREDENTIAL_SKILL),
        ("Metal Shop", "A course for beginners.", PairSource.CREDENTIAL_DESCRIPTION),
    ]


def test_a_job_belongs_to_its_text_and_one_without_a_text_gives_nothing() -> None:
    said = pairs(job("j-1", "Welder", text="You weld pipes."))

    assert [(pair.anchor, pair.positive) for pair in said] == [("Welder", "You weld pipes.")]
    assert pairs(job("j-2", "Welder")) == []


def test_nothing_of_a_learner_is_a_pair() -> None:
    assert pairs(learner("ada", "weld metal", text="I weld at the yard."), a_full_link()) == []
