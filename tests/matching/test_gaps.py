"""Gaps: covered and open together are what the goal asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.answer import GoalReading
from service.domain.ids import SkillId
from service.domain.job import Requirement
from service.domain.learner import Evidence
from service.domain.skill import EvidenceClass, Importance, LinkSource
from service.matching.gaps import ask, measure
from tests.builders.skills import QUERYING, SQL, TEACHING, WELDING, a_vocabulary

VOCABULARY = a_vocabulary()


def evidence(skill: SkillId, strength: float = 0.9) -> Evidence:
    return Evidence(
        skill=skill,
        evidence=EvidenceClass.GRADED,
        source=LinkSource.STATED,
        strength=strength,
        confidence=1.0,
        field="skills.0",
        text=skill,
    )


def a_reading(*needs: Requirement) -> GoalReading:
    return GoalReading(goal=None, described_as="a goal", requirements=needs)


def test_what_the_evidence_covers_is_held_and_the_rest_is_open() -> None:
    reading = a_reading(Requirement(skill=SQL), Requirement(skill=WELDING, weight=0.5))

    gap = measure(reading, [evidence(SQL)], ask(reading.requirements, VOCABULARY)).gap

    assert [row.requirement.skill for row in gap.held] == [SQL]
    assert [row.requirement.skill for row in gap.open] == [WELDING]
    assert gap.coverage == pytest.approx(0.9 / 1.5, abs=1e-4)
    assert [each.skill for each in gap.evidence] == [SQL]


def test_a_neighboring_skill_covers_by_a_bridge_that_is_named() -> None:
    reading = a_reading(Requirement(skill=SQL))

    gap = measure(reading, [evidence(QUERYING, 1.0)], ask(reading.requirements, VOCABULARY)).gap

    assert [(each.from_skill, each.to_skill, each.weight) for each in gap.bridges] == [
        (QUERYING, SQL, 0.53)
    ]
    assert gap.held[0].nearest == QUERYING


def test_a_preferred_skill_weighs_half() -> None:
    reading = a_reading(
        Requirement(skill=SQL), Requirement(skill=WELDING, importance=Importance.PREFERRED)
    )

    gap = measure(reading, [evidence(SQL, 1.0)], ask(reading.requirements, VOCABULARY)).gap

    assert gap.coverage == pytest.approx(1 / 1.5, abs=1e-4)


def test_what_is_covered_needs_nothing_more() -> None:
    reading = a_reading(Requirement(skill=SQL), Requirement(skill=WELDING))

    found = measure(reading, [evidence(SQL, 0.5)], ask(reading.requirements, VOCABULARY))

    assert found.need.tolist() == [0.0, 1.0]


@given(
    st.sets(st.sampled_from([SQL, QUERYING, WELDING, TEACHING]), min_size=1),
    st.dictionaries(st.sampled_from([SQL, QUERYING, WELDING, TEACHING]), st.floats(0.1, 1.0)),
)
def test_held_and_open_together_are_all_that_is_asked_for(
    wanted: set[SkillId], has: dict[SkillId, float]
) -> None:
    reading = a_reading(*(Requirement(skill=skill) for skill in sorted(wanted)))

    asked = ask(reading.requirements, VOCABULARY)
    gap = measure(reading, [evidence(*each) for each in has.items()], asked).gap

    held = {row.requirement.skill for row in gap.held}
    still_open = {row.requirement.skill for row in gap.open}
    assert held | still_open == wanted
    assert held & still_open == set()
