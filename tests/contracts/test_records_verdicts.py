"""Every record store must pass these: verdicts stand beside records, and go with them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.domain.ids import DEFAULT_TENANT, SkillId, TenantId
from service.domain.record import Kind
from service.domain.verdict import SkillVerdict, Verdict
from service.errors import RecordChanged
from service.matching.ports import RecordKey, Records, VerdictChange, Verdicts
from tests.builders.record_stores import STORES, opened, state
from tests.builders.records import a_learner, a_link, derived

HERE = DEFAULT_TENANT
THERE = TenantId("another")
ADA = RecordKey(Kind.LEARNER, "ada")
NO = SkillVerdict(skill=SkillId("skill:b"), verdict=Verdict.REJECTED, note="never — «ünlü»")
YES = SkillVerdict(skill=SkillId("skill:a"), verdict=Verdict.CONFIRMED)


@pytest.fixture(params=STORES)
def records(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Records]:
    with opened(request.param, tmp_path) as store:
        store.commit(HERE, [derived(a_learner())])
        yield store


def given(verdict: SkillVerdict, revision: int, *seen: SkillVerdict) -> Verdicts:
    return Verdicts({ADA: seen}, VerdictChange(ADA, revision, verdict.skill, verdict))


def verdicts(records: Records, tenant: TenantId = HERE) -> tuple[SkillVerdict, ...]:
    return records.verdicts(tenant, Kind.LEARNER, ["ada", "nobody"]).get("ada", ())


def test_words_come_back_by_ascending_skill_with_a_new_revision_each(records: Records) -> None:
    records.commit(HERE, [derived(a_learner(), a_link("skill:c"))], verdicts=given(NO, 1))
    log = records.commit(HERE, [derived(a_learner())], verdicts=given(YES, 2, NO))

    assert verdicts(records) == (YES, NO)
    assert [(change.id, change.revision) for change in log] == [("ada", 3)]
    assert verdicts(records, THERE) == ()


def test_a_word_replaces_the_one_before_and_can_be_taken_back(records: Records) -> None:
    other = SkillVerdict(skill=NO.skill, verdict=Verdict.CONFIRMED)
    records.commit(HERE, [derived(a_learner())], verdicts=given(NO, 1))
    records.commit(HERE, [derived(a_learner())], verdicts=given(other, 2, NO))
    replaced = verdicts(records)

    taken_back = Verdicts({ADA: (other,)}, VerdictChange(ADA, 3, NO.skill, None))
    records.commit(HERE, [derived(a_learner())], verdicts=taken_back)

    assert replaced == (other,)
    assert verdicts(records) == ()


def test_words_outlive_a_change_of_their_record_and_go_when_it_is_deleted(
    records: Records,
) -> None:
    records.commit(HERE, [derived(a_learner())], verdicts=given(NO, 1))
    records.commit(
        HERE, [derived(a_learner(text="I weld no more."))], verdicts=Verdicts({ADA: (NO,)})
    )
    changed = verdicts(records)

    records.commit(HERE, [], [ADA])
    records.commit(HERE, [derived(a_learner())])

    assert changed == (NO,)
    assert verdicts(records) == ()


@pytest.mark.parametrize(
    "stale",
    [
        Verdicts({ADA: ()}),
        Verdicts({ADA: (YES,)}),
        Verdicts({ADA: (NO, YES)}),
        given(YES, 1, NO),
        given(YES, 3, NO),
        Verdicts({}, VerdictChange(RecordKey(Kind.LEARNER, "nobody"), 1, YES.skill, YES)),
    ],
)
def test_a_commit_by_words_that_no_longer_hold_changes_nothing(
    records: Records, stale: Verdicts
) -> None:
    records.commit(HERE, [derived(a_learner())], verdicts=given(NO, 1))
    before = state(records, HERE)

    with pytest.raises(RecordChanged, match="was changed meanwhile"):
        records.commit(HERE, [derived(a_learner(text="New."))], verdicts=stale)

    assert state(records, HERE) == before
    assert verdicts(records) == (NO,)
