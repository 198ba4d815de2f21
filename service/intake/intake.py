"""Intake: records are derived in groups, committed in one transaction, then searchable."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import replace
from threading import RLock

from service.domain.ids import SkillId, TenantId
from service.domain.precondition import ANYHOW, Precondition
from service.domain.record import Change, DerivedRecord, Kind, Record, StoredRecord, kind_of
from service.domain.skill import Skill
from service.domain.verdict import SkillVerdict
from service.errors import (
    InvalidRecord,
    NotFound,
    PreconditionFailed,
    StoreFromAnotherModel,
    VectorsReplaced,
)
from service.failpoints import Failpoint, reached
from service.indexing.tenant import Tenant
from service.indexing.tenants import Tenants
from service.intake.committing import Committer, Conditions, until_in_service
from service.intake.grouping import groups, parts
from service.intake.judging import Judge
from service.intake.outcomes import Outcome, OutcomeStatus
from service.matching.deriving import Derived
from service.matching.ports import Fingerprint, MetaKey, RecordKey, Records
from service.matching.texts import record_text
from service.storage.codec import content_hash

# Learners after the credentials that they hold, and everything after the vocabulary.
DERIVING_ORDER = (Kind.SKILL, Kind.OCCUPATION, Kind.CREDENTIAL, Kind.JOB, Kind.LEARNER)


class Intake:
    """Brings records in. Safe from any thread; writes go one after the other."""

    def __init__(self, records: Records, tenants: Tenants) -> None:
        self._records = records
        self._tenants = tenants
        self._committer = Committer(records)
        self._judge = Judge(records, tenants, self._committer)
        self._lock = RLock()

    def put(
        self, tenant: TenantId, record: Record, *, condition: Precondition | None = None
    ) -> Outcome:
        """Keep one record.

        Raises:
            InvalidRecord: if it cannot be read as text.
            PreconditionFailed: if the record that is there is not as the condition says.
        """
        conditions = _conditions(_key(record), condition)
        outcome = self._put_group(tenant, [record], dry_run=False, conditions=conditions)[0]
        if outcome.status is OutcomeStatus.REJECTED:
            raise InvalidRecord(outcome.reason, field=outcome.field)
        return outcome

    def put_many(
        self,
        tenant: TenantId,
        records: Iterable[Record],
        *,
        on_group: Callable[[int], None] | None = None,
    ) -> Iterator[Outcome]:
        """Keep records in groups of 256, each group in one transaction; yield in their order.

        What has been yielded is durable. Of a record that comes twice in a group, the later is
        kept in a transaction of its own.
        """
        return self._ingroups(tenant, records, on_group, dry_run=False)

    def plan_many(self, tenant: TenantId, records: Iterable[Record]) -> Iterator[Outcome]:
        """Yield what ``put_many`` would, and keep nothing.

        The revision of a record that was deleted before is the store's to give; here it is 1.
        """
        return self._ingroups(tenant, records, None, dry_run=True)

    def delete(
        self,
        tenant: TenantId,
        kind: Kind,
        record_id: str,
        *,
        condition: Precondition | None = None,
    ) -> None:
        """Remove a record with everything that was derived from it.

        Raises:
            NotFound: if there is no such record.
            PreconditionFailed: if the record is not as the condition says.
        """
        key = RecordKey(kind, record_id)
        conditions = _conditions(key, condition)
        with self._lock:
            changes = self._records.commit(tenant, [], [key], conditions=conditions)
            reached(Failpoint.DELETED)
            with suppress(VectorsReplaced, StoreFromAnotherModel):
                # What comes in its place has read the log, and what cannot be opened will.
                self._tenants.get(tenant).view.apply(changes, [])
        if not changes:
            raise NotFound(kind, record_id)

    def judge(self, tenant: TenantId, key: RecordKey, verdict: SkillVerdict) -> Outcome:
        """Keep a person's word about a record's link to a skill, through every re-run.

        Raises:
            NotFound: if there is no such record, or no such skill.
            InvalidRecord: if nobody judges the links of this kind of record.
        """
        with self._lock:
            return until_in_service(lambda: self._judge.judge(tenant, key, verdict))

    def forget(self, tenant: TenantId, key: RecordKey, skill: SkillId) -> Outcome:
        """Take a person's word about a record's link back.

        Raises:
            NotFound: if there is no such record, or no verdict on the skill.
            InvalidRecord: if nobody judges the links of this kind of record.
        """
        with self._lock:
            return until_in_service(lambda: self._judge.forget(tenant, key, skill))

    def rederive(self, tenant: TenantId, *, on_group: Callable[[int], None] | None = None) -> int:
        """Encode and link every record again, in place; return how many there were.

        After a larger vocabulary. It may be interrupted and started again. After a new model, it
        is ``service.intake.rederiving`` that makes everything anew.
        """
        count = 0
        with self._lock:
            opened = self._tenants.current(tenant)
            for kind in DERIVING_ORDER:
                for page in self._records.scan(tenant, kind):
                    for group in groups(page):
                        self._rederive_group(tenant, opened, group)
                        reached(Failpoint.REDERIVED)
                        count += len(group)
                        if on_group:
                            on_group(len(group))
            reached(Failpoint.BEFORE_MODEL_NOTED)
            model_hash = opened.model.encoder.model_hash
            self._records.set_meta(tenant, MetaKey.MODEL_HASH, model_hash)
        return count

    def _rederive_group(
        self, tenant: TenantId, opened: Tenant, group: Sequence[StoredRecord]
    ) -> None:
        derived = opened.deriver.derive_many([each.record for each in group])
        puts = [_derived_record(each.record, new) for each, new in zip(group, derived, strict=True)]
        self._committer.commit(tenant, opened, puts)

    def _ingroups(
        self,
        tenant: TenantId,
        records: Iterable[Record],
        on_group: Callable[[int], None] | None,
        *,
        dry_run: bool,
    ) -> Iterator[Outcome]:
        for group in groups(records):
            for part in parts(group):
                yield from self._put_group(tenant, part, dry_run=dry_run)
            if on_group:
                on_group(len(group))

    def _put_group(
        self,
        tenant: TenantId,
        group: Sequence[Record],
        *,
        dry_run: bool,
        conditions: Conditions | None = None,
    ) -> list[Outcome]:
        with self._lock:
            return until_in_service(
                lambda: self._put_parts(tenant, group, dry_run=dry_run, conditions=conditions or {})
            )

    def _put_parts(
        self, tenant: TenantId, group: Sequence[Record], *, dry_run: bool, conditions: Conditions
    ) -> list[Outcome]:
        opened = self._tenants.current(tenant)
        known = self._fingerprints(tenant, opened, group)
        hashes = [content_hash(record) for record in group]
        same = {
            _key(record)
            for record, new in zip(group, hashes, strict=True)
            if not _is_changed(known.get(_key(record)), new)
        }
        # Before anything is derived; what is written is checked once more as it is written.
        self._check(tenant, conditions, same)
        changed = [record for record in group if _key(record) not in same]
        derived, rejected = self._derive(tenant, opened, changed, known)
        puts = [derived[_key(record)][0] for record in changed if _key(record) in derived]
        changes: list[Change] = []
        if not dry_run and puts:
            changes = self._committer.commit(tenant, opened, puts, conditions)
        revisions = {RecordKey(change.kind, change.id): change.revision for change in changes}
        return [
            rejected.get(_key(record))
            or _outcome(
                record,
                known.get(_key(record)),
                derived.get(_key(record)),
                revisions.get(_key(record)),
            )
            for record in group
        ]

    def _check(
        self, tenant: TenantId, conditions: Conditions, same: AbstractSet[RecordKey]
    ) -> None:
        # By the vectors that serve, whichever they are: of the ones that are opened here, some may
        # be deleted by now, as though their records were gone.
        for key, condition in conditions.items():
            if key in same and condition.is_about_what_was_seen:
                continue
            found = self._records.fingerprints(tenant, key.kind, [key.id]).get(key.id)
            revision = found.revision if found else None
            if not condition.holds(revision):
                raise PreconditionFailed(key.kind, key.id, revision)

    def _fingerprints(
        self, tenant: TenantId, opened: Tenant, group: Sequence[Record]
    ) -> dict[RecordKey, Fingerprint]:
        return {
            RecordKey(kind, found): fingerprint
            for kind in {kind_of(record) for record in group}
            for found, fingerprint in opened.records.fingerprints(
                tenant, kind, [record.id for record in group if kind_of(record) is kind]
            ).items()
        }

    def _derive(
        self,
        tenant: TenantId,
        opened: Tenant,
        records: Sequence[Record],
        known: dict[RecordKey, Fingerprint],
    ) -> tuple[dict[RecordKey, tuple[DerivedRecord, tuple[str, ...]]], dict[RecordKey, Outcome]]:
        kept = self._with_kept_vectors(tenant, opened, records, known)
        rest = [record for record in records if _key(record) not in kept]
        rejected: dict[RecordKey, Outcome] = {}
        found: list[tuple[Record, Derived]] = []
        try:
            found = list(zip(rest, opened.deriver.derive_many(rest) if rest else [], strict=True))
        except InvalidRecord:
            # One bad record must not cost the group: each is tried alone, to find it.
            for record in rest:
                try:
                    found.append((record, opened.deriver.derive(record)))
                except InvalidRecord as error:
                    rejected[_key(record)] = _rejected(record, error)
        derived = {_key(each): (_derived_record(each, new), new.warnings) for each, new in found}
        return kept | derived, rejected

    def _with_kept_vectors(
        self,
        tenant: TenantId,
        opened: Tenant,
        records: Sequence[Record],
        known: dict[RecordKey, Fingerprint],
    ) -> dict[RecordKey, tuple[DerivedRecord, tuple[str, ...]]]:
        """Return the skills whose text has not changed, with the vectors that they have."""
        same = [
            record
            for record in records
            if isinstance(record, Skill)
            and (old := known.get(_key(record))) is not None
            and old.text_hash == text_hash(record_text(record))
        ]
        ids = [each.id for each in same]
        stored = opened.records.find(tenant, Kind.SKILL, ids) if same else {}
        return {
            _key(record): (
                DerivedRecord(
                    record=record,
                    content_hash=content_hash(record),
                    text_hash=stored[record.id].text_hash,
                    vector=stored[record.id].vector,
                ),
                (),
            )
            for record in same
            if record.id in stored
        }


def text_hash(text: str) -> str:
    """Return the SHA-256 of a text, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _derived_record(record: Record, derived: Derived) -> DerivedRecord:
    return DerivedRecord(
        record=record,
        content_hash=content_hash(record),
        text_hash=text_hash(derived.text),
        vector=derived.vector,
        links=derived.links,
    )


def _conditions(key: RecordKey, condition: Precondition | None) -> Conditions:
    return {} if condition in (None, ANYHOW) else {key: condition}


def _key(record: Record) -> RecordKey:
    return RecordKey(kind_of(record), record.id)


def _is_changed(known: Fingerprint | None, new_hash: str) -> bool:
    return known is None or known.content_hash != new_hash


def _outcome(
    record: Record,
    known: Fingerprint | None,
    derived: tuple[DerivedRecord, tuple[str, ...]] | None,
    committed: int | None,
) -> Outcome:
    revision = known.revision if known else 0
    unchanged = Outcome(
        id=record.id, kind=kind_of(record), status=OutcomeStatus.UNCHANGED, revision=revision
    )
    if derived is None:
        return unchanged
    status = OutcomeStatus.UPDATED if known else OutcomeStatus.CREATED
    return replace(
        unchanged, status=status, revision=committed or revision + 1, warnings=derived[1]
    )


def _rejected(record: Record, error: InvalidRecord) -> Outcome:
    return Outcome(
        id=record.id,
        kind=kind_of(record),
        status=OutcomeStatus.REJECTED,
        revision=0,
        reason=error.reason,
        field=error.field,
    )
