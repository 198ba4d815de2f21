"""What was read of a tenant counts until somebody writes, in this process or another."""

from pathlib import Path

from service.domain.ids import DEFAULT_TENANT
from service.domain.record import Kind
from service.matching.ports import RecordKey
from service.storage import SqliteStore
from service.storage.connections import Connections
from tests.builders.records import a_skill, derived

HERE = DEFAULT_TENANT


def test_what_others_write_is_seen_at_once(tmp_path: Path) -> None:
    with (
        SqliteStore.open(tmp_path, create=True) as here,
        SqliteStore.open(tmp_path, create=False) as there,
    ):
        before = (here.last_seq(HERE), here.changes(HERE, after=0), here.get_meta(HERE, "color"))
        there.commit(HERE, [derived(a_skill("s-1"))])
        there.set_meta(HERE, "color", "green")

        after = (here.last_seq(HERE), here.get_meta(HERE, "color"))
        told = [(change.seq, change.id) for change in here.changes(HERE, after=0)]

    assert before == (0, [], None)
    assert after == (1, "green")
    assert told == [(1, "s-1")]


def test_a_record_is_read_as_it_is_after_each_of_many_writes(tmp_path: Path) -> None:
    with (
        SqliteStore.open(tmp_path, create=True) as here,
        SqliteStore.open(tmp_path, create=False) as there,
    ):
        for number in range(10):
            writer = (here, there)[number % 2]
            writer.commit(HERE, [derived(a_skill("s-1", label=f"weld {number}"))])
            found = [each.find(HERE, Kind.SKILL, ["s-1"])["s-1"] for each in (here, there)]

            assert [each.revision for each in found] == [number + 1] * 2
            assert [each.record for each in found] == [a_skill("s-1", label=f"weld {number}")] * 2
        here.commit(HERE, [], [RecordKey(Kind.SKILL, "s-1")])

        assert there.find(HERE, Kind.SKILL, ["s-1"]) == {}


def test_the_count_of_changes_stays_until_somebody_writes(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path, create=True) as store:
        beside = Connections(tmp_path / "onramp.sqlite3")
        store.commit(HERE, [derived(a_skill("s-1"))])

        counts = [beside.change_count()]
        store.find(HERE, Kind.SKILL, ["s-1"])
        counts.append(beside.change_count())
        store.set_meta(HERE, "color", "green")
        counts.append(beside.change_count())
        beside.close()

    assert counts[0] == counts[1] != counts[2]
