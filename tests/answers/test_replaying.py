"""A logged answer is computed anew to the bit, or what has changed since is named."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from service.answers import (
    CandidatesQuestion,
    ExplainQuestion,
    JobsQuestion,
    PathwayQuestion,
    RecommendQuestion,
    Replaying,
    UnloggedDecisions,
)
from service.answers.canonical import is_same_scores
from service.answers.decisions import LOG_OFF
from service.domain.condition import Condition, ConditionField
from service.domain.credential import Status
from service.domain.decision import ChangedRecord, Replay, Verdict
from service.domain.goal import Goal
from service.domain.ids import DEFAULT_TENANT, CredentialId, JobId
from service.domain.learner import Experience, HeldCredential, Learner
from service.domain.record import Kind
from service.domain.skill import EvidenceClass, Importance, StatedSkill
from service.errors import InvalidQuestion, NotFound
from service.matching.ports import Encoder
from service.planning import HighsSolver
from service.storage import SqliteStore
from tests.builders.memory_records import MemoryRecords
from tests.builders.worlds import World, a_world, credential, job, learner, skill, stated

HERE = DEFAULT_TENANT
GOAL = Goal(skills=stated("SQL", "weld metal", "teach children"))
VOCABULARY = (
    skill("s:sql", "SQL"),
    skill("s:sheets", "use spreadsheets software"),
    skill("s:weld", "weld metal"),
    skill("s:teach", "teach children"),
    skill("s:audit", "audit financial statements"),
)
WORDS = "CANARY I kept the books of a bakery."


@pytest.fixture
def world(world: World) -> World:
    """The small world with a catalog, two learners and two jobs."""
    fill(world)
    return world


def fill(world: World) -> None:
    world.put(
        credential("c-sql", "Databases", "SQL", url="https://lakefield.example/sql"),
        credential("c-both", "Shop and databases", "SQL", "weld metal", status=Status.ACTIVE),
        credential("c-audit", "Auditing", "audit financial statements"),
        learner(
            "l-ada",
            "use spreadsheets software",
            goal=GOAL,
            text=WORDS,
            credentials=(HeldCredential(id=CredentialId("c-audit"), issued=date(2025, 3, 1)),),
            experience=(Experience(title="Bookkeeper", start=date(2020, 1, 1)),),
        ),
        learner("l-bob", "SQL", goal=GOAL),
        job("j-data", "Data clerk", StatedSkill(name="SQL", importance=Importance.REQUIRED)),
        job("j-shop", "Welder", StatedSkill(name="weld metal", importance=Importance.PREFERRED)),
    )


def ada(world: World) -> Learner:
    found = world.answers.read(HERE, Kind.LEARNER, "l-ada").record
    assert isinstance(found, Learner)
    return found


def recommended(world: World, **facts: object) -> str:
    given = {"learner": ada(world), "stored": True} | facts
    question = RecommendQuestion(**given)  # type: ignore[arg-type]  # each test names its facts
    return world.answers.recommend(HERE, question).recommendation_id


def found_pathway(world: World, **facts: object) -> str:
    given = {"learner": ada(world), "stored": True, "seconds": 10.0} | facts
    question = PathwayQuestion(**given)  # type: ignore[arg-type]  # each test names its facts
    return world.pathways.find(HERE, question).pathway_id


def replayed(world: World, decision: str, subject: Learner | None = None) -> Replay:
    return world.replaying.replay(HERE, decision, subject=subject)


def test_every_kind_of_answer_comes_again_to_the_bit(world: World) -> None:
    limits = (Condition(field=ConditionField.COST, at_most=300.5, currency="USD"),)
    wanted = world.answers.read(HERE, Kind.JOB, "j-data").record
    answers = world.answers
    decisions = [
        recommended(world),
        recommended(world, goal=Goal(text="data clerk"), conditions=limits, threshold=12.5),
        answers.candidates(HERE, CandidatesQuestion(job=wanted, stored=True)).match_id,  # type: ignore[arg-type]  # a job
        answers.jobs(HERE, JobsQuestion(learner=ada(world), stored=True)).match_id,
        world.explaining.explain(
            HERE,
            ExplainQuestion(learner=ada(world), stored=True, credential=CredentialId("c-sql")),
        ).explanation_id,
        found_pathway(world),
    ]

    found = [replayed(world, each) for each in decisions]

    assert [each.verdict for each in found] == [Verdict.SAME] * 6
    assert [(each.records, each.versions, each.index_version) for each in found] == [
        ((), (), None)
    ] * 6


def test_it_comes_again_after_the_store_was_closed_and_opened(
    encoder: Encoder, tmp_path: Path
) -> None:
    with SqliteStore.open(tmp_path, create=True) as store:
        before = a_world(store, encoder)
        before.put(*VOCABULARY)
        fill(before)
        decision = recommended(before)

    with SqliteStore.open(tmp_path, create=False) as store:
        after = a_world(store, encoder)
        logged = after.replaying.decision(HERE, decision)
        found = replayed(after, decision)

    assert found.verdict is Verdict.SAME
    assert json.loads(logged.answer or "")["items"][0]["id"] == "c-both"
    assert {(each.kind, each.id, each.revision) for each in logged.records} == {
        (Kind.LEARNER, "l-ada", 1),
        (Kind.CREDENTIAL, "c-both", 1),
        (Kind.CREDENTIAL, "c-sql", 1),
    }


def test_it_is_computed_at_the_time_at_which_it_was_given(world: World) -> None:
    lapsing = learner(
        "l-ada",
        goal=GOAL,
        credentials=(HeldCredential(id=CredentialId("c-both"), expires=date(2026, 11, 30)),),
    )
    world.put(lapsing)
    decision = recommended(world)
    later = world.desk.as_of(world.desk.clock.now() + timedelta(days=30))

    found = Replaying(later, HighsSolver()).replay(HERE, decision)

    assert found.verdict is Verdict.SAME


def test_the_same_answer_is_told_from_the_same_store(world: World) -> None:
    decision = recommended(world)
    world.put(learner("l-far", "teach children"))

    found = replayed(world, decision)

    assert found.verdict is Verdict.SAME
    assert found.index_version is not None
    assert int(found.index_version.after) == int(found.index_version.before) + 1
    assert (found.records, found.others) == ((), 1)


def test_a_changed_revision_is_named_with_what_differs(world: World) -> None:
    decision = recommended(world)
    world.put(credential("c-sql", "Databases and welding", "SQL", "weld metal"))
    world.put(credential("c-sql", "Databases", "SQL", "weld metal", "teach children"))

    found = replayed(world, decision)

    assert found.verdict is Verdict.DIFFERENT
    assert found.records == (ChangedRecord(kind=Kind.CREDENTIAL, id="c-sql", before=1, after=3),)
    assert found.differs_in == ("items", "objective_value")


def test_a_new_record_that_would_be_listed_and_a_held_one_that_changed_are_named(
    world: World,
) -> None:
    decision = recommended(world)
    world.put(
        credential("c-new", "All at once", "SQL", "weld metal", "teach children"),
        credential("c-audit", "Auditing", "audit financial statements", "SQL"),
        credential("c-far", "Glass", "blow glass"),
    )

    found = replayed(world, decision)

    assert found.verdict is Verdict.DIFFERENT
    assert ChangedRecord(kind=Kind.CREDENTIAL, id="c-new", before=0, after=1) in found.records
    assert ChangedRecord(kind=Kind.CREDENTIAL, id="c-audit", before=None, after=2) in found.records
    assert found.others == 1


def test_a_record_that_is_gone_is_named(world: World) -> None:
    wanted = world.answers.read(HERE, Kind.JOB, "j-data").record
    question = CandidatesQuestion(job=wanted, stored=True)  # type: ignore[arg-type]  # a job
    decision = world.answers.candidates(HERE, question).match_id
    world.intake.delete(HERE, Kind.JOB, "j-data")

    found = replayed(world, decision)

    assert found.verdict is Verdict.IMPOSSIBLE
    assert found.reason == "There is no job with the id 'j-data'."
    assert found.records == (ChangedRecord(kind=Kind.JOB, id="j-data", before=1, after=None),)


def test_what_was_erased_with_a_learner_is_said_to_be(world: World) -> None:
    decision = recommended(world)
    wanted = world.answers.read(HERE, Kind.JOB, "j-data").record
    question = CandidatesQuestion(job=wanted, stored=True)  # type: ignore[arg-type]  # a job
    of_bob = world.answers.candidates(HERE, question).match_id
    world.intake.delete(HERE, Kind.LEARNER, "l-ada")

    found = replayed(world, decision)

    assert found.verdict is Verdict.IMPOSSIBLE
    assert found.reason.startswith("It was erased on 20")
    assert replayed(world, of_bob).differs_in == ("near_miss_count",)


def test_another_model_and_another_taxonomy_are_named(world: World) -> None:
    decision = recommended(world)
    logged = world.replaying.decision(HERE, decision)
    older = replace(
        logged,
        id="older",
        model_hash="0" * 64,
        versions=replace(
            logged.versions, model_version="older-1", taxonomy_versions={"esco": "1.1"}
        ),
    )
    world.records.decisions.append(HERE, [older])

    found = replayed(world, "older")

    named = [(each.name, each.before, each.after) for each in found.versions]
    assert named == [
        ("model", "older-1", world.desk.encoder.model_version),
        ("taxonomy esco", "1.1", "none"),
    ]
    assert found.verdict is Verdict.SAME


def test_of_an_inline_learner_nothing_is_kept_but_the_hash(world: World) -> None:
    guest = learner("l-guest", "use spreadsheets software", text=WORDS, goal=GOAL)

    decision = recommended(world, learner=guest, stored=False)

    logged = world.replaying.decision(HERE, decision)
    kept = f"{logged.request}{logged.answer}{logged.records}"
    assert [
        word for word in ("CANARY", "l-guest", "spreadsheets", "s:sheets") if word in kept
    ] == []
    assert [each["id"] for each in json.loads(logged.answer or "")["items"]] == ["c-both", "c-sql"]
    assert replayed(world, decision).verdict is Verdict.IMPOSSIBLE
    assert "hash of the record" in replayed(world, decision).reason


def test_of_an_inline_job_near_misses_are_kept_apart_from_candidates(world: World) -> None:
    wanted = job(
        "j-guest",
        "Clerk",
        StatedSkill(name="SQL", importance=Importance.REQUIRED),
        StatedSkill(name="use spreadsheets software"),
    )
    question = CandidatesQuestion(job=wanted, stored=False, near_misses=True)

    answer = world.answers.candidates(HERE, question)

    text = world.replaying.decision(HERE, answer.match_id).answer or ""
    kept = json.loads(text)
    assert [each["id"] for each in kept["items"]] == ["l-bob"]
    assert [each["id"] for each in kept["near_misses"]] == ["l-ada"]
    # Earlier versions wrote them in one list.
    before = json.dumps(
        {"items": kept["items"] + kept["near_misses"]},
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    assert is_same_scores(text, answer)
    assert is_same_scores(before, answer)
    assert not is_same_scores(before, replace(answer, near_misses=()))


def test_of_a_pathway_for_an_inline_learner_only_the_steps_and_their_gains_are_kept(
    world: World,
) -> None:
    guest = learner(
        "l-guest",
        "use spreadsheets software",
        text=WORDS,
        goal=GOAL,
        credentials=(HeldCredential(id=CredentialId("c-audit")),),
    )

    decision = found_pathway(world, learner=guest, stored=False)

    logged = world.replaying.decision(HERE, decision)
    kept = f"{logged.request}{logged.answer}{logged.records}"
    assert [word for word in ("CANARY", "l-guest", "spreadsheets", "c-audit") if word in kept] == []
    [step] = json.loads(logged.answer or "")["items"]
    assert step.keys() == {"id", "rank", "components"}
    assert (step["id"], step["rank"]) == ("c-both", 1)
    assert replayed(world, decision).verdict is Verdict.IMPOSSIBLE
    assert replayed(world, decision, guest).verdict is Verdict.SAME


def test_a_pathway_names_the_step_that_has_changed(world: World) -> None:
    decision = found_pathway(world)
    world.put(credential("c-both", "Shop and databases", "weld metal", status=Status.ACTIVE))

    found = replayed(world, decision)

    assert found.verdict is Verdict.DIFFERENT
    assert found.records == (ChangedRecord(kind=Kind.CREDENTIAL, id="c-both", before=1, after=2),)


def test_given_the_same_inline_learner_again_it_is_computed_anew(world: World) -> None:
    guest = learner("l-guest", "use spreadsheets software", text=WORDS, goal=GOAL)
    decision = recommended(world, learner=guest, stored=False)

    assert replayed(world, decision, guest).verdict is Verdict.SAME
    with pytest.raises(InvalidQuestion, match="another hash"):
        replayed(world, decision, replace(guest, text="Someone else."))
    world.put(credential("c-both", "Shop", "weld metal"))
    assert replayed(world, decision, guest).differs_in == ("items",)


def test_an_inline_learner_who_may_be_kept_is_kept_and_erased_by_the_id(world: World) -> None:
    guest = learner("l-ada", "SQL", text=WORDS, goal=GOAL)
    decision = recommended(world, learner=guest, stored=False, keep=True)

    before = replayed(world, decision)
    world.intake.delete(HERE, Kind.LEARNER, "l-ada")

    assert before.verdict is Verdict.SAME
    assert replayed(world, decision).reason.startswith("It was erased on")


def test_an_answer_that_is_not_logged_says_so(world: World) -> None:
    off = replace(world.desk, decisions=UnloggedDecisions(world.records.decisions))
    question = RecommendQuestion(learner=ada(world), stored=True)

    answer = type(world.answers)(off).recommend(HERE, question)

    assert LOG_OFF in answer.warnings
    with pytest.raises(NotFound, match="no decision with the id"):
        replayed(world, answer.recommendation_id)


def test_a_goal_that_is_a_job_is_among_what_was_used(world: World) -> None:
    decision = recommended(world, goal=Goal(job=JobId("j-data")))
    world.put(job("j-data", "Data clerk", StatedSkill(name="weld metal")))

    found = replayed(world, decision)

    assert found.records == (ChangedRecord(kind=Kind.JOB, id="j-data", before=1, after=2),)
    assert "gap" in found.differs_in


def test_evidence_classes_survive_the_log(world: World) -> None:
    strong = StatedSkill(name="SQL", evidence=EvidenceClass.VERIFIED, date=date(2026, 1, 2))
    guest = Learner(id=ada(world).id, skills=(strong,), goal=GOAL)
    decision = recommended(world, learner=guest, stored=False, keep=True)

    assert replayed(world, decision).verdict is Verdict.SAME


def test_records_that_no_answer_lists_are_not_logged(encoder: Encoder) -> None:
    world = a_world(MemoryRecords(), encoder)
    world.put(skill("s:sql", "SQL"))
    world.put(*(learner(f"l-{number}", "SQL") for number in range(6)))
    world.put(job("j-1", "Data clerk", StatedSkill(name="SQL")))
    wanted = world.answers.read(HERE, Kind.JOB, "j-1").record
    question = CandidatesQuestion(job=wanted, stored=True, limit=2)  # type: ignore[arg-type]  # a job

    decision = world.answers.candidates(HERE, question).match_id

    logged = world.replaying.decision(HERE, decision)
    assert [each.id for each in logged.records] == ["j-1", "l-0", "l-1"]


def test_a_question_that_is_asked_in_another_form_by_now_is_said_to_be(world: World) -> None:
    logged = world.replaying.decision(HERE, recommended(world))
    request = (logged.request or "").replace('"stored":true', '"stored":"perhaps"')
    world.records.decisions.append(HERE, [replace(logged, id="older", request=request)])

    found = replayed(world, "older")

    assert found.verdict is Verdict.IMPOSSIBLE
    assert found.reason.startswith("This version of Onramp does not know the question")
