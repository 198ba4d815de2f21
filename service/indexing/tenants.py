"""Tenants in memory: each with its view of the store and what reads records by it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from threading import Lock

from service.domain.ids import TenantId
from service.indexing.topic_column import TopicColumn
from service.indexing.view import View
from service.matching.deriving import Deriver
from service.matching.evidence import EvidenceJudge
from service.matching.evidence_rules import EvidenceRules
from service.matching.goals import GoalReader
from service.matching.linking import Calibration, SkillLinker
from service.matching.ports import Encoder, Records
from service.matching.topics import Topics


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tenant:
    """One tenant's view, and what links, derives, reads goals and weighs evidence by it."""

    view: View
    judge: EvidenceJudge
    linker: SkillLinker
    deriver: Deriver
    goals: GoalReader

    def warm(self, today: date, *, until: Callable[[], bool]) -> None:
        """Work out beforehand what the first questions of a day would have to wait for.

        Args:
            today: the day that evidence is weighed as of.
            until: tells whether to end before all of it is done.
        """
        self.view.learners.weigh(today)
        self.view.skills.fill_graph(until=until)


class Tenants:
    """Opens a tenant's view when it is first asked for, and keeps it."""

    def __init__(
        self,
        records: Records,
        encoder: Encoder,
        calibration: Calibration,
        *,
        bridge: Calibration,
        rules: EvidenceRules,
        topics: Topics | None = None,
    ) -> None:
        self._bridge = bridge
        self._topics = topics
        self._judge = EvidenceJudge(rules)
        self._records = records
        self._encoder = encoder
        self._calibration = calibration
        self._open: dict[TenantId, Tenant] = {}
        self._lock = Lock()

    def get(self, tenant: TenantId, *, on_page: Callable[[int], None] | None = None) -> Tenant:
        """Return the tenant, its view loaded from the store.

        Args:
            tenant: whose records.
            on_page: told how many records each page that was loaded had.
        """
        with self._lock:
            if tenant not in self._open:
                opened = self._make(tenant)
                opened.view.load(on_page)
                self._open[tenant] = opened
            return self._open[tenant]

    def _make(self, tenant: TenantId) -> Tenant:
        view = View(
            self._records,
            tenant,
            self._encoder.dim,
            bridge=self._bridge,
            judge=self._judge,
            topics=TopicColumn(self._topics, self._encoder) if self._topics else None,
        )
        linker = SkillLinker(view.skills, self._calibration)
        return Tenant(
            view=view,
            judge=self._judge,
            linker=linker,
            deriver=Deriver(self._encoder, linker, view.occupations),
            goals=GoalReader(
                self._encoder, linker, skills=view.skills, occupations=view.occupations
            ),
        )
