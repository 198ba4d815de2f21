"""Goals, with the real model and the taxonomies that ship: by id, by title, in words, or none."""

import pytest

from service.answers import RecommendQuestion
from service.domain.answer import GoalReading
from service.domain.goal import Goal
from service.domain.ids import DEFAULT_TENANT, LearnerId
from service.domain.learner import Learner
from service.domain.skill import StatedSkill
from service.matching.occupations import is_aspiration, without_facts, without_intent
from service.wiring import Services


def reading(services: Services, goal: Goal | None, text: str = "I keep books.") -> GoalReading:
    learner = Learner(id=LearnerId("l-asking"), text=text)
    question = RecommendQuestion(learner=learner, stored=False, goal=goal)
    return services.answers.recommend(DEFAULT_TENANT, question).gap.reading


@pytest.mark.parametrize(
    ("goal", "occupation"),
    [
        (Goal(occupation="onet:29-2072.00"), "onet:29-2072.00"),
        (Goal(occupation="Medical Records Specialists"), "onet:29-2072.00"),
        (Goal(occupation="medical records specialist"), "onet:29-2072.00"),
        (Goal(text="I want to become a registered nurse"), "onet:29-1141.00"),
        (Goal(text="data scientist"), "onet:15-2051.00"),
        (Goal(text="welder"), "onet:51-4121.00"),
    ],
)
def test_a_goal_names_an_occupation_by_id_by_title_or_in_a_sentence(
    sample_services: Services, goal: Goal, occupation: str
) -> None:
    found = reading(sample_services, goal)

    assert found.occupations[0][0] == occupation
    assert len(found.requirements) > 5
    assert max(need.weight for need in found.requirements) == 1.0


def test_a_goal_of_skills_asks_for_just_these(sample_services: Services) -> None:
    goal = Goal(skills=(StatedSkill(name="SQL"), StatedSkill(name="Microsoft Excel", weight=0.5)))

    found = reading(sample_services, goal)

    assert sorted(need.weight for need in found.requirements) == [0.5, 1.0]
    assert found.occupations == ()


def test_skills_that_a_goal_mentions_are_asked_for_beside_the_occupations(
    sample_services: Services,
) -> None:
    plain = reading(sample_services, Goal(text="bookkeeper"))
    more = reading(sample_services, Goal(text="bookkeeper who uses Python"))

    extra = {need.text for need in more.requirements} - {need.text for need in plain.requirements}
    assert "Python" in extra
    assert more.occupations == plain.occupations


def test_one_word_of_a_sentence_does_not_decide_the_occupation(sample_services: Services) -> None:
    goal = Goal(text="put machine learning models into production as an engineer in the cloud")

    found = reading(sample_services, goal)

    assert "Blockchain" not in found.described_as


def test_without_a_goal_the_demand_near_the_profile_stands_in_and_the_answer_says_so(
    sample_services: Services,
) -> None:
    found = reading(sample_services, None, "I weld pipes and read blueprints in a shipyard.")

    assert found.inferred
    assert found.described_as.startswith("demand near the profile (")
    (told,) = found.warnings
    assert told.startswith("No goal was given; what the jobs nearest to the profile ask for")


def test_a_title_that_nobody_goes_by_is_read_as_the_nearest_one_with_a_warning(
    sample_services: Services,
) -> None:
    found = reading(sample_services, Goal(text="fix computers for a living"))

    assert "No occupation goes by" in found.warnings[0]
    assert "Computer" in found.described_as


@pytest.mark.parametrize(
    ("words", "goal"),
    [
        ("I want to become a nurse.", "nurse"),
        ("become an electrician", "electrician"),
        ("work as a data analyst", "data analyst"),
        ("nurse", "nurse"),
        ("I drive trucks and want to work in logistics", "logistics"),
        ("I am a retail cashier and would like to work in IT support", "IT support"),
        ("Stay-at-home parent interested in child care", "child care"),
        ("In-home nurse", "In-home nurse"),
    ],
)
def test_the_opening_words_of_a_wish_are_no_part_of_the_goal(words: str, goal: str) -> None:
    assert without_intent(words) == goal


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("I would like to work with data", True),
        ("My goal is nursing", True),
        ("I'd love to weld", True),
        ("I kept the books for nine years", False),
        ("Hope Street Bakery, cashier", False),
    ],
)
def test_a_wish_is_told_from_experience(text: str, wish: bool) -> None:
    assert is_aspiration(text) is wish


@pytest.mark.parametrize(
    ("goal", "wish"),
    [
        ("I write SQL; next I want to lead a team", "next I want to lead a team"),
        ("I fix cars. Train as a nurse.", "Train as a nurse."),
        ("become a designer: research, wireframes", "become a designer: research, wireframes"),
        ("I teach", "I teach"),
    ],
)
def test_what_somebody_does_already_is_no_part_of_the_goal(goal: str, wish: str) -> None:
    assert without_facts(goal) == wish
