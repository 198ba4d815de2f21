"""Tenants in memory: each with its view of the store and what reads records by it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from service.domain.ids import TenantId
from service.indexing.saving import open_view, save_view
from service.indexing.snapshots import Snapshots
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


class Curves(NamedTuple):
    """What a cosine is worth: between a text and a skill, and between two skills."""

    link: Calibration
    bridge: Calibration


class Tenants:
    """Opens a tenant's view when it is first asked for, and keeps it."""

    def __init__(
        self,
        records: Records,
        encoder: Encoder,
        curves: Curves,
        *,
        rules: EvidenceRules,
        topics: Topics | None = None,
        snapshots: Snapshots | None = None,
    ) -> None:
        self._snapshots = snapshots
        self._curves = curves
        self._topics = topics
        self._judge = EvidenceJudge(rules)
        self._records = records
        self._encoder = encoder
        self._open: dict[TenantId, Tenant] = {}
        # One for each tenant, so that nobody waits while another tenant's view is loaded.
        self._locks: dict[TenantId, Lock] = {}

    def get(self, tenant: TenantId, *, on_page: Callable[[int], None] | None = None) -> Tenant:
        """Return the tenant, its view loaded from a snapshot and the store.

        Args:
            tenant: whose records.
            on_page: told how many records each page that was loaded had.
        """
        opened = self._open.get(tenant)
        if opened is not None:
            return opened
        with self._locks.setdefault(tenant, Lock()):
            if tenant not in self._open:
                self._open[tenant] = self._make(tenant, on_page)
            return self._open[tenant]

    def catch_up(self) -> None:
        """Apply to each view that is open what the change log has that it has not.

        Raises:
            StoreProblem: if the store cannot be read.
        """
        for opened in list(self._open.values()):
            opened.view.catch_up()

    def save(self, tenant: TenantId) -> Path | None:
        """Write a snapshot of a tenant's view; return its folder, none if there is no place.

        Raises:
            SnapshotBusy: if another process is writing one.
            SnapshotNotWritten: if the disk does not take it.
        """
        if self._snapshots is None:
            return None
        return save_view(self.get(tenant).view, self._records, tenant, self._snapshots)

    def _make(self, tenant: TenantId, on_page: Callable[[int], None] | None) -> Tenant:
        def empty() -> View:
            return View(
                self._records,
                tenant,
                self._encoder.dim,
                bridge=self._curves.bridge,
                judge=self._judge,
                topics=TopicColumn(self._topics, self._encoder) if self._topics else None,
            )

        view = open_view(empty, self._records, tenant, self._snapshots, on_page)
        linker = SkillLinker(view.skills, self._curves.link)
        return Tenant(
            view=view,
            judge=self._judge,
            linker=linker,
            deriver=Deriver(self._encoder, linker, view.occupations),
            goals=GoalReader(
                self._encoder, linker, skills=view.skills, occupations=view.occupations
            ),
        )
