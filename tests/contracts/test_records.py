"""Every record store must pass these: what is kept, changed, removed and logged."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from service.domain.ids import DEFAULT_TENANT, TenantId
from service.domain.learner import Course, Experience
from service.domain.record import Change, ChangeType, Kind, Vector
from service.domain.skill import SkillLink
from service.errors import InvalidRecord
from service.matching.ports import Fingerprint, RecordKey, Records
from service.matching.profiles import learner_page
from tests.builders.record_stores import STORES, assert_same, opened, state
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


@pytest.fixture(params=STORES)
def records(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Records]:
    with opened(request.param, tmp_path) as store:
        yield store


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


@pytest.mark.parametrize("count", [0, 1, 7])
def test_learners_are_read_by_vector_alone_and_later_with_what_shows_their_skills(
    records: Records, count: int
) -> None:
    dated = replace(a_link("skill:d"), date=None, field="courses.0.name")
    worked = replace(a_link("skill:e"), date=None, evidence=None, field="experience.0.text")
    course = Course(name="Welding", date=date(2024, 5, 1))
    work = Experience(title="Welder", start=date(2020, 1, 1), end=date(2022, 3, 4))
    puts = [
        derived(
            replace(a_learner(f"l-{each}"), courses=(course,), experience=(work,)),
            *[a_full_link(), dated, worked, a_link("skill:c", weight=0.25)][: each % 5],
            vector=a_vector(each),
        )
        for each in range(count)
    ]
    records.commit(HERE, [*puts, derived(a_skill(), vector=a_vector(99))])
    records.commit(THERE, [derived(a_learner("l-other"))])
    ids = [each.record.id for each in puts]

    pages = list(records.scan_vectors(HERE, Kind.LEARNER))
    found = records.find_learners(HERE, [*reversed(ids), "l-none"])

    assert [each for page in pages for each in page.ids] == ids
    read = [vector.tobytes() for page in pages for vector in page.vectors]
    assert read == [each.vector.tobytes() for each in puts]
    stored = records.find(HERE, Kind.LEARNER, ids)
    wanted = learner_page([stored[each] for each in ids])
    assert found.learners == wanted.learners == [each.record for each in puts]
    assert (found.owners.tolist(), found.skills) == (wanted.owners.tolist(), wanted.skills)
    assert found.pieces.tolist() == wanted.pieces.tolist()


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


@pytest.mark.parametrize(
    ("place", "links", "vector"),
    [
        (6, (a_link(), a_link(weight=1.5)), a_vector()),
        (0, (a_link(weight=float("nan")),), a_vector()),
        (3, (a_link(confidence=-0.1),), a_vector()),
        (6, (), a_vector().astype(np.float64)),
        (0, (), np.stack([a_vector(), a_vector()])),
        (3, (), np.full(8, np.nan, np.float32)),
    ],
)
def test_a_record_that_cannot_be_kept_takes_its_whole_group_with_it(
    records: Records, place: int, links: tuple[SkillLink, ...], vector: Vector
) -> None:
    records.commit(HERE, [derived(a_skill(), a_link()), derived(a_job())])
    before = state(records, HERE)
    good = [derived(a_skill(label="changed")), *numbered_skills(5)]
    bad = derived(a_learner(), *links, vector=vector)
    group = [*good[:place], bad, *good[place:]]

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
