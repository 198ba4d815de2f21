"""Every record store must pass these."""

import datetime
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from service.domain.ids import DEFAULT_TENANT, TenantId
from service.domain.record import Change, ChangeType, DerivedRecord, Kind, StoredRecord, Vector
from service.domain.skill import SkillLink
from service.errors import InvalidRecord
from service.matching.ports import Fingerprint, RecordKey, Records
from service.storage import SqliteStore
from tests.builders.memory_records import MemoryRecords
from tests.builders.records import (
    a_full_link,
    a_job,
    a_learner,
    a_link,
    a_skill,
    a_vector,
    derived,
    numbered_skills,
    one_of_each_kind,
)

HERE = DEFAULT_TENANT
THERE = TenantId("another")
WELDING = RecordKey(Kind.SKILL, "skill:welding")


@pytest.fixture(params=["sqlite", "memory"])
def records(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Records]:
    if request.param == "memory":
        yield MemoryRecords()
        return
    with SqliteStore.open(tmp_path, create=True) as store:
        yield store


def assert_same(stored: StoredRecord, put: DerivedRecord) -> None:
    assert stored.record == put.record
    assert (stored.content_hash, stored.text_hash) == (put.content_hash, put.text_hash)
    assert stored.vector.dtype == np.float32
    assert stored.vector.shape == put.vector.shape
    assert stored.vector.tobytes() == put.vector.tobytes()
    assert stored.links == put.links


def state(records: Records, tenant: TenantId) -> list[object]:
    """Return all that a tenant can see, in comparable form."""
    rows = [
        (stored.record, stored.revision, stored.vector.tobytes(), stored.links)
        for kind in Kind
        for page in records.scan(tenant, kind)
        for stored in page
    ]
    log = records.changes(tenant, after=0)
    return [rows, log, records.last_seq(tenant), records.counts(tenant)]


# --- one record ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(Kind))
def test_a_record_is_found_as_it_was_put(records: Records, kind: Kind) -> None:
    links = (a_link("skill:b"), a_full_link("skill:a"), a_link("skill:b"))
    put = derived(one_of_each_kind()[kind], *links, vector=a_vector(7))

    records.commit(HERE, [put])

    found = records.find(HERE, kind, [put.record.id])
    assert list(found) == [put.record.id]
    assert_same(found[put.record.id], put)
    assert found[put.record.id].revision == 1


@pytest.mark.parametrize(
    "text",
    ["Zoë — Łódź", "溶接工 🧑‍🏭", "e\u0301 \u202eabc\u202c", "a\x00b\tc\r\n", "'; DROP TABLE x;--"],
)
def test_words_come_back_to_the_character(records: Records, text: str) -> None:
    link = replace(a_link(), text=text, field=text, issuer=text)
    put = derived(a_learner(text=text), link)

    records.commit(HERE, [put])

    assert_same(records.find(HERE, Kind.LEARNER, ["ada"])["ada"], put)


def test_a_vector_comes_back_to_the_bit(records: Records) -> None:
    tiny = np.array([1e-40, -0.0, np.finfo(np.float32).max, -1 / 3], np.float32)

    records.commit(HERE, [derived(a_skill(), vector=tiny)])

    found = records.find(HERE, Kind.SKILL, [WELDING.id])[WELDING.id].vector
    assert found.tobytes() == tiny.tobytes()


def test_a_change_replaces_body_vector_and_links(records: Records) -> None:
    records.commit(HERE, [derived(a_skill(), a_link("skill:a"), a_link("skill:b"))])
    changed = derived(a_skill(label="weld"), a_full_link("skill:c"), vector=a_vector(3))

    log = records.commit(HERE, [changed])

    found = records.find(HERE, Kind.SKILL, [WELDING.id])[WELDING.id]
    assert_same(found, changed)
    assert found.revision == 2
    assert [(change.seq, change.type, change.revision) for change in log] == [
        (2, ChangeType.PUT, 2)
    ]


def test_a_fingerprint_is_that_of_the_record(records: Records) -> None:
    first, second = derived(a_job("job-1")), derived(a_job("job-2", "Pipe fitter"))
    records.commit(HERE, [first, second])
    records.commit(HERE, [second])

    found = records.fingerprints(HERE, Kind.JOB, ["job-2", "job-1", "job-3"])

    assert found == {
        "job-1": Fingerprint(first.content_hash, first.text_hash, 1),
        "job-2": Fingerprint(second.content_hash, second.text_hash, 2),
    }


# --- removing ------------------------------------------------------------------------------------


def test_a_deleted_record_is_gone_and_the_log_says_so(records: Records) -> None:
    records.commit(HERE, [derived(a_skill(), a_link()), derived(a_skill("skill:b"))])

    log = records.commit(HERE, [], [WELDING])

    assert log == [
        Change(seq=3, kind=Kind.SKILL, id=WELDING.id, type=ChangeType.DELETE, revision=2)
    ]
    assert list(records.find(HERE, Kind.SKILL, [WELDING.id, "skill:b"])) == ["skill:b"]
    assert records.counts(HERE)[Kind.SKILL] == 1
    assert [[stored.record.id for stored in page] for page in records.scan(HERE, Kind.SKILL)] == [
        ["skill:b"]
    ]


