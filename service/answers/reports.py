"""Reports for whoever runs a catalog: what is in it, what it covers, how it is searched."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from threading import Lock
from typing import Final, NamedTuple

from service.answers.desk import Desk
from service.domain.credential import Credential, Status
from service.domain.decision import Decision, DecisionKind
from service.domain.ids import SkillId, TenantId
from service.domain.job import Job
from service.domain.record import Kind, StoredRecord
from service.domain.reports import CatalogReport, IndexReport, RecentScores, SkillSupply
from service.indexing.snapshots import Snapshots
from service.matching.ports import DecisionLog
from service.matching.requirements import requirements_of, weight_of
from service.matching.scoring import TAUGHT_AT
from service.matching.teaching import teaching_strengths

_UNKNOWN: Final = "unknown"
_DECISIONS: Final = 500
_SKILLS: Final = 15
_FOUND: Final = 20
_SCORED: Final = (DecisionKind.RECOMMENDATION, DecisionKind.CANDIDATES)
_OFFERED: Final = (None, Status.ACTIVE)


class _Demand(NamedTuple):
    jobs: int
    asking: Counter[SkillId]
    weights: dict[SkillId, float]


class _AsOf(NamedTuple):
    sequence: int
    day: date


class Reports:
    """Reads a tenant's records and answers as a whole. Blocking, as long as they are many.

    Args:
        desk: what answers are made with.
        snapshots: those on the disk.
        log: the decision log.
    """

    def __init__(self, desk: Desk, snapshots: Snapshots, log: DecisionLog) -> None:
        self._desk = desk
        self._snapshots = snapshots
        self._log = log
        # Reading all records takes seconds where they are many; they rarely change in between.
        self._catalogs: dict[TenantId, tuple[_AsOf, CatalogReport]] = {}
        self._lock = Lock()
        self.run = desk.run

    def catalog(self, tenant: TenantId) -> CatalogReport:
        """Return what the catalog holds, and what it covers of what open jobs ask for."""
        # Jobs end with a day, without a change in the store.
        as_of = _AsOf(self._desk.reader(tenant).opened.view.seq, self._desk.today())
        with self._lock:
            known = self._catalogs.get(tenant)
            if known is None or known[0] != as_of:
                known = self._catalogs[tenant] = (as_of, self._read_catalog(tenant))
        return known[1]

    def index(self, tenant: TenantId) -> IndexReport:
        """Return the indexes of this process, and the snapshots on the disk."""
        view = self._desk.reader(tenant).opened.view
        return IndexReport(
            counts=view.counts(),
            kinds=view.index_kinds(),
            sequence=view.seq,
            store_sequence=self._desk.records.last_seq(tenant),
            generations=tuple(each.name for each in self._snapshots.generations(tenant)),
        )

    def search(self, tenant: TenantId, words: str) -> list[Credential]:
        """Return the credentials in which words stand, best first."""
        reader = self._desk.reader(tenant)
        hits = reader.opened.view.credentials.search(words, k=_FOUND)
        found = self._desk.records.find(tenant, Kind.CREDENTIAL, [hit.id for hit in hits])
        records = (found[hit.id].record for hit in hits if hit.id in found)
        return [each for each in records if isinstance(each, Credential)]

    def scores(self, tenant: TenantId) -> RecentScores:
        """Return the scores of the answers that were noted last."""
        found = self._log.recent(tenant, limit=_DECISIONS)
        return RecentScores(
            decisions=sum(each.kind in _SCORED for each in found),
            recommended=_scores(found, DecisionKind.RECOMMENDATION),
            candidates=_scores(found, DecisionKind.CANDIDATES),
        )

    def _read_catalog(self, tenant: TenantId) -> CatalogReport:
        reader = self._desk.reader(tenant)
        kinds, statuses, taught = Counter[str](), Counter[str](), Counter[SkillId]()
        providers = set()
        for stored in self._all(tenant, Kind.CREDENTIAL):
            if isinstance(stored.record, Credential):
                kinds[stored.record.kind or _UNKNOWN] += 1
                statuses[stored.record.status or _UNKNOWN] += 1
                providers.add(stored.record.provider.id or stored.record.provider.name)
                taught.update(_taught(stored, stored.record))
        demand = self._demand(self._all(tenant, Kind.JOB))
        most = sorted(demand.asking, key=lambda skill: (-demand.asking[skill], skill))[:_SKILLS]
        return CatalogReport(
            kinds=_sorted(kinds),
            statuses=_sorted(statuses),
            providers=len(providers),
            jobs=demand.jobs,
            share_taught=_share(demand.weights, taught),
            skills=tuple(
                SkillSupply(
                    skill=skill,
                    label=reader.label(skill),
                    jobs=demand.asking[skill],
                    credentials=taught[skill],
                )
                for skill in most
            ),
        )

    def _demand(self, jobs: Iterable[StoredRecord]) -> _Demand:
        count, asking, weights = 0, Counter[SkillId](), defaultdict[SkillId, float](float)
        today = self._desk.today()
        for stored in jobs:
            job, needs = stored.record, requirements_of(stored.links)
            ended = job.valid_through if isinstance(job, Job) else None
            if not needs or (ended is not None and ended < today):
                continue
            count += 1
            for need in needs:
                asking[need.skill] += 1
                weights[need.skill] += weight_of(need)
        return _Demand(count, asking, weights)

    def _all(self, tenant: TenantId, kind: Kind) -> Iterator[StoredRecord]:
        for page in self._desk.records.scan(tenant, kind):
            yield from page


def _taught(stored: StoredRecord, credential: Credential) -> Iterator[SkillId]:
    if credential.status not in _OFFERED:
        return
    strengths = teaching_strengths(stored.links)
    for link, strength in zip(stored.links, strengths, strict=True):
        if strength >= TAUGHT_AT:
            yield link.skill


def _share(weights: dict[SkillId, float], taught: Counter[SkillId]) -> float | None:
    total = sum(weights.values())
    if not total:
        return None
    return sum(weight for skill, weight in weights.items() if taught[skill]) / total


def _sorted(counts: Counter[str]) -> dict[str, int]:
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return {str(name): number for name, number in ordered}


def _scores(decisions: Sequence[Decision], kind: DecisionKind) -> tuple[float, ...]:
    answers = (json.loads(each.answer) for each in decisions if each.kind is kind and each.answer)
    return tuple(float(item["score"]) for answer in answers for item in answer.get("items", ()))
