"""Tenants in memory: each with its view of the store and what reads records by it."""

import itertools
import logging
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from threading import Event, Lock, RLock

from service.domain.ids import DEFAULT_TENANT, TenantId
from service.errors import StoreProblem, VectorsReplaced
from service.indexing.known_goals import GoalsKept, KnownGoals
from service.indexing.models import Models
from service.indexing.opening import Opening
from service.indexing.resting import Resting
from service.indexing.room import Room, Size, megabytes_of
from service.indexing.saving import open_view, save_view
from service.indexing.snapshots import Snapshots
from service.indexing.tenant import Tenant
from service.indexing.topic_column import TopicColumn
from service.indexing.troubles import Troubles
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


class Tenants:
    """Opens a tenant's view when it is first asked for, and keeps it while there is room.

    When everything was derived anew by another model, the view gives way to one of that.

    Attributes:
        troubles: of tenants whose views could not be loaded or kept up.
    """

    def __init__(
        self,
        records: Records,
        models: Models,
        *,
        rules: EvidenceRules,
        snapshots: Snapshots | None = None,
        room: Room | None = None,
        resting: Resting | None = None,
    ) -> None:
        self.troubles = Troubles()
        self._snapshots = snapshots
        self._room = room or Room()
        self._resting = resting
        self._opening = Opening()
        self._ending = Event()
        # The order in which they were asked for last.
        self._numbers = itertools.count()
        self._asked: dict[TenantId, int] = {}
        self._closing = Lock()
        self._models = models
        self._judge = EvidenceJudge(rules)
        self._records = records
        self._goals = GoalsKept()
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
        self._asked[tenant] = next(self._numbers)
        opened = self._open.get(tenant)
        if opened is not None:
            return opened
        with self._locks.setdefault(tenant, RLock()):
            opened = self._open.get(tenant)
            if opened is None:
                opened = self._open[tenant] = self._make(tenant, on_page)
                self._make_room(tenant)
                if self._resting and tenant != DEFAULT_TENANT:
                    self._resting.loaded()
            return opened

    def opened(self) -> dict[TenantId, Tenant]:
        """Return the tenants that are open now."""
        return dict(self._open)

    def is_open(self, tenant: TenantId) -> bool:
        """Tell whether a tenant's view is in memory."""
        return tenant in self._open

    def opening(self, tenant: TenantId) -> Future[object] | None:
        """Begin to open a tenant beside those who answer; return none if it is open.

        Returns:
            What is done when it is open, and raises what opening it raises.
        """
        return None if tenant in self._open else self._opening.begin(tenant, self.get)

    def has_room_for(self, tenant: TenantId) -> bool:
        """Tell whether a tenant can be opened, and no other need be closed for it.

        Raises:
            StoreProblem: if the store cannot be read.
        """
        new = Size(tenant, megabytes_of(self._records.counts(tenant)))
        return tenant == DEFAULT_TENANT or self._room.holds([*self._sizes(tenant), new])

    def close(self, tenant: TenantId) -> None:
        """Let go of a tenant's view; who answers by it goes on, and the next one opens another."""
        self._open.pop(tenant, None)
        self.troubles.clear(tenant)

    def end(self) -> None:
        """Open nothing more beside those who answer, and leave off what is under way."""
        self._ending.set()
        self._opening.end()

    def _make_room(self, newest: TenantId) -> None:
        with self._closing:
            sizes = self._sizes(newest)
            if newest != DEFAULT_TENANT:
                sizes.append(Size(newest, megabytes_of(self._open[newest].view.counts())))
            excess = list(self._room.excess(sizes))
            for tenant in excess:
                logger.warning(
                    "The indexes of the tenant %s make room for those of %s.",
                    OwnWords(tenant),
                    OwnWords(newest),
                )
                self.close(tenant)
            if excess and self._resting:
                self._resting.closed()

    def _sizes(self, leaving_out: TenantId) -> list[Size]:
        """Return about what the open ones take, the one that was not asked for the longest first.

        The tenant ``default`` is not among them; it stays.
        """
        there = [
            (self._asked.get(tenant, 0), Size(tenant, megabytes_of(opened.view.counts())))
            for tenant, opened in self.opened().items()
            if tenant not in (leaving_out, DEFAULT_TENANT)
        ]
        return [size for _, size in sorted(there)]

    def current(self, tenant: TenantId) -> Tenant:
        """Return the tenant, its view caught up with the change log.

        Raises:
            StoreProblem: if the store cannot be read.
        """
        return self._caught_up(tenant, self.get(tenant))

    def _caught_up(self, tenant: TenantId, opened: Tenant) -> Tenant:
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

        One tenant's trouble, whatever it is, keeps no other from it; ``troubles`` has it.
        """
        for tenant, opened in self.opened().items():
            try:
                self._caught_up(tenant, opened)
                self._prepare(tenant)
            except Exception as error:
                self.troubles.note(tenant, error)
            else:
                self.troubles.clear(tenant)

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
            there = self._open.get(tenant)
            if there is not None and there is not old:
                return there
            new = self._take_prepared(tenant) or self._make(tenant, None)
            # One that was closed meanwhile stays so.
            if there is old:
                self._open[tenant] = new
            version = OwnWords(new.model.encoder.model_version)
            logger.warning("Everything was derived anew by %s, which answers from now on.", version)
            return new

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

        def told(count: int) -> None:
            # Who ends the process does not wait until a large tenant is loaded.
            if self._ending.is_set():
                raise StoreProblem("The indexes are not loaded any more, since this is ending.")
            if on_page:
                on_page(count)

        view = open_view(empty, records, tenant, self._snapshots, told)
        linker = SkillLinker(view.skills, model.curves.link)
        return Tenant(
            records=records,
            model=model,
            derivation=pinned.number,
            view=view,
            judge=self._judge,
            linker=linker,
            deriver=Deriver(encoder, linker, view.occupations),
            goals=KnownGoals(
                GoalReader(encoder, linker, skills=view.skills, occupations=view.occupations),
                skills=view.skills,
                occupations=view.occupations,
                kept=self._goals,
            ),
        )


def _is_of(made: Tenant | None, pinned: Pinned) -> bool:
    """Tell whether a tenant was made of this derivation, and by its model."""
    if made is None or made.derivation != pinned.number:
        return False
    return pinned.model_hash in (None, made.model.encoder.model_hash)