def test_deleting_what_is_not_there_changes_nothing(records: Records) -> None:
    records.commit(HERE, [derived(a_skill())])
    before = state(records, HERE)

    log = records.commit(HERE, [], [RecordKey(Kind.JOB, WELDING.id), RecordKey(Kind.SKILL, "x")])

    assert log == []
    assert state(records, HERE) == before


def test_a_record_that_comes_back_has_none_of_its_old_links_and_a_new_revision(
    records: Records,
) -> None:
    records.commit(HERE, [derived(a_skill(), a_link())])
    records.commit(HERE, [], [WELDING])

    (change,) = records.commit(HERE, [derived(a_skill(label="weld"))])

    found = records.find(HERE, Kind.SKILL, [WELDING.id])[WELDING.id]
    assert found.links == ()
    assert found.revision == change.revision == 3


# --- groups --------------------------------------------------------------------------------------


def test_the_log_counts_without_a_gap_in_the_order_of_the_changes(records: Records) -> None:
    log = records.commit(HERE, numbered_skills(3))
    log += records.commit(HERE, [derived(a_job())], [RecordKey(Kind.SKILL, "skill:000001")])
    log += records.commit(HERE, [])
    log += records.commit(HERE, numbered_skills(2))

    assert [change.seq for change in log] == list(range(1, 8))
    assert records.changes(HERE, after=0) == log
    assert records.changes(HERE, after=2, limit=3) == log[2:5]
    assert records.changes(HERE, after=7) == []
    assert records.last_seq(HERE) == 7
    assert [change.id for change in log[3:5]] == ["job-1", "skill:000001"]


def test_a_record_that_is_put_twice_in_a_group_stays_as_it_was_put_last(records: Records) -> None:
    first, last = derived(a_skill(), a_link()), derived(a_skill(label="weld"))

    log = records.commit(HERE, [first, derived(a_job()), last])

    found = records.find(HERE, Kind.SKILL, [WELDING.id])[WELDING.id]
    assert_same(found, last)
    assert found.revision == 2
    assert [(change.id, change.revision) for change in log] == [
        (WELDING.id, 1),
        ("job-1", 1),
        (WELDING.id, 2),
    ]


def test_a_record_that_is_put_and_deleted_in_a_group_is_gone(records: Records) -> None:
    log = records.commit(HERE, [derived(a_skill(), a_link())], [WELDING, WELDING])

    assert [change.type for change in log] == [ChangeType.PUT, ChangeType.DELETE]
    assert records.find(HERE, Kind.SKILL, [WELDING.id]) == {}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("links", "vector"),
    [
        ((a_link(), a_link(weight=1.5)), a_vector()),
        ((a_link(weight=float("nan")),), a_vector()),
        ((a_link(confidence=-0.1),), a_vector()),
        ((), a_vector().astype(np.float64)),
        ((), np.stack([a_vector(), a_vector()])),
        ((), np.full(8, np.nan, np.float32)),
    ],
)
def test_a_record_that_cannot_be_kept_takes_its_whole_group_with_it(
    records: Records, links: tuple[SkillLink, ...], vector: Vector, seed: int
) -> None:
    records.commit(HERE, [derived(a_skill(), a_link()), derived(a_job())])
    before = state(records, HERE)
    good = [derived(a_skill(label="changed")), *numbered_skills(5)]
    bad = derived(a_learner(), *links, vector=vector)
    group = [*good[:seed], bad, *good[seed:]]

    with pytest.raises(InvalidRecord):
        records.commit(HERE, group, [RecordKey(Kind.JOB, "job-1")])

    assert state(records, HERE) == before
    assert records.commit(HERE, good)[0].seq == 3


def test_writers_at_once_share_one_log_without_a_gap(records: Records) -> None:
    def write(writer: int) -> list[Change]:
        groups = [numbered_skills(3, start=100 * writer + 3 * group) for group in range(4)]
        return [change for group in groups for change in records.commit(HERE, group)]

    with ThreadPoolExecutor(4) as pool:
        written = [change for log in pool.map(write, range(4)) for change in log]

    assert sorted(change.seq for change in written) == list(range(1, 49))
    assert records.changes(HERE, after=0) == sorted(written, key=lambda change: change.seq)
    assert records.counts(HERE)[Kind.SKILL] == 48


# --- tenants -------------------------------------------------------------------------------------


def test_tenants_never_see_each_others_records(records: Records) -> None:
    ours, theirs = derived(a_skill(), a_link()), derived(a_skill(label="theirs"), a_full_link())
    records.commit(HERE, [ours, derived(a_job())])
    records.set_meta(HERE, "model", "ours")
    before = state(records, HERE)

    log = records.commit(THERE, [theirs])
    records.set_meta(THERE, "model", "theirs")
    records.commit(THERE, [], [RecordKey(Kind.JOB, "job-1")])

    assert [(change.seq, change.revision) for change in log] == [(1, 1)]
    assert state(records, HERE) == before
    assert_same(records.find(HERE, Kind.SKILL, [WELDING.id])[WELDING.id], ours)
    assert_same(records.find(THERE, Kind.SKILL, [WELDING.id])[WELDING.id], theirs)
    assert records.find(THERE, Kind.JOB, ["job-1"]) == {}
    assert records.fingerprints(THERE, Kind.JOB, ["job-1"]) == {}
    assert records.get_meta(HERE, "model") == "ours"


