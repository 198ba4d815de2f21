"""The vital signs of a running service, for whoever watches it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from service.answers.desk import Desk
from service.domain.record import Kind
from service.errors import StoreProblem, StoreReadOnly


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """How a service is at one moment, over all tenants that it has open.

    Attributes:
        indexed: how many records of each kind the indexes hold.
        index_sequence: the newest change of the log that they have.
        store_sequence: the newest that the store has; none if it cannot be read.
        decisions_waiting: how many answers wait to be written to the decision log.
        tenants_open: of how many tenants the indexes are in memory.
        tenants_in_trouble: of how many the indexes could not be loaded or kept up.
        is_read_only: whether the disk once did not keep what it was told to.
    """

    indexed: Mapping[Kind, int]
    index_sequence: int
    store_sequence: int | None
    decisions_waiting: int
    tenants_open: int
    tenants_in_trouble: int
    is_read_only: bool


class VitalSigns:
    """Reads the vital signs. Blocking, for as long as the store takes to say its newest change."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def read(self) -> Vitals:
        """Return how the service is; whatever state it is in, it says so."""
        views = [tenant.view for tenant in self._desk.tenants.opened().values()]
        indexed = Counter(dict.fromkeys(Kind, 0))
        for view in views:
            indexed.update(view.counts())
        return Vitals(
            indexed=indexed,
            index_sequence=max((view.seq for view in views), default=0),
            store_sequence=self._newest(),
            decisions_waiting=self._desk.decisions.waiting,
            tenants_open=len(views),
            tenants_in_trouble=len(self._desk.tenants.troubles.now()),
            is_read_only=self._is_read_only(),
        )

    def _newest(self) -> int | None:
        records = self._desk.records
        try:
            return max(map(records.last_seq, self._desk.tenants.opened()), default=0)
        except StoreProblem:
            return None

    def _is_read_only(self) -> bool:
        try:
            self._desk.records.check_writable()
        except StoreReadOnly:
            return True
        return False
