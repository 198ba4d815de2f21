"""Every record store must pass these: tenants stay apart, and records come by the thousand."""

import datetime
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from service.domain.ids import DEFAULT_TENANT, TenantId
from service.domain.record import Kind
from service.matching.ports import RecordKey, Records
from tests.builders.record_stores import STORES, assert_same, opened, state
from tests.builders.records import (
    a_full_link,
    a_job,
    a_learner,
    a_link,
    a_skill,
    derived,
    numbered_skills,
)

HERE = DEFAULT_TENANT
THERE = TenantId("another")
WELDING = RecordKey(Kind.SKILL, "skill:welding")


@pytest.fixture(params=STORES)
def records(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Records]:
    with opened(request.param, tmp_path) as store:
        yield store


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