def test_deleting_for_one_tenant_leaves_the_others_record(records: Records) -> None:
    for tenant in (HERE, THERE):
        records.commit(tenant, [derived(a_skill(), a_link())])

    records.commit(THERE, [], [WELDING])

    found = records.find(HERE, Kind.SKILL, [WELDING.id])
    assert found[WELDING.id].links == (a_link(),)
    assert records.counts(THERE)[Kind.SKILL] == 0


# --- many ----------------------------------------------------------------------------------------


def test_any_number_of_ids_is_looked_up(records: Records) -> None:
    records.commit(HERE, numbered_skills(1201))
    ids = [f"skill:{number:06d}" for number in (*range(1500), 3, 3)]

    found = records.find(HERE, Kind.SKILL, ids)

    assert sorted(found) == ids[:1201]
    assert all(stored.record.id == record_id for record_id, stored in found.items())
    assert records.fingerprints(HERE, Kind.SKILL, ids).keys() == found.keys()
    assert records.find(HERE, Kind.SKILL, []) == {}
    assert records.find(HERE, Kind.JOB, ids) == {}


@pytest.mark.parametrize(("count", "sizes"), [(0, []), (1000, [1000]), (2001, [1000, 1000, 1])])
def test_a_scan_brings_all_records_of_a_kind_by_id(
    records: Records, count: int, sizes: list[int]
) -> None:
    skills = numbered_skills(count)
    linked = [replace(put, links=(a_link(put.record.id),)) for put in skills]
    records.commit(HERE, [*reversed(linked), derived(a_job("a")), derived(a_learner("z"))])

    pages = list(records.scan(HERE, Kind.SKILL))

    assert [len(page) for page in pages] == sizes
    found = [stored for page in pages for stored in page]
    assert [stored.record for stored in found] == [put.record for put in skills]
    assert [stored.links for stored in found] == [put.links for put in linked]


def test_a_scan_goes_on_while_others_write(records: Records) -> None:
    records.commit(HERE, numbered_skills(2500))
    scan = records.scan(HERE, Kind.SKILL)
    first = next(scan)

    records.commit(
        HERE,
        [
            derived(a_skill("skill:000000", "changed behind")),
            derived(a_skill("skill:001500", "changed ahead")),
            derived(a_skill("skill:0005", "new behind")),
            derived(a_skill("skill:0025", "new ahead")),
        ],
        [RecordKey(Kind.SKILL, "skill:000999"), RecordKey(Kind.SKILL, "skill:001999")],
    )
    rest = [stored.record for page in scan for stored in page]

    ids = [stored.record.id for stored in first] + [record.id for record in rest]
    expected = [f"skill:{number:06d}" for number in range(2500) if number != 1999]
    assert ids == [*expected, "skill:0025"]
    assert a_skill("skill:001500", "changed ahead") in rest


def test_a_page_begins_after_an_id_and_has_a_limit(records: Records) -> None:
    skills = [replace(put, links=(a_link(put.record.id),)) for put in numbered_skills(7)]
    records.commit(HERE, [*skills, derived(a_job("skill:000003a"))])

    first = records.page(HERE, Kind.SKILL, after=None, limit=3)
    second = records.page(HERE, Kind.SKILL, after="skill:000003", limit=2)
    last = records.page(HERE, Kind.SKILL, after="skill:000005x", limit=100)

    assert [stored.record for stored in first] == [put.record for put in skills[:3]]
    assert [stored.links for stored in second] == [put.links for put in skills[4:6]]
    assert [stored.record.id for stored in last] == ["skill:000006"]
    assert records.page(HERE, Kind.SKILL, after="skill:000006", limit=3) == []


def test_counts_name_every_kind(records: Records) -> None:
    assert records.counts(HERE) == dict.fromkeys(Kind, 0)

    records.commit(HERE, [*numbered_skills(3), derived(a_job())])

    assert records.counts(HERE) == dict.fromkeys(Kind, 0) | {Kind.SKILL: 3, Kind.JOB: 1}


def test_a_fact_is_kept_until_it_is_replaced(records: Records) -> None:
    assert records.get_meta(HERE, "model") is None

    records.set_meta(HERE, "model", "one")
    records.set_meta(HERE, "model", "two")

    assert records.get_meta(HERE, "model") == "two"
    assert records.get_meta(HERE, "other") is None
    assert records.last_seq(HERE) == 0


def test_dates_of_links_are_dates_again(records: Records) -> None:
    records.commit(HERE, [derived(a_learner(), a_full_link())])

    (link,) = records.find(HERE, Kind.LEARNER, ["ada"])["ada"].links

    assert link.date == datetime.date(2025, 2, 28)
