"""A person's word about a link: it counts at once, and through every re-run."""

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from service.answers import RecommendQuestion
from service.domain.credential import Credential
from service.domain.goal import Goal
from service.domain.ids import DEFAULT_TENANT, SkillId, TenantId
from service.domain.record import Kind
from service.domain.skill import LinkMethod, LinkSource, SkillLink
from service.domain.verdict import SkillVerdict, Verdict
from service.errors import InvalidRecord, NotFound, RecordChanged
from service.intake import Outcome, OutcomeStatus
from service.intake.committing import until_undisturbed
from service.matching.ports import RecordKey
from service.models import GuardedEncoder
from service.storage import STORE_FILE, SqliteStore
from tests.builders.memory_records import MemoryRecords
from tests.builders.worlds import World, a_world, credential, job, learner, skill, stated

DATABASES = RecordKey(Kind.CREDENTIAL, "c-1")


def say(world: World, key: RecordKey, skill_id: str, verdict: Verdict) -> Outcome:
    word = SkillVerdict(skill=SkillId(skill_id), verdict=verdict, note="asked the teacher")
    return world.intake.judge(DEFAULT_TENANT, key, word)


def links_of(world: World, key: RecordKey) -> dict[str, SkillLink]:
    stored = world.records.find(DEFAULT_TENANT, key.kind, [key.id])[key.id]
    return {link.skill: link for link in stored.links}


def recommended(world: World, *wanted: str) -> list[str]:
    question = RecommendQuestion(
        learner=learner("l-9", "teach children", goal=Goal(skills=stated(*wanted))), stored=False
    )
    return [item.id for item in world.answers.recommend(DEFAULT_TENANT, question).items]


def test_a_rejected_skill_is_no_link_and_no_longer_counts_in_recommendations(
    world: World,
) -> None:
    world.put(credential("c-1", "Databases", "SQL"))
    assert recommended(world, "SQL") == ["c-1"]

    outcome = say(world, DATABASES, "s:sql", Verdict.REJECTED)

    assert (outcome.status, outcome.revision) == (OutcomeStatus.UPDATED, 2)
    assert "s:sql" not in links_of(world, DATABASES)
    assert recommended(world, "SQL") == []


def test_a_confirmed_skill_that_nobody_found_is_a_link_and_counts(world: World) -> None:
    world.put(credential("c-1", "Databases", "SQL"))
    assert recommended(world, "weld metal") == []

    say(world, DATABASES, "s:weld", Verdict.CONFIRMED)

    assert links_of(world, DATABASES)["s:weld"] == SkillLink(
        skill=SkillId("s:weld"),
        weight=1.0,
        source=LinkSource.INFERRED,
        method=LinkMethod.PERSON,
        confidence=1.0,
        field="verdict",
        text="weld metal",
    )
    assert recommended(world, "weld metal") == ["c-1"]


def test_a_confirmed_skill_keeps_the_words_that_it_was_found_by(world: World) -> None:
    world.put(credential("c-1", "Shop class", description="They learn to weld metal."))
    before = links_of(world, DATABASES)["s:weld"]

    say(world, DATABASES, "s:weld", Verdict.CONFIRMED)

    after = links_of(world, DATABASES)["s:weld"]
    assert (after.field, after.text, after.span) == (before.field, before.text, before.span)
    assert (after.source, after.method) == (LinkSource.INFERRED, LinkMethod.PERSON)
    assert before.confidence < 1.0
    assert (after.weight, after.confidence) == (1.0, 1.0)


def test_what_a_record_states_keeps_its_source_when_it_is_confirmed(world: World) -> None:
    world.put(credential("c-1", "Databases", "SQL"))

    say(world, DATABASES, "s:sql", Verdict.CONFIRMED)

    link = links_of(world, DATABASES)["s:sql"]
    assert (link.source, link.method, link.field) == (
        LinkSource.STATED,
        LinkMethod.PERSON,
        "skills.0",
    )


def test_a_verdict_outlives_a_new_version_of_its_record(world: World) -> None:
    world.put(credential("c-1", "Databases", "SQL"))
    say(world, DATABASES, "s:sql", Verdict.REJECTED)
    say(world, DATABASES, "s:weld", Verdict.CONFIRMED)

    again = world.put(credential("c-1", "Databases", "SQL"))[0]
    changed = world.put(credential("c-1", "Databases I", "SQL", "use spreadsheets software"))[0]

    assert (again.status, again.revision) == (OutcomeStatus.UNCHANGED, 3)
    assert (changed.status, changed.revision) == (OutcomeStatus.UPDATED, 4)
    links = links_of(world, DATABASES)
    assert "s:sql" not in links
    assert links["s:weld"].method is LinkMethod.PERSON
    assert links["s:sheets"].source is LinkSource.STATED


