"""Similar items: across kinds, without the examples, with the skills that they share."""

import pytest

from service.answers import RecordKey, SimilarAnswer, SimilarQuestion, Strategy
from service.domain.ids import DEFAULT_TENANT
from service.domain.record import Kind
from service.errors import InvalidQuestion, NotFound
from tests.builders.worlds import World, credential, job, learner, stated

SQL = RecordKey(Kind.CREDENTIAL, "c-sql")
WELD = RecordKey(Kind.CREDENTIAL, "c-weld")


@pytest.fixture
def catalog(world: World) -> World:
    world.put(
        credential("c-sql", "SQL databases", "SQL"),
        credential("c-sql2", "SQL database queries", "SQL", "use spreadsheets software"),
        credential("c-weld", "Welding metal", "weld metal"),
        job("j-data", "SQL database analyst", *stated("SQL")),
        job("j-weld", "Metal welder", *stated("weld metal")),
        learner("l-1", "SQL", text="I query SQL databases."),
    )
    return world


def ask(world: World, kind: Kind, *positive: RecordKey, **facts: object) -> SimilarAnswer:
    question = SimilarQuestion(
        positive=positive,
        kind=kind,
        **facts,  # type: ignore[arg-type]  # each test names the facts that it is about
    )
    return world.similar.similar(DEFAULT_TENANT, question)


def test_what_is_like_a_credential_is_found_without_it_and_with_the_shared_skills(
    catalog: World,
) -> None:
    answer = ask(catalog, Kind.CREDENTIAL, SQL)

    assert [item.id for item in answer.items] == ["c-sql2", "c-weld"]
    assert answer.items[0].name == "SQL database queries"
    assert answer.items[0].shared[0] == "s:sql"
    assert answer.labels["s:sql"] == "SQL"  # type: ignore[index]  # ids are strings
    assert 1 >= answer.items[0].similarity > answer.items[1].similarity >= -1


@pytest.mark.parametrize("strategy", list(Strategy))
def test_a_credential_finds_jobs_and_one_not_to_be_like_turns_them_away(
    catalog: World, strategy: Strategy
) -> None:
    like = ask(catalog, Kind.JOB, SQL, strategy=strategy)
    unlike = ask(catalog, Kind.JOB, WELD, negative=(SQL,), strategy=strategy)

    assert [item.id for item in like.items] == ["j-data", "j-weld"]
    assert [item.id for item in unlike.items] == ["j-weld", "j-data"]


def test_a_learner_and_a_skill_may_be_examples(catalog: World) -> None:
    by_learner = ask(catalog, Kind.CREDENTIAL, RecordKey(Kind.LEARNER, "l-1"), limit=1)
    by_skill = ask(catalog, Kind.JOB, RecordKey(Kind.SKILL, "s:weld"), limit=1)
    skills = ask(catalog, Kind.SKILL, WELD, limit=1)

    assert [item.id for item in by_learner.items] == ["c-sql"]
    assert [(item.id, item.shared) for item in by_skill.items] == [("j-weld", ("s:weld",))]
    assert [(item.id, item.shared) for item in skills.items] == [("s:weld", ("s:weld",))]


def test_a_similarity_is_the_cosine_of_the_kept_vectors(catalog: World) -> None:
    kept = catalog.records.find(DEFAULT_TENANT, Kind.CREDENTIAL, ["c-sql", "c-sql2"])

    [first, *_] = ask(catalog, Kind.CREDENTIAL, SQL).items

    cosine = float(kept["c-sql"].vector @ kept["c-sql2"].vector)
    assert first.similarity == pytest.approx(cosine, abs=1e-6)


def test_nothing_of_a_kind_is_no_error(catalog: World) -> None:
    assert ask(catalog, Kind.OCCUPATION, SQL).items == ()
    assert ask(catalog, Kind.OCCUPATION, SQL, strategy=Strategy.BEST_SCORE).items == ()


def test_learners_are_never_found_and_bad_examples_are_named(catalog: World) -> None:
    with pytest.raises(InvalidQuestion, match="learners are not found"):
        ask(catalog, Kind.LEARNER, SQL)
    with pytest.raises(InvalidQuestion, match="names no record"):
        ask(catalog, Kind.JOB)
    with pytest.raises(InvalidQuestion, match="among the positive") as both:
        ask(catalog, Kind.JOB, SQL, negative=(WELD, SQL))
    assert both.value.field == "negative.1"
    with pytest.raises(NotFound, match="no job with the id 'j-404'"):
        ask(catalog, Kind.JOB, RecordKey(Kind.JOB, "j-404"))
