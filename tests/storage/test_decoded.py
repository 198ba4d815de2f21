"""What was decoded before is given out again only while it is what the store has."""

from pathlib import Path

from service.domain.ids import DEFAULT_TENANT
from service.domain.record import Kind
from service.matching.ports import RecordKey
from service.storage import SqliteStore
from service.storage.decoded import DecodedRecords
from tests.builders.records import a_learner, a_skill, derived, numbered_skills

HERE = DEFAULT_TENANT


def test_a_record_that_another_process_changed_is_read_as_it_is_now(tmp_path: Path) -> None:
    with (
        SqliteStore.open(tmp_path, create=True) as here,
        SqliteStore.open(tmp_path, create=False) as there,
    ):
        here.commit(HERE, [derived(a_skill("s-1", label="welding"))])
        before = here.find(HERE, Kind.SKILL, ["s-1"])["s-1"]
        there.commit(HERE, [derived(a_skill("s-1", label="gas welding"))])

        after = here.find(HERE, Kind.SKILL, ["s-1"])["s-1"]

    assert (before.revision, after.revision) == (1, 2)
    assert after.record == a_skill("s-1", label="gas welding")


def test_a_record_that_was_deleted_is_gone_though_it_was_read_before(tmp_path: Path) -> None:
    with (
        SqliteStore.open(tmp_path, create=True) as here,
        SqliteStore.open(tmp_path, create=False) as there,
    ):
        here.commit(HERE, [derived(a_skill("s-1")), derived(a_skill("s-2"))])
        ids = sorted(here.find(HERE, Kind.SKILL, ["s-1", "s-2"]))
        there.commit(HERE, [], [RecordKey(Kind.SKILL, ids[0])])

        assert list(here.find(HERE, Kind.SKILL, ids)) == [ids[1]]


def test_what_was_read_before_is_not_decoded_again(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path, create=True) as store:
        store.commit(HERE, [derived(a_skill("s-1"))])

        first, second = (store.find(HERE, Kind.SKILL, ["s-1"])["s-1"] for _ in range(2))

    assert first is second


def test_no_copy_of_a_learner_is_kept(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path, create=True) as store:
        store.commit(HERE, [derived(a_learner("l-1"))])

        first, second = (store.find(HERE, Kind.LEARNER, ["l-1"])["l-1"] for _ in range(2))

    assert first.record == second.record
    assert first is not second


def test_what_was_not_asked_for_the_longest_makes_room(tmp_path: Path) -> None:
    kept = DecodedRecords(most=2)
    with SqliteStore.open(tmp_path, create=True) as store:
        store.commit(HERE, numbered_skills(3))
        one, two, three = store.page(HERE, Kind.SKILL, after=None, limit=3)

    kept.keep(HERE, Kind.SKILL, [one, two], seq=1)
    kept.found(HERE, Kind.SKILL, {one.record.id: 1}, seq=1)
    kept.keep(HERE, Kind.SKILL, [three], seq=1)

    asked = {str(each.record.id): 1 for each in (one, two, three)}
    assert kept.found(HERE, Kind.SKILL, asked, seq=1) == {
        each.record.id: each for each in (one, three)
    }
