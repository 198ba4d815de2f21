"""Records that were decoded before, so that what has not changed is not decoded again."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from threading import Lock
from typing import Final, NamedTuple

from service.domain.ids import TenantId
from service.domain.record import Kind, StoredRecord

# Some 10 KB each: all that a college has, and what is asked for of a system of colleges.
MOST: Final = 8_000
# A learner's record is personal: it is erased by leaving the store, and nobody keeps a copy.
PERSONAL: Final = frozenset({Kind.LEARNER})


class _Kept(NamedTuple):
    """A record, and the row of the change log at which it was last known to be the newest."""

    stored: StoredRecord
    seq: int


class Which(NamedTuple):
    """Whose records, in which derivation, and of which kind.

    The same revision of a record has other vectors and links in another derivation, and an id
    names another record at another tenant.
    """

    tenant: TenantId
    derivation: int
    kind: Kind


class DecodedRecords:
    """The records that were read last; a record is only given out in the revision asked for.

    No revision ever names two contents, so what is given out is what the store has. All tenants
    share the room: what a derivation has left goes like whatever is not asked for any more.
    """

    def __init__(self, *, most: int = MOST) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[Which, str], _Kept] = OrderedDict()
        self._lock = Lock()

    def as_of(self, of: Which, ids: Iterable[str], *, seq: int) -> dict[str, StoredRecord]:
        """Return those of the records that are known to be so at this row of the change log."""
        there: dict[str, StoredRecord] = {}
        with self._lock:
            for record_id in ids:
                kept = self._kept.get((of, record_id))
                if kept is not None and kept.seq == seq:
                    there[record_id] = kept.stored
                    self._kept.move_to_end((of, record_id))
        return there

    def found(
        self, of: Which, revisions: Mapping[str, int], *, seq: int
    ) -> dict[str, StoredRecord]:
        """Return those of the records that are kept in just this revision, which is of now.

        Args:
            of: whose, in which derivation, of which kind.
            revisions: the revisions that the store has.
            seq: the newest row of the change log in the state in which it has them.
        """
        there: dict[str, StoredRecord] = {}
        with self._lock:
            for record_id, revision in revisions.items():
                key = (of, record_id)
                kept = self._kept.get(key)
                if kept is not None and kept.stored.revision == revision:
                    there[record_id] = kept.stored
                    self._kept[key] = _Kept(kept.stored, seq)
                    self._kept.move_to_end(key)
        return there

    def keep(self, of: Which, stored: Iterable[StoredRecord], *, seq: int) -> None:
        """Keep records, in place of those that were not asked for the longest; learners never."""
        if of.kind in PERSONAL:
            return
        with self._lock:
            for each in stored:
                self._kept[of, each.record.id] = _Kept(each, seq)
                self._kept.move_to_end((of, each.record.id))
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
