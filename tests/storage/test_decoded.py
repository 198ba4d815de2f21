"""What was decoded before is given out again only while it is what the store has."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from service.domain.derivation import DerivedWith
from service.domain.ids import DEFAULT_TENANT, TenantId
from service.domain.record import Kind
from service.matching.ports import RecordKey
from service.storage import SqliteStore
from service.storage.decoded import DecodedRecords, Which
from tests.builders.records import a_learner, a_skill, a_vector, derived, numbered_skills

HERE = DEFAULT_TENANT
THERE = TenantId("lakefield")
SKILLS = Which(HERE, 0, Kind.SKILL)
USING = DerivedWith(model_hash="new", model_version="new/1", taxonomies="{}")


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

    kept.keep(SKILLS, [one, two], seq=1)
    kept.found(SKILLS, {one.record.id: 1}, seq=1)
    kept.keep(SKILLS, [three], seq=1)

    asked = {str(each.record.id): 1 for each in (one, two, three)}
    assert kept.found(SKILLS, asked, seq=1) == {each.record.id: each for each in (one, three)}


def test_the_same_id_in_the_same_revision_is_another_record_at_another_tenant(
    tmp_path: Path,
) -> None:
    with SqliteStore.open(tmp_path, create=True) as store:
        store.commit(HERE, [derived(a_skill("s-1", label="welding"))])
        store.commit(THERE, [derived(a_skill("s-1", label="baking"))])

        # Twice, so that the second time each is answered from what was read before.
        for _ in range(2):
            here = store.find(HERE, Kind.SKILL, ["s-1"])["s-1"]
            there = store.find(THERE, Kind.SKILL, ["s-1"])["s-1"]

            assert here.record == a_skill("s-1", label="welding")
            assert there.record == a_skill("s-1", label="baking")
            assert (here.revision, there.revision) == (1, 1)

        assert store.find(TenantId("nobody"), Kind.SKILL, ["s-1"]) == {}


def test_tenants_of_different_derivations_do_not_push_each_other_out(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path, create=True) as store:
        store.commit(HERE, [derived(a_skill("s-1", label="welding"), vector=a_vector(1))])
        store.commit(THERE, [derived(a_skill("s-1", label="welding"), vector=a_vector(2))])
        under_way = store.derivations.begin(THERE, USING)
        (stored,) = store.derivations.missing(THERE, Kind.SKILL, after="", limit=9)
        new = replace(stored, vector=a_vector(3))
        store.derivations.stage(THERE, under_way.number, [new])
        before = {each: store.find(each, Kind.SKILL, ["s-1"])["s-1"] for each in (HERE, THERE)}

        assert store.derivations.swap(THERE, under_way.number, seq=store.last_seq(THERE))
        after = {each: store.find(each, Kind.SKILL, ["s-1"])["s-1"] for each in (HERE, THERE)}
        again = {each: store.find(each, Kind.SKILL, ["s-1"])["s-1"] for each in (HERE, THERE)}

    assert np.array_equal(before[THERE].vector, a_vector(2))
    assert np.array_equal(after[THERE].vector, a_vector(3))
    assert before[HERE] is after[HERE] is again[HERE]
    assert after[THERE] is again[THERE]