def test_a_verdict_outlives_deriving_again_and_a_restart(
    encoder: GuardedEncoder, tmp_path: Path
) -> None:
    with SqliteStore.open(tmp_path, create=True) as store:
        world = a_world(store, encoder)
        world.put(skill("s:sql", "SQL"), skill("s:weld", "weld metal"))
        world.put(credential("c-1", "Databases", "SQL"))
        say(world, DATABASES, "s:sql", Verdict.REJECTED)
        say(world, DATABASES, "s:weld", Verdict.CONFIRMED)

    with SqliteStore.open(tmp_path, create=False) as store:
        world = a_world(store, encoder)
        restarted = (recommended(world, "SQL"), recommended(world, "weld metal"))
        world.intake.rederive(DEFAULT_TENANT)
        rederived = (recommended(world, "SQL"), recommended(world, "weld metal"))
        links = links_of(world, DATABASES)

    assert restarted == rederived == ([], ["c-1"])
    assert links["s:weld"].method is LinkMethod.PERSON
    assert "s:sql" not in links


def test_a_verdict_that_is_taken_back_leaves_the_links_as_they_were(world: World) -> None:
    world.put(credential("c-1", "Databases", "SQL"))
    before = links_of(world, DATABASES)
    say(world, DATABASES, "s:sql", Verdict.REJECTED)
    say(world, DATABASES, "s:weld", Verdict.CONFIRMED)

    world.intake.forget(DEFAULT_TENANT, DATABASES, SkillId("s:sql"))
    world.intake.forget(DEFAULT_TENANT, DATABASES, SkillId("s:weld"))

    assert links_of(world, DATABASES) == before
    assert world.records.verdicts(DEFAULT_TENANT, Kind.CREDENTIAL, ["c-1"]) == {}
    with pytest.raises(NotFound, match="no verdict with the id 'credential/c-1/s:sql'"):
        world.intake.forget(DEFAULT_TENANT, DATABASES, SkillId("s:sql"))


def test_the_same_word_twice_changes_nothing_and_another_one_replaces_it(world: World) -> None:
    world.put(credential("c-1", "Databases", "SQL"))

    first = say(world, DATABASES, "s:sql", Verdict.REJECTED)
    same = say(world, DATABASES, "s:sql", Verdict.REJECTED)
    other = say(world, DATABASES, "s:sql", Verdict.CONFIRMED)

    assert (same.status, same.revision) == (OutcomeStatus.UNCHANGED, first.revision)
    assert (other.status, other.revision) == (OutcomeStatus.UPDATED, first.revision + 1)
    assert "s:sql" in links_of(world, DATABASES)


def test_a_deleted_record_takes_its_verdicts_along(world: World) -> None:
    world.put(credential("c-1", "Databases", "SQL"))
    say(world, DATABASES, "s:sql", Verdict.REJECTED)

    world.intake.delete(DEFAULT_TENANT, Kind.CREDENTIAL, "c-1")
    world.put(credential("c-1", "Databases", "SQL"))

    assert "s:sql" in links_of(world, DATABASES)


def test_a_verdict_on_another_name_of_a_skill_is_one_on_the_skill(world: World) -> None:
    world.put(
        skill("s:sql2", "sequel queries", same_as=SkillId("s:sql")),
        credential("c-1", "Databases", "SQL"),
    )

    say(world, DATABASES, "s:sql2", Verdict.REJECTED)

    assert "s:sql" not in links_of(world, DATABASES)
    [kept] = world.records.verdicts(DEFAULT_TENANT, Kind.CREDENTIAL, ["c-1"])["c-1"]
    assert kept.skill == "s:sql"


@pytest.mark.parametrize("key", [RecordKey(Kind.LEARNER, "l-1"), RecordKey(Kind.JOB, "j-1")])
def test_what_learners_show_and_jobs_ask_for_is_judged_too(world: World, key: RecordKey) -> None:
    world.put(learner("l-1", "SQL"), job("j-1", "Data clerk", *stated("SQL")))

    say(world, key, "s:sql", Verdict.REJECTED)
    say(world, key, "s:teach", Verdict.CONFIRMED)

    assert {"s:sql", "s:teach"} & links_of(world, key).keys() == {"s:teach"}


def test_an_unknown_record_an_unknown_skill_and_another_kind_are_named(world: World) -> None:
    world.put(credential("c-1", "Databases", "SQL"))
    nowhere = RecordKey(Kind.LEARNER, "l-404")

    with pytest.raises(NotFound, match="There is no learner with the id 'l-404'"):
        say(world, nowhere, "s:sql", Verdict.REJECTED)
    with pytest.raises(NotFound, match="There is no skill with the id 's:none'"):
        say(world, DATABASES, "s:none", Verdict.REJECTED)
    with pytest.raises(InvalidRecord, match="the skills of a skill are not judged"):
        say(world, RecordKey(Kind.SKILL, "s:sql"), "s:sql", Verdict.REJECTED)


