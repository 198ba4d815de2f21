"""Wording: the words that go into the search for credentials and people."""

from service.answers import CandidatesQuestion, JobsQuestion, RecommendQuestion
from service.domain.goal import Goal
from service.domain.ids import DEFAULT_TENANT, SkillId
from service.domain.learner import Evidence
from service.domain.record import Kind
from service.domain.skill import StatedSkill
from service.matching.gaps import measure
from service.matching.wording import gap_words
from tests.builders.worlds import World, credential, job, learner


def words_for(world: World, goal: Goal, evidence: tuple[Evidence, ...] = ()) -> str:
    tenant = world.tenants.get(DEFAULT_TENANT)
    aim = tenant.goals.read(goal)
    gap = measure(aim.reading, evidence, tenant.goals.posed(aim.reading).asked)
    return gap_words(gap, tenant.view.skills)


def test_the_words_for_a_gap_are_the_goals_and_the_labels_of_what_is_open(world: World) -> None:
    goal = Goal(skills=(StatedSkill(name="SQL"), StatedSkill(name="weld metal")))

    words = words_for(world, goal)

    assert words == "SQL; weld metal. SQL. weld metal"


def test_a_goal_in_free_text_is_searched_by_its_own_words_too(world: World) -> None:
    words = words_for(world, Goal(text="I want the SQL badge of Lakefield"))

    assert words.startswith("I want the SQL badge of Lakefield")


def test_questions_search_by_word_what_their_records_say(world: World) -> None:
    person = learner("l-1", "SQL", text="Holds OSHA 10 and likes SQL")
    opening = job("j-1", "OSHA 10 inspector", StatedSkill(name="SQL"))
    course = credential("c-1", "SQL for beginners", "SQL")
    world.put(person, opening, course)
    view = world.tenants.get(DEFAULT_TENANT).view

    matches = world.answers.candidates(DEFAULT_TENANT, CandidatesQuestion(job=opening, stored=True))
    jobs = world.answers.jobs(DEFAULT_TENANT, JobsQuestion(learner=person, stored=True))
    goal = Goal(skills=(StatedSkill(name="weld metal"), StatedSkill(name="SQL")))
    asked = RecommendQuestion(learner=learner("l-2", "weld metal"), stored=False, goal=goal)
    found = world.answers.recommend(DEFAULT_TENANT, asked)

    assert [each.id for each in matches.items] == ["l-1"]
    assert [each.id for each in jobs.items] == ["j-1"]
    assert [each.id for each in found.items] == ["c-1"]
    assert [hit.id for hit in view.learners.search("osha 10", k=5)] == ["l-1"]
    assert [hit.id for hit in view.jobs.search("osha 10", k=5)] == ["j-1"]


def test_erasing_a_learner_erases_their_words_from_the_view(world: World) -> None:
    world.put(learner("l-1", "SQL", text="Zbigniew asks databases"))
    view = world.tenants.get(DEFAULT_TENANT).view
    assert [hit.id for hit in view.learners.search("zbigniew", k=5)] == ["l-1"]

    world.intake.delete(DEFAULT_TENANT, Kind.LEARNER, "l-1")

    assert view.learners.search("zbigniew", k=5) == []
    assert (
        SkillId("s:sql")
        not in view.learners.retrieve(
            world.desk.encoder.encode(["SQL"])[0],
            k=5,
            skills=[SkillId("s:sql")],
            today=world.desk.today(),
            words="zbigniew",
        ).vocabulary
    )
