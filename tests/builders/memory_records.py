"""A store in memory, for tests of what stands on one."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from threading import RLock

import numpy as np

from service.domain.derivation import Derivation
from service.domain.ids import SkillId, TenantId
from service.domain.precondition import Precondition
from service.domain.record import (
    Change,
    ChangeType,
    DerivedRecord,
    Kind,
    StoredRecord,
    kind_of,
)
from service.domain.verdict import SkillVerdict
from service.errors import InvalidRecord, NotFound, PreconditionFailed, RecordChanged
from service.matching.ports import (
    Fingerprint,
    LearnerPage,
    MetaKey,
    Pinned,
    RecordKey,
    VectorPage,
    VerdictChange,
    Verdicts,
)
from service.matching.privacy_ports import Privacy
from service.matching.profiles import learner_page
from tests.builders.memory_decisions import MemoryDecisions
from tests.builders.memory_privacy import (
    MemoryConsents,
    MemoryContacts,
    MemoryDisclosures,
    MemoryLearnerEvents,
)

PAGE = 1000


class MemoryRecords:
    """Keeps records for as long as it lives; implements ``Records``."""

    def __init__(self) -> None:
        self.decisions = MemoryDecisions()
        self.consents = MemoryConsents(self._touch)
        self.privacy = Privacy(
            self.consents, MemoryDisclosures(), MemoryContacts(), MemoryLearnerEvents()
        )
        # Nothing is derived anew in memory.
        self._derivations: dict[TenantId, Derivation] = {}
        self._lock = RLock()
        self._kept: dict[TenantId, dict[RecordKey, StoredRecord]] = defaultdict(dict)
        self._log: dict[TenantId, list[Change]] = defaultdict(list)
        self._revisions: dict[TenantId, Counter[RecordKey]] = defaultdict(Counter)
        self._meta: dict[tuple[TenantId, str], str] = {}
        self._verdicts: dict[TenantId, dict[RecordKey, dict[SkillId, SkillVerdict]]] = defaultdict(
            dict
        )

    def commit(
        self,
        tenant: TenantId,
        puts: Sequence[DerivedRecord],
        deletes: Sequence[RecordKey] = (),
        verdicts: Verdicts | None = None,
        conditions: Mapping[RecordKey, Precondition] | None = None,
    ) -> list[Change]:
        for derived in puts:
            _check(derived)
        with self._lock:
            self._check_conditions(tenant, conditions or {})
            self._check_verdicts(tenant, verdicts)
            new = [self._put(tenant, derived) for derived in puts]
            if verdicts is not None and verdicts.new is not None:
                self._keep_verdict(tenant, verdicts.new)
            return new + [self._delete(tenant, key) for key in deletes if self._has(tenant, key)]

    def verdicts(
        self, tenant: TenantId, kind: Kind, ids: Sequence[str]
    ) -> dict[str, tuple[SkillVerdict, ...]]:
        with self._lock:
            kept = {each: self._verdicts[tenant].get(RecordKey(kind, each), {}) for each in ids}
        return {
            each: tuple(found[skill] for skill in sorted(found))
            for each, found in kept.items()
            if found
        }

    def pinned(self, tenant: TenantId) -> Pinned:
        return Pinned(self, self.get_meta(tenant, MetaKey.MODEL_HASH), 0)

    def upcoming(self, tenant: TenantId) -> Pinned | None:
        return None if tenant not in self._derivations else self.pinned(tenant)

    def derivation(self, tenant: TenantId) -> Derivation | None:
        return self._derivations.get(tenant)

    def find(self, tenant: TenantId, kind: Kind, ids: Sequence[str]) -> dict[str, StoredRecord]:
        with self._lock:
            kept = self._kept[tenant]
            keys = [RecordKey(kind, record_id) for record_id in ids]
            return {key.id: kept[key] for key in keys if key in kept}

    def fingerprints(
        self, tenant: TenantId, kind: Kind, ids: Sequence[str]
    ) -> dict[str, Fingerprint]:
        return {
            record_id: Fingerprint(stored.content_hash, stored.text_hash, stored.revision)
            for record_id, stored in self.find(tenant, kind, ids).items()
        }

    def scan(self, tenant: TenantId, kind: Kind) -> Iterator[list[StoredRecord]]:
        after = ""
        while page := self.page(tenant, kind, after=after, limit=PAGE):
            yield page
            after = page[-1].record.id

    def scan_vectors(self, tenant: TenantId, kind: Kind) -> Iterator[VectorPage]:
        for page in self.scan(tenant, kind):
            ids: list[str] = [each.record.id for each in page]
            yield VectorPage(ids, np.stack([each.vector for each in page]))

    def find_learners(self, tenant: TenantId, ids: Sequence[str]) -> LearnerPage:
        found = self.find(tenant, Kind.LEARNER, ids)
        return learner_page([found[each] for each in sorted(found)])

    def page(
        self, tenant: TenantId, kind: Kind, *, after: str | None, limit: int
    ) -> list[StoredRecord]:
        with self._lock:
            ids = sorted(key.id for key in self._kept[tenant] if key.kind is kind)
            start = bisect_right(ids, after or "")
            found = self.find(tenant, kind, ids[start : start + limit])
        return list(found.values())

    def changes(self, tenant: TenantId, *, after: int, limit: int = 1000) -> list[Change]:
        with self._lock:
            return [change for change in self._log[tenant] if change.seq > after][:limit]

    def tenants(self) -> list[TenantId]:
        """Return all tenants that have a record, by ascending id."""
        with self._lock:
            return sorted(tenant for tenant, kept in self._kept.items() if kept)

    def last_seq(self, tenant: TenantId) -> int:
        return len(self._log[tenant])

    def counts(self, tenant: TenantId) -> dict[Kind, int]:
        with self._lock:
            kinds = [key.kind for key in self._kept[tenant]]
        return {kind: kinds.count(kind) for kind in Kind}

    def check_writable(self) -> None:
        """Do nothing: memory is always written."""

    def get_meta(self, tenant: TenantId, key: str) -> str | None:
        return self._meta.get((tenant, key))

    def set_meta(self, tenant: TenantId, key: str, value: str) -> None:
        self._meta[tenant, key] = value

    def _has(self, tenant: TenantId, key: RecordKey) -> bool:
        return key in self._kept[tenant]

    def _put(self, tenant: TenantId, derived: DerivedRecord) -> Change:
        key = RecordKey(kind_of(derived.record), derived.record.id)
        change = self._note(tenant, key, ChangeType.PUT)
        values = {field.name: getattr(derived, field.name) for field in fields(DerivedRecord)}
        self._kept[tenant][key] = StoredRecord(**values, revision=change.revision)
        return change

    def _delete(self, tenant: TenantId, key: RecordKey) -> Change:
        del self._kept[tenant][key]
        self._verdicts[tenant].pop(key, None)
        self.consents.forget(tenant, key.id)
        change = self._note(tenant, key, ChangeType.DELETE)
        if key.kind is Kind.LEARNER:
            self.decisions.erase(tenant, key.id, revision=change.revision)
        return change

    def _touch(self, tenant: TenantId, learner: str) -> None:
        key = RecordKey(Kind.LEARNER, learner)
        with self._lock:
            if not self._has(tenant, key):
                raise NotFound(*key)
            change = self._note(tenant, key, ChangeType.PUT)
            self._kept[tenant][key] = replace(self._kept[tenant][key], revision=change.revision)

    def _check_conditions(
        self, tenant: TenantId, conditions: Mapping[RecordKey, Precondition]
    ) -> None:
        for key, condition in conditions.items():
            kept = self._kept[tenant].get(key)
            if not condition.holds(kept.revision if kept else None):
                raise PreconditionFailed(*key, kept.revision if kept else None)

    def _check_verdicts(self, tenant: TenantId, verdicts: Verdicts | None) -> None:
        if verdicts is None:
            return
        for key, seen in verdicts.seen.items():
            if self.verdicts(tenant, key.kind, [key.id]).get(key.id, ()) != seen:
                raise RecordChanged(*key)
        if verdicts.new is not None:
            kept = self._kept[tenant].get(verdicts.new.key)
            if kept is None or kept.revision != verdicts.new.revision:
                raise RecordChanged(*verdicts.new.key)

    def _keep_verdict(self, tenant: TenantId, word: VerdictChange) -> None:
        found = self._verdicts[tenant].setdefault(word.key, {})
        found.pop(word.skill, None)
        if word.verdict is not None:
            found[word.skill] = word.verdict

    def _note(self, tenant: TenantId, key: RecordKey, type: ChangeType) -> Change:
        log = self._log[tenant]
        self._revisions[tenant][key] += 1
        revision = self._revisions[tenant][key]
        change = Change(seq=len(log) + 1, kind=key.kind, id=key.id, type=type, revision=revision)
        log.append(change)
        return change


def _check(derived: DerivedRecord) -> None:
    vector = derived.vector
    if vector.dtype != np.float32 or vector.ndim != 1 or not np.isfinite(vector).all():
        raise InvalidRecord("the vector cannot be kept.", field="vector")
    for link in derived.links:
        if not (0 <= link.weight <= 1 and 0 <= link.confidence <= 1):
            raise InvalidRecord("a link's weight and confidence are from 0 to 1.", field="links")