def test_a_confirmed_skill_that_left_the_vocabulary_is_no_link_until_it_comes_back(
    world: World,
) -> None:
    world.put(credential("c-1", "Databases", "SQL"))
    say(world, DATABASES, "s:weld", Verdict.CONFIRMED)

    world.intake.delete(DEFAULT_TENANT, Kind.SKILL, "s:weld")
    world.intake.rederive(DEFAULT_TENANT)
    without = links_of(world, DATABASES)
    world.put(skill("s:weld", "weld metal"))
    world.intake.rederive(DEFAULT_TENANT)

    assert "s:weld" not in without
    assert links_of(world, DATABASES)["s:weld"].method is LinkMethod.PERSON


class Disturbed(MemoryRecords):
    """A store into which another program writes between a read of verdicts and the commit."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: list[Callable[[], object]] = []

    def verdicts(
        self, tenant: TenantId, kind: Kind, ids: Sequence[str]
    ) -> dict[str, tuple[SkillVerdict, ...]]:
        found = super().verdicts(tenant, kind, ids)
        if self.meanwhile:
            self.meanwhile.pop()()
        return found


@pytest.fixture
def disturbed(encoder: GuardedEncoder) -> tuple[Disturbed, World, World]:
    """Two programs at work on one store."""
    store = Disturbed()
    mine, theirs = a_world(store, encoder), a_world(store, encoder)
    mine.put(skill("s:sql", "SQL"), skill("s:weld", "weld metal"))
    mine.put(credential("c-1", "Databases", "SQL"))
    return store, mine, theirs


def test_a_word_that_another_program_takes_during_an_import_is_not_lost(
    disturbed: tuple[Disturbed, World, World],
) -> None:
    store, mine, theirs = disturbed
    store.meanwhile.append(lambda: say(theirs, DATABASES, "s:sql", Verdict.REJECTED))

    mine.put(credential("c-1", "Databases I", "SQL"))

    assert "s:sql" not in links_of(mine, DATABASES)
    assert recommended(mine, "SQL") == []


def test_a_record_that_another_program_changes_during_a_verdict_is_not_put_back(
    disturbed: tuple[Disturbed, World, World],
) -> None:
    store, mine, theirs = disturbed
    store.meanwhile.append(lambda: theirs.put(credential("c-1", "Welding", "weld metal")))

    outcome = say(mine, DATABASES, "s:sql", Verdict.CONFIRMED)

    assert outcome.revision == 3
    record = store.find(DEFAULT_TENANT, Kind.CREDENTIAL, ["c-1"])["c-1"].record
    assert isinstance(record, Credential)
    assert record.name == "Welding"
    assert {"s:sql", "s:weld"} <= links_of(mine, DATABASES).keys()


def test_who_is_disturbed_without_end_gives_up_and_says_so() -> None:
    tries: list[int] = []

    def attempt() -> None:
        tries.append(len(tries))
        raise RecordChanged("credential", "c-1")

    with pytest.raises(RecordChanged, match="The credential 'c-1' was changed meanwhile"):
        until_undisturbed(attempt)

    assert len(tries) == 10


def test_a_store_of_the_version_before_takes_verdicts(
    encoder: GuardedEncoder, tmp_path: Path
) -> None:
    with SqliteStore.open(tmp_path, create=True) as store:
        world = a_world(store, encoder)
        world.put(skill("s:sql", "SQL"), credential("c-1", "Databases", "SQL"))
    older = sqlite3.connect(tmp_path / STORE_FILE)
    older.executescript(
        "DROP TABLE skill_verdicts; DROP TABLE vectors_b; DROP TABLE skill_links_b;"
        "DROP TABLE derivations; DROP TABLE repeats; DROP TABLE events; DROP TABLE event_learners;"
        "DROP TABLE sessions; DROP TABLE keys; DROP TABLE tenants;"
        "DROP TABLE contacts; DROP TABLE disclosures; DROP TABLE opt_outs; DROP TABLE consents;"
        "DROP TABLE operation_line_ids; DROP TABLE operation_lines; DROP TABLE operations;"
        "UPDATE alembic_version SET version_num = '0003';"
    )
    older.close()

    with SqliteStore.open(tmp_path, create=False) as store:
        world = a_world(store, encoder)
        say(world, DATABASES, "s:sql", Verdict.REJECTED)

        assert "s:sql" not in links_of(world, DATABASES)
