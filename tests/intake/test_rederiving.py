"""Deriving anew: the old vectors serve until the swap, and the new ones are a fresh store's."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from service.answers import CandidatesQuestion, RecommendQuestion
from service.domain.credential import Credential
from service.domain.derivation import Derivation
from service.domain.goal import Goal
from service.domain.ids import DEFAULT_TENANT, SkillId, TenantId
from service.domain.job import Job
from service.domain.learner import Learner
from service.domain.precondition import Precondition, Revisions
from service.domain.record import Kind, Record, StoredRecord
from service.domain.verdict import SkillVerdict, Verdict
from service.errors import DerivationBusy, InvalidRecord, PreconditionFailed, VectorsReplaced
from service.indexing.tenant import Tenant
from service.intake import OutcomeStatus
from service.matching.ports import MetaKey, RecordKey
from service.storage import STORE_FILE, SqliteStore, content_hash
from tests.builders.two_models import RECORDS, TwoModels, a_world_of, clear, rederive, two_models
from tests.builders.worlds import World, credential, learner, skill

HERE = DEFAULT_TENANT


class _Killed(Exception):
    """The process ends here."""


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> TwoModels:
    return two_models(tmp_path_factory.mktemp("models"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with SqliteStore.open(tmp_path / "data", create=True) as opened:
        yield opened


def everything(world: World) -> dict[RecordKey, tuple[bytes, str, object]]:
    """Return all vectors, hashes of texts, and links that serve."""
    return {
        RecordKey(kind, each.record.id): (each.vector.tobytes(), each.text_hash, each.links)
        for kind in Kind
        for page in world.records.scan(HERE, kind)
        for each in page
    }


def answers(world: World) -> list[object]:
    """Return what the world says to some questions, without what names the answer."""
    who = world.answers.read(HERE, Kind.LEARNER, "l-1").record
    opening = world.answers.read(HERE, Kind.JOB, "j-1").record
    assert isinstance(who, Learner)
    assert isinstance(opening, Job)
    goal = Goal(text="teach children and use spreadsheets")
    asked = RecommendQuestion(learner=who, stored=True, goal=goal)
    found = world.answers.recommend(HERE, asked)
    matched = world.answers.candidates(HERE, CandidatesQuestion(job=opening, stored=True))
    return [
        found.items,
        found.gap,
        found.versions.model_version,
        matched.items,
        world.answers.extract(HERE, "They audit statements and weld.", limit=9),
        world.answers.indexed(HERE),
    ]


def fresh(folder: Path, models: TwoModels, *records: Record) -> World:
    """Return a world that never had another model than the new one."""
    made = SqliteStore.open(folder, create=True)
    made.set_meta(HERE, MetaKey.MODEL_HASH, models.new.encoder.model_hash)
    return a_world_of(made, models, *records)


def test_old_answers_stay_until_the_swap_and_new_ones_are_those_of_a_fresh_store(
    tmp_path: Path, store: SqliteStore, models: TwoModels
) -> None:
    world = a_world_of(store, models, *RECORDS)
    before, asked = everything(world), answers(world)
    during: list[object] = []

    def look(_: int) -> None:
        during.append((everything(world) == before, answers(world) == asked))

    rederive(store, models.new, on_group=look, before_swap=look)

    anew = fresh(tmp_path / "fresh", models, *RECORDS)
    assert during == [(True, True)] * 6
    assert everything(world) == everything(anew) != before
    assert answers(world) == answers(anew) != asked
    assert {len(vector) for vector, _, _ in everything(world).values()} == {48 * 4}
    assert world.records.get_meta(HERE, MetaKey.MODEL_HASH) == models.new.encoder.model_hash


def test_another_process_follows_without_being_told(
    tmp_path: Path, store: SqliteStore, models: TwoModels
) -> None:
    world = a_world_of(store, models, *RECORDS)
    with SqliteStore.open(tmp_path / "data", create=False) as elsewhere:
        other = a_world_of(elsewhere, models)
        old = answers(other)

        rederive(store, models.new)
        other.tenants.catch_up()

        assert other.tenants.get(HERE).model is models.new
        assert answers(other) == answers(world) != old
        put = other.put(credential("c-new", "Auditing", "audit financial statements"))
        assert put[0].status is OutcomeStatus.CREATED
        assert "c-new" in everything(world).keys().__str__()


def test_what_is_written_meanwhile_is_derived_too_and_what_is_deleted_is_not(
    tmp_path: Path, store: SqliteStore, models: TwoModels
) -> None:
    world = a_world_of(store, models, *RECORDS)
    late = credential("c-late", "Late", description="Teach children to weld metal.")
    changed = credential("c-sql", "Databases II", "SQL", description="More tables.")
    waiting = [late, changed]

    def write(_: int) -> None:
        if waiting:
            world.put(waiting.pop(0))

    def write_at_last(_: int) -> None:
        world.intake.delete(HERE, Kind.LEARNER, "l-2")
        world.intake.delete(HERE, Kind.CREDENTIAL, "c-teach")
        world.put(learner("l-3", text="I audit."))

    rederive(store, models.new, on_group=write, before_swap=write_at_last)

    gone = {"l-2", "c-teach", "c-sql"}
    kept = [each for each in RECORDS if each.id not in gone]
    anew = fresh(tmp_path / "fresh", models, *kept, late, changed, learner("l-3", text="I audit."))
    assert everything(world) == everything(anew)
    assert answers(world) == answers(anew)


def test_a_skill_that_comes_or_goes_meanwhile_counts_for_what_is_written_after_it(
    store: SqliteStore, models: TwoModels
) -> None:
    world = a_world_of(store, models, *RECORDS)

    def change(_: int) -> None:
        world.intake.delete(HERE, Kind.SKILL, "s:weld")
        world.put(skill("s:fly", "fly aircraft"))
        world.put(credential("c-fly", "Flying", "fly aircraft", "weld metal"))

    rederive(store, models.new, before_swap=change)

    found = world.records.find(HERE, Kind.CREDENTIAL, ["c-fly"])["c-fly"]
    assert "s:fly" in {link.skill for link in found.links}
    assert "s:weld" not in {link.skill for link in found.links}
    assert world.records.find(HERE, Kind.SKILL, ["s:weld"]) == {}


def vectors_in(folder: Path, wanted: list[StoredRecord]) -> list[str]:
    """Say of which records a part of the vector stands in a file of the store."""
    content = b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())
    return [each.record.id for each in wanted if each.vector[8:24].tobytes() in content]


def staged(store: SqliteStore, kind: Kind) -> list[StoredRecord]:
    return [each for page in store.derivations.staged(HERE, kind) for each in page]


def test_no_byte_is_left_of_a_learner_who_is_erased_while_everything_is_derived_anew(
    tmp_path: Path, store: SqliteStore, models: TwoModels
) -> None:
    canary = "I weld CANARY metal."
    world = a_world_of(store, models, *RECORDS, learner("l-gone", text=canary))
    found: list[StoredRecord] = [*world.records.find(HERE, Kind.LEARNER, ["l-gone"]).values()]
    before: list[list[str]] = []

    def erase(_: int) -> None:
        found.extend(each for each in staged(store, Kind.LEARNER) if each.record.id == "l-gone")
        before.append(vectors_in(tmp_path / "data", found))
        world.intake.delete(HERE, Kind.LEARNER, "l-gone")
        assert vectors_in(tmp_path / "data", found) == []

    rederive(store, models.new, before_swap=erase)

    assert before == [["l-gone", "l-gone"]]
    assert "l-gone" not in {each.id for each in everything(world)}
    assert b"CANARY" not in (tmp_path / "data" / STORE_FILE).read_bytes()


def test_after_the_swap_no_byte_of_the_old_vectors_is_left(
    tmp_path: Path, store: SqliteStore, models: TwoModels
) -> None:
    world = a_world_of(store, models, *RECORDS)
    old = [each for kind in Kind for page in world.records.scan(HERE, kind) for each in page]
    rederive(store, models.new)
    assert len(vectors_in(tmp_path / "data", old)) == len(RECORDS)

    count = clear(store)

    assert count == len(RECORDS)
    assert vectors_in(tmp_path / "data", old) == []
    assert store.derivation(HERE) is None
    assert len(everything(world)) == len(RECORDS)


def test_who_was_asked_before_the_swap_reads_the_old_vectors_or_is_told_to_ask_again(
    store: SqliteStore, models: TwoModels
) -> None:
    world = a_world_of(store, models, *RECORDS)
    reader = world.desk.reader(HERE)
    old = reader.many(Kind.LEARNER, ["l-1"])["l-1"].vector

    rederive(store, models.new)

    assert np.array_equal(reader.stored(Kind.LEARNER, "l-1").vector, old)
    clear(store)
    with pytest.raises(VectorsReplaced, match="Ask again"):
        reader.many(Kind.LEARNER, ["l-1"])
    # What a reader has read it reads no other way.
    assert np.array_equal(reader.stored(Kind.LEARNER, "l-1").vector, old)
    with pytest.raises(VectorsReplaced):
        reader.opened.records.commit(HERE, [old_record(world)])


def old_record(world: World) -> StoredRecord:
    return world.records.find(HERE, Kind.LEARNER, ["l-1"])["l-1"]


def test_a_condition_is_judged_by_the_records_that_are_there_and_not_by_vectors_that_went(
    store: SqliteStore, models: TwoModels
) -> None:
    world = a_world_of(store, models, *RECORDS)
    seen = old_record(world).revision
    pinned = store.pinned(HERE).records
    current = world.tenants.current
    swaps: list[Derivation] = []

    def swapped_just_after(tenant: TenantId) -> Tenant:
        opened = current(tenant)
        if not swaps:
            swaps.append(rederive(store, models.new))
            clear(store)
        return opened

    # The real thing, and a swap between its two steps.
    object.__setattr__(world.tenants, "current", swapped_just_after)
    condition = Precondition(match=Revisions(numbers=frozenset({seen})))
    put = world.intake.put(HERE, learner("l-1", text="I weld."), condition=condition)

    assert len(swaps) == 1
    assert (put.status, put.revision) == (OutcomeStatus.UPDATED, seen + 1)
    assert pinned.fingerprints(HERE, Kind.LEARNER, ["l-1"]) == {}
    with pytest.raises(PreconditionFailed, match=f"has revision {seen + 1}"):
        world.intake.delete(HERE, Kind.LEARNER, "l-1", condition=condition)
    kept = world.records.find(HERE, Kind.LEARNER, ["l-1"])["l-1"]
    with pytest.raises(VectorsReplaced):
        pinned.commit(HERE, [kept], conditions={RecordKey(Kind.LEARNER, "l-1"): condition})


def test_what_people_said_of_links_holds_after_it(store: SqliteStore, models: TwoModels) -> None:
    world = a_world_of(store, models, *RECORDS)
    no = SkillVerdict(skill=SkillId("s:sql"), verdict=Verdict.REJECTED)
    yes = SkillVerdict(skill=SkillId("s:teach"), verdict=Verdict.CONFIRMED)
    world.intake.judge(HERE, RecordKey(Kind.CREDENTIAL, "c-sql"), no)

    def judge(_: int) -> None:
        world.intake.judge(HERE, RecordKey(Kind.CREDENTIAL, "c-weld"), yes)

    rederive(store, models.new, before_swap=judge)

    found = world.records.find(HERE, Kind.CREDENTIAL, ["c-sql", "c-weld"])
    assert "s:sql" not in {link.skill for link in found["c-sql"].links}
    assert "s:teach" in {link.skill for link in found["c-weld"].links}


def test_it_goes_on_from_where_it_was_interrupted(
    tmp_path: Path, store: SqliteStore, models: TwoModels
) -> None:
    world = a_world_of(store, models, *RECORDS)
    groups: list[int] = []

    def interrupt(count: int) -> None:
        groups.append(count)
        if len(groups) == 3:
            raise _Killed

    with pytest.raises(_Killed):
        rederive(store, models.new, on_group=interrupt)
    under_way = store.derivation(HERE)
    world.put(skill("s:weld", "weld metal", "welding"))
    rederive(store, models.new, on_group=groups.append)

    assert under_way is not None
    assert (under_way.done, under_way.total) == (9, len(RECORDS))
    # Skills, occupations, credentials; then the skill that was written since, jobs, learners.
    assert groups == [5, 1, 3, 1, 1, 2]
    renamed = [each for each in RECORDS if each.id != "s:weld"]
    anew = fresh(tmp_path / "fresh", models, skill("s:weld", "weld metal", "welding"), *renamed)
    assert {key: each[0] for key, each in everything(world).items()} == {
        key: each[0] for key, each in everything(anew).items()
    }


def test_another_model_does_not_go_on_with_what_one_has_begun(
    tmp_path: Path, store: SqliteStore, models: TwoModels
) -> None:
    world = a_world_of(store, models, *RECORDS)

    def interrupt(_: int) -> None:
        raise _Killed

    with pytest.raises(_Killed):
        rederive(store, models.new, before_swap=interrupt)
    rederive(store, models.old)
    same = everything(world)
    rederive(store, models.new)

    anew = fresh(tmp_path / "fresh", models, *RECORDS)
    assert {len(vector) for vector, _, _ in same.values()} == {32 * 4}
    assert everything(world) == everything(anew)


def test_two_processes_do_not_both_derive(tmp_path: Path, store: SqliteStore) -> None:
    with SqliteStore.open(tmp_path / "data", create=False) as other:
        with (
            store.derivations.alone(),
            pytest.raises(DerivationBusy, match="Another process derives everything"),
            other.derivations.alone(),
        ):
            pass

        with other.derivations.alone():
            pass


def test_two_that_derive_all_the_same_do_not_mix(store: SqliteStore, models: TwoModels) -> None:
    world = a_world_of(store, models, *RECORDS)

    def overtake(_: int) -> None:
        rederive(store, models.new)

    with pytest.raises(VectorsReplaced):
        rederive(store, models.new, before_swap=overtake)

    assert {len(vector) for vector, _, _ in everything(world).values()} == {48 * 4}


def test_a_record_that_the_model_cannot_read_is_named(
    store: SqliteStore, models: TwoModels
) -> None:
    world = a_world_of(store, models, *RECORDS)
    good = world.records.find(HERE, Kind.CREDENTIAL, ["c-sql"])["c-sql"]
    record = good.record
    assert isinstance(record, Credential)
    blank = credential("c-blank", "\u200b\u2060")
    store.commit(HERE, [_as(good, blank)])

    with pytest.raises(
        InvalidRecord, match=r"the record 'c-blank' cannot be derived anew by small"
    ):
        rederive(store, models.new)

    world.intake.delete(HERE, Kind.CREDENTIAL, "c-blank")
    rederive(store, models.new)
    assert len(everything(world)) == len(RECORDS)


def _as(stored: StoredRecord, record: Record) -> StoredRecord:
    return StoredRecord(
        record=record,
        content_hash=content_hash(record),
        text_hash=stored.text_hash,
        vector=stored.vector,
        links=(),
        revision=1,
    )
