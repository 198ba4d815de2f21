"""Which credential next where nobody states a skill: told by what titles are about."""

import pytest

from service.answers import RecommendQuestion
from service.domain.answer import RecommendationAnswer
from service.domain.goal import Goal
from service.domain.ids import DEFAULT_TENANT, CredentialId
from service.domain.learner import HeldCredential
from service.errors import GoalWithoutSkills
from service.matching.topics import TOPICS, load_topics
from service.models import GuardedEncoder
from tests.builders.memory_records import MemoryRecords
from tests.builders.worlds import World, a_world, credential, learner, skill

GOAL = Goal(text="deep neural networks in practice")


@pytest.fixture
def titles(encoder: GuardedEncoder) -> World:
    """A world of bare titles, in which no skill has a word in common with the goal."""
    made = a_world(MemoryRecords(), encoder, load_topics(TOPICS))
    made.put(skill("s:weld", "weld metal"))
    made.put(
        credential("c-deep", "Deep Learning Foundations"),
        credential("c-machine", "Machine Learning with Python"),
        credential("c-law", "Contract Law for Everyone"),
    )
    return made


def ask(world: World, *held: str) -> RecommendationAnswer:
    who = learner(
        "l-1",
        text="I keep the books.",
        goal=GOAL,
        credentials=tuple(HeldCredential(id=CredentialId(each)) for each in held),
    )
    return world.answers.recommend(DEFAULT_TENANT, RecommendQuestion(learner=who, stored=False))


def test_a_goal_of_which_no_skill_is_known_is_answered_by_topics_and_says_so(
    titles: World,
) -> None:
    answer = ask(titles)

    assert [item.id for item in answer.items][:2] == ["c-deep", "c-machine"]
    assert all(not item.added for item in answer.items)
    assert answer.gap.reading.requirements == ()
    assert (
        "No skill is known of what 'deep neural networks in practice' asks for; the list goes by "
        "what such titles are about."
    ) in answer.warnings


def test_what_a_credential_held_is_about_is_asked_for_no_more(titles: World) -> None:
    gain = {item.id: item.components["gap"] for item in ask(titles).items}

    holding = {item.id: item.components["gap"] for item in ask(titles, "c-machine").items}

    assert "c-machine" not in holding
    deep = CredentialId("c-deep")
    assert holding[deep] != gain[deep]


def test_where_credentials_state_their_skills_such_a_goal_is_refused(
    encoder: GuardedEncoder,
) -> None:
    stating = a_world(MemoryRecords(), encoder, load_topics(TOPICS))
    stating.put(skill("s:weld", "weld metal"))
    stating.put(credential("c-weld", "Welding", "weld metal"))

    with pytest.raises(GoalWithoutSkills, match="Name an occupation, a job or some skills"):
        ask(stating)
