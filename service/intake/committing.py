"""Committing: what was derived becomes durable, by what people say about its links."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TypeVar

from service.domain.ids import SkillId, TenantId
from service.domain.precondition import Precondition
from service.domain.record import Change, DerivedRecord, kind_of
from service.domain.verdict import JUDGED, SkillVerdict
from service.errors import RecordChanged, VectorsReplaced
from service.failpoints import Failpoint, reached
from service.indexing.tenant import Tenant
from service.matching.ports import RecordKey, Records, VerdictChange, Verdicts
from service.matching.verdicts import judged_links

T = TypeVar("T")
Conditions = Mapping[RecordKey, Precondition]

# Another program that writes the same record at the same moment is rare; so often it is chance.
ATTEMPTS = 10


class Committer:
    """The one way into the store for what was derived."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def commit(
        self,
        tenant: TenantId,
        opened: Tenant,
        puts: Sequence[DerivedRecord],
        conditions: Conditions | None = None,
    ) -> list[Change]:
        """Keep the records with the links that people's verdicts leave, and apply them.

        Raises:
            RecordChanged: if other programs keep judging the same records meanwhile.
            PreconditionFailed: if a record is not as ``conditions`` say.
        """
        return until_undisturbed(lambda: self._commit(tenant, opened, puts, conditions=conditions))

    def commit_verdict(
        self, tenant: TenantId, opened: Tenant, put: DerivedRecord, word: VerdictChange
    ) -> list[Change]:
        """Keep a person's word with the links that it leaves to the record.

        Raises:
            RecordChanged: if another program has written or judged the record meanwhile.
        """
        return self._commit(tenant, opened, [put], word=word)

    def _commit(
        self,
        tenant: TenantId,
        opened: Tenant,
        puts: Sequence[DerivedRecord],
        *,
        word: VerdictChange | None = None,
        conditions: Conditions | None = None,
    ) -> list[Change]:
        seen = self._verdicts_on(tenant, puts)
        skills = opened.view.skills
        judged = [
            replace(
                put, links=judged_links(put.links, _with(seen.get(_key(put), ()), word), skills)
            )
            if _key(put) in seen
            else put
            for put in puts
        ]
        reached(Failpoint.DERIVED)
        changes = opened.records.commit(
            tenant, judged, verdicts=Verdicts(seen, word), conditions=conditions
        )
        reached(Failpoint.COMMITTED)
        with suppress(VectorsReplaced):
            # What comes in its place has read the log.
            opened.view.apply(changes, judged)
        reached(Failpoint.APPLIED)
        return changes

    def _verdicts_on(
        self, tenant: TenantId, puts: Sequence[DerivedRecord]
    ) -> dict[RecordKey, tuple[SkillVerdict, ...]]:
        found: dict[RecordKey, tuple[SkillVerdict, ...]] = {}
        for kind in JUDGED:
            ids = [put.record.id for put in puts if kind_of(put.record) is kind]
            verdicts = self._records.verdicts(tenant, kind, ids) if ids else {}
            found |= {RecordKey(kind, each): verdicts.get(each, ()) for each in ids}
        return found


def until_undisturbed(attempt: Callable[[], T]) -> T:
    """Return what the attempt does, made again where another program came in between.

    Raises:
        RecordChanged: if that happened ten times.
    """
    for _ in range(ATTEMPTS - 1):
        with suppress(RecordChanged):
            return attempt()
    return attempt()


def until_in_service(attempt: Callable[[], T]) -> T:
    """Return what the attempt does, made again where everything was derived anew in between.

    Raises:
        VectorsReplaced: if that happened ten times.
    """
    for _ in range(ATTEMPTS - 1):
        with suppress(VectorsReplaced):
            return attempt()
    return attempt()


def _with(
    verdicts: tuple[SkillVerdict, ...], word: VerdictChange | None
) -> tuple[SkillVerdict, ...]:
    if word is None:
        return verdicts
    kept = tuple(each for each in verdicts if each.skill != word.skill)
    return kept if word.verdict is None else (*kept, word.verdict)


def _key(put: DerivedRecord) -> RecordKey:
    return RecordKey(kind_of(put.record), put.record.id)


def judged_skill(verdicts: Sequence[SkillVerdict], skill: SkillId) -> SkillVerdict | None:
    """Return the verdict on the skill, if there is one."""
    return next((each for each in verdicts if each.skill == skill), None)
