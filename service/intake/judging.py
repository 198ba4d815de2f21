"""Judging: a person's word about a link becomes durable, and the record's links follow it."""

from dataclasses import replace

from service.domain.ids import SkillId, TenantId
from service.domain.record import DerivedRecord, Kind, StoredRecord
from service.domain.verdict import JUDGED, SkillVerdict
from service.errors import InvalidRecord, NotFound
from service.indexing.tenant import Tenant
from service.indexing.tenants import Tenants
from service.intake.committing import Committer, judged_skill, until_undisturbed
from service.intake.outcomes import Outcome, OutcomeStatus
from service.matching.ports import RecordKey, Records, VerdictChange
from service.matching.verdicts import meant_by


class Judge:
    """Takes people's words. Whoever calls it sees to it that writes go one after the other."""

    def __init__(self, records: Records, tenants: Tenants, committer: Committer) -> None:
        self._records = records
        self._tenants = tenants
        self._committer = committer

    def judge(self, tenant: TenantId, key: RecordKey, verdict: SkillVerdict) -> Outcome:
        """Keep a verdict in place of any other on the same link; the links are made anew by it.

        Raises:
            NotFound: if there is no such record, or no such skill.
            InvalidRecord: if nobody judges the links of this kind of record.
        """
        return until_undisturbed(lambda: self._judge(tenant, key, verdict))

    def forget(self, tenant: TenantId, key: RecordKey, skill: SkillId) -> Outcome:
        """Take a verdict back; the links are made anew without it.

        Raises:
            NotFound: if there is no such record, or no verdict on the skill.
            InvalidRecord: if nobody judges the links of this kind of record.
        """
        return until_undisturbed(lambda: self._forget(tenant, key, skill))

    def _judge(self, tenant: TenantId, key: RecordKey, verdict: SkillVerdict) -> Outcome:
        opened, stored = self._open(tenant, key)
        if opened.view.skills.get(verdict.skill) is None:
            raise NotFound(Kind.SKILL, verdict.skill)
        meant = replace(verdict, skill=meant_by(verdict.skill, opened.view.skills))
        if self._said(tenant, key, meant.skill) == meant:
            return _outcome(key, OutcomeStatus.UNCHANGED, stored.revision)
        word = VerdictChange(key, stored.revision, meant.skill, meant)
        return self._renew(tenant, opened, stored, word)

    def _forget(self, tenant: TenantId, key: RecordKey, skill: SkillId) -> Outcome:
        opened, stored = self._open(tenant, key)
        # As it was said first: since then, the skill may have become another name or have gone.
        said = (skill, meant_by(skill, opened.view.skills))
        found = next((each for each in said if self._said(tenant, key, each)), None)
        if found is None:
            raise NotFound("verdict", f"{key.kind}/{key.id}/{skill}")
        return self._renew(tenant, opened, stored, VerdictChange(key, stored.revision, found, None))

    def _open(self, tenant: TenantId, key: RecordKey) -> tuple[Tenant, StoredRecord]:
        if key.kind not in JUDGED:
            raise InvalidRecord(f"the skills of a {key.kind} are not judged.", field="kind")
        opened = self._tenants.current(tenant)
        found = opened.records.find(tenant, key.kind, [key.id])
        if key.id not in found:
            raise NotFound(key.kind, key.id)
        return opened, found[key.id]

    def _said(self, tenant: TenantId, key: RecordKey, skill: SkillId) -> SkillVerdict | None:
        verdicts = self._records.verdicts(tenant, key.kind, [key.id])
        return judged_skill(verdicts.get(key.id, ()), skill)

    def _renew(
        self, tenant: TenantId, opened: Tenant, stored: StoredRecord, word: VerdictChange
    ) -> Outcome:
        changes = self._committer.commit_verdict(
            tenant, opened, _derived_anew(opened, stored), word
        )
        return _outcome(word.key, OutcomeStatus.UPDATED, changes[-1].revision)


def _derived_anew(opened: Tenant, stored: StoredRecord) -> DerivedRecord:
    """Return the stored record with the links that it has by itself, without any verdict."""
    return DerivedRecord(
        record=stored.record,
        content_hash=stored.content_hash,
        text_hash=stored.text_hash,
        vector=stored.vector,
        links=opened.deriver.derive(stored.record).links,
    )


def _outcome(key: RecordKey, status: OutcomeStatus, revision: int) -> Outcome:
    return Outcome(id=key.id, kind=key.kind, status=status, revision=revision)
