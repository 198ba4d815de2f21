"""Tenants in memory: each with its view of the store and what reads records by it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import RLock

from service.domain.ids import TenantId
from service.errors import VectorsReplaced
from service.indexing.models import Model, Models
from service.indexing.saving import open_view, save_view
from service.indexing.snapshots import Snapshots
from service.indexing.topic_column import TopicColumn
from service.indexing.view import View
from service.logs import OwnWords
from service.matching.deriving import Deriver
from service.matching.evidence import EvidenceJudge
from service.matching.evidence_rules import EvidenceRules
from service.matching.goals import GoalReader
from service.matching.linking import SkillLinker
from service.matching.ports import Pinned, Records

logger = logging.getLogger(__name__)

# Each time another model comes into place while a view of the one before is loaded.
_ATTEMPTS = 5

# Skills whose neighbors are worked out at once where nobody waits: a third of the work that it
# is for a few at a time.
_FILLED_AT_ONCE = 256


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tenant:
    """One tenant's view, and what links, derives, reads goals and weighs evidence by it.

    Attributes:
        records: the store, with the vectors and links that the view is of.
        model: what made these vectors, and encodes questions to them.
        derivation: the number of theirs.
    """

    records: Records
    model: Model
    derivation: int
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

        Raises:
            StoreProblem: if the store cannot be read.
        """
        self.view.skills.fill_graph(until=until)
        self.view.learners.read_rest(until=until)
        self.view.learners.weigh(today, until=until)


class Tenants:
    """Opens a tenant's view when it is first asked for, and keeps it.

    When everything was derived anew by another model, the view gives way to one of that.
    """

    def __init__(
        self,
        records: Records,
        models: Models,
        *,
        rules: EvidenceRules,
        snapshots: Snapshots | None = None,
    ) -> None:
        self._snapshots = snapshots
        self._models = models
        self._judge = EvidenceJudge(rules)
        self._records = records
        self._open: dict[TenantId, Tenant] = {}
        # What replaces a view is loaded by one thread, and all others wait for it; one lock for
        # each tenant, so that nobody waits while another tenant's view is loaded.
        self._locks: dict[TenantId, RLock] = {}
        # What is about to serve is loaded before it does, while the old one answers.
        self._prepared: dict[TenantId, Tenant] = {}
        self._preparing = RLock()

    def get(self, tenant: TenantId, *, on_page: Callable[[int], None] | None = None) -> Tenant:
        """Return the tenant, its view loaded from a snapshot and the store.

        Args:
            tenant: whose records.
            on_page: told how many records each page that was loaded had.
        """
        opened = self._open.get(tenant)
        if opened is not None:
            return opened
        with self._locks.setdefault(tenant, RLock()):
            if tenant not in self._open:
                self._open[tenant] = self._make(tenant, on_page)
            return self._open[tenant]

    def opened(self) -> dict[TenantId, Tenant]:
        """Return the tenants that are open now."""
        return dict(self._open)

    def current(self, tenant: TenantId) -> Tenant:
        """Return the tenant, its view caught up with the change log.

        Raises:
            StoreProblem: if the store cannot be read.
        """
        opened = self.get(tenant)
        for _ in range(_ATTEMPTS):
            try:
                opened.view.catch_up()
            except VectorsReplaced:
                opened = self._replaced(tenant, opened)
            else:
                return opened
        raise VectorsReplaced

    def catch_up(self) -> None:
        """Apply to each view that is open what the change log has that it has not.

        Raises:
            StoreProblem: if the store cannot be read.
        """
        for tenant in list(self._open):
            self.current(tenant)
            self._prepare(tenant)

    def save_upcoming(self, tenant: TenantId, upcoming: Pinned) -> None:
        """Write a snapshot of what is about to serve, for all who will load it.

        Raises:
            SnapshotBusy: if another process is writing one.
            SnapshotNotWritten: if the disk does not take it.
        """
        made = self._made(tenant, upcoming, None)
        if self._snapshots is not None:
            save_view(made.view, made.records, tenant, self._snapshots)

    def _prepare(self, tenant: TenantId) -> None:
        """Load what is about to serve, if anything is, so that nobody waits for it then."""
        upcoming = self._records.upcoming(tenant)
        with self._preparing:
            if upcoming is None:
                self._prepared.pop(tenant, None)
            elif not _is_of(self._prepared.get(tenant), upcoming):
                self._prepared[tenant] = self._made(tenant, upcoming, None)

    def _take_prepared(self, tenant: TenantId) -> Tenant | None:
        # Waits for who is just preparing it.
        with self._preparing:
            prepared = self._prepared.pop(tenant, None)
        return prepared if _is_of(prepared, self._records.pinned(tenant)) else None

    def _replaced(self, tenant: TenantId, old: Tenant) -> Tenant:
        with self._locks.setdefault(tenant, RLock()):
            if self._open[tenant] is old:
                self._open[tenant] = self._take_prepared(tenant) or self._make(tenant, None)
                new = OwnWords(self._open[tenant].model.encoder.model_version)
                logger.warning("Everything was derived anew by %s, which answers from now on.", new)
            return self._open[tenant]

    def save(self, tenant: TenantId, *, whole: bool = False) -> Path | None:
        """Write a snapshot of a tenant's view; return its folder, none if there is no place.

        Args:
            tenant: whose.
            whole: whether to work out all of the graph of skills first, some ten seconds for
                those that ship: once for all starts, since a server that has to do it at each
                one answers slowly meanwhile.

        Raises:
            SnapshotBusy: if another process is writing one.
            SnapshotNotWritten: if the disk does not take it.
        """
        if self._snapshots is None:
            return None
        opened = self.current(tenant)
        if whole:
            opened.view.skills.fill_graph(until=lambda: False, at_once=_FILLED_AT_ONCE)
        return save_view(opened.view, opened.records, tenant, self._snapshots)

    def _make(self, tenant: TenantId, on_page: Callable[[int], None] | None) -> Tenant:
        for _ in range(_ATTEMPTS - 1):
            try:
                return self._made(tenant, self._records.pinned(tenant), on_page)
            except VectorsReplaced:
                logger.info("Vectors were replaced while a view of them was loaded.")
        return self._made(tenant, self._records.pinned(tenant), on_page)

    def _made(
        self, tenant: TenantId, pinned: Pinned, on_page: Callable[[int], None] | None
    ) -> Tenant:
        records = pinned.records
        model = self._models.of(pinned.model_hash)
        encoder, topics = model.encoder, model.topics

        def empty() -> View:
            return View(
                records,
                tenant,
                encoder.dim,
                bridge=model.curves.bridge,
                judge=self._judge,
                topics=TopicColumn(topics, encoder) if topics else None,
            )

        view = open_view(empty, records, tenant, self._snapshots, on_page)
        linker = SkillLinker(view.skills, model.curves.link)
        return Tenant(
            records=records,
            model=model,
            derivation=pinned.number,
            view=view,
            judge=self._judge,
            linker=linker,
            deriver=Deriver(encoder, linker, view.occupations),
            goals=GoalReader(encoder, linker, skills=view.skills, occupations=view.occupations),
        )


def _is_of(made: Tenant | None, pinned: Pinned) -> bool:
    """Tell whether a tenant was made of this derivation, and by its model."""
    if made is None or made.derivation != pinned.number:
        return False
    return pinned.model_hash in (None, made.model.encoder.model_hash)
