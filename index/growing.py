"""One index from the first vector to the millionth: exact while that is fast, then quantized."""

import logging
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Thread
from typing import Self

import numpy as np

from index.checks import check_records
from index.flat import FlatVectors
from index.protocol import Mask, Metadata, RowHits, Rows, Vectors
from index.quantized import Filling, QuantizedVectors
from index.reading import TableIndex
from index.saved import QUANTIZED, loaded, saved_form
from index.snapshot import MANIFEST, Snapshot, read_snapshot, write_snapshot
from index.training import sample_size, train

# Read and encoded at once while the index goes over to codes; no writer waits longer.
_CHUNK = 4_096
# So many changes are made up for while writers wait, just before the swap.
_LAST_CHANGES = 512
# After a failure, so many times the vectors are there before it is tried again.
_TRY_AGAIN_AT = 1.25

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """When an index goes over to codes, and what it then has to find.

    Attributes:
        exact_up_to: so many vectors are searched exactly; one more, and codes are trained.
        recall: the share of the nearest neighbors that a search has to find, in (0, 1). Of what
            may be missed, a quarter may lie in lists that are not visited; the rest is for
            rounding to 8 bits (0.008 at 384 components: docs/index.md).
        again_at: codes are trained anew when there are so many times the vectors of last time.
            The number of lists goes by the root, to powers of two; so at 4 it is one step off.
        apart_up_to: the share of vectors that the codes may tell too badly before that.
        held_up_to: an index that is filled waits for the last of so many vectors (3 GB) at most.
    """

    exact_up_to: int = 200_000
    recall: float = 0.98
    again_at: float = 4.0
    apart_up_to: float = 0.05
    held_up_to: int = 2_000_000


class GrowingIndex(TableIndex):
    """Searches exactly up to some 200,000 vectors, and by 8-bit codes in lists beyond.

    The codes are trained and filled in a thread of their own while the vectors that are there go
    on answering and changing; then one reference is swapped. Methods are those of ``VectorIndex``.
    Once quantized (``kind``), a similarity and a vector of ``vectors_of`` are off by at most
    ``TOLERANCE``, and an answer may miss what ``Growth.recall`` allows.
    """

    def __init__(self, dim: int, *, growth: Growth | None = None) -> None:
        super().__init__(dim)
        self._growth = growth or Growth()
        # Writers take turns; so what is read without the other lock does not change meanwhile.
        self._turn = Lock()
        self._vectors: FlatVectors | QuantizedVectors = FlatVectors(np.zeros((0, dim), np.float32))
        self._grower: Thread | None = None
        self._changed: list[Rows] = []
        self._failed_at = 0
        self._held = 0
        self._apart_trained = 0
        self._swaps = 0

    @classmethod
    def build(cls, ids: Sequence[str], vectors: Vectors, *, growth: Growth | None = None) -> Self:
        """Make an index of these ids; none with a (0, dim) array makes an empty one."""
        check_records(ids, vectors)
        index = cls(vectors.shape[1], growth=growth)
        with index._writing():
            index._put(ids, vectors)
        return index

    @property
    def kind(self) -> str:
        """How vectors are searched at present: exact or quantized."""
        return self._vectors.kind

    @property
    def swaps(self) -> int:
        """How often codes came into place; what a search finds may be another since the last."""
        return self._swaps

    @property
    def growing(self) -> bool:
        """Whether codes are being trained and filled at present."""
        return self._grower is not None

    def add(self, ids: Sequence[str], vectors: Vectors) -> Rows:
        """Take up new ids and return their rows."""
        check_records(ids, vectors, dim=self._dim)
        with self._writing():
            self._table.refuse_known(ids)
            return self._put(ids, vectors)

    def update(self, ids: Sequence[str], vectors: Vectors) -> Rows:
        """Replace the vectors of ids and return their rows."""
        check_records(ids, vectors, dim=self._dim)
        with self._writing():
            self._table.rows_of(ids)
            return self._put(ids, vectors)

    def upsert(self, ids: Sequence[str], vectors: Vectors) -> Rows:
        """Add the ids that are new, update the others, and return their rows."""
        check_records(ids, vectors, dim=self._dim)
        with self._writing():
            return self._put(ids, vectors)

    def remove(self, ids: Collection[str]) -> None:
        """Take ids out and wipe their vectors from memory."""
        with self._writing():
            self._table.rows_of(ids)
            self._free(ids)

    def discard(self, ids: Collection[str]) -> None:
        """Take ids out; those that are not there are no error."""
        with self._writing():
            self._free(ids)

    @contextmanager
    def growth_held(self) -> Iterator[None]:
        """Train no codes for as long as the block lasts; at its end it is decided whether to.

        For who fills an index: trained on its first vectors, the codes would not fit the others.
        Until then all lie in memory as they came, in four times the space of codes; so beyond
        ``Growth.held_up_to`` it is not waited for the rest.
        """
        with self._turn:
            self._held += 1
        try:
            yield
        finally:
            with self._turn:
                self._held -= 1
                self._grow_if_due()

    def settle(self) -> None:
        """Wait until no codes are being trained."""
        while (grower := self._grower) is not None:
            grower.join()

    def save(self, folder: Path, *, metadata: Metadata) -> None:
        """Keep the index in a folder; a crash on the way leaves the one saved before."""
        # Copied first, so that no writer waits for the disk. Writers wait for the copy (a second at
        # a million) by their turn and not by the lock, where they would hold back new readers.
        with self._writing():
            rows, vectors = self._table.alive_rows, self._vectors
            ids = self._table.ids_of(rows)
            kind, raw = saved_form(vectors, rows)
        write_snapshot(folder, Snapshot(kind, self._dim, ids, raw, metadata))

    @classmethod
    def load(cls, folder: Path, *, growth: Growth | None = None) -> tuple[Self, Metadata]:
        """Return the index last saved in a folder, exact or quantized, and what was noted."""
        saved = read_snapshot(folder, kinds=[FlatVectors.kind, QUANTIZED])
        index = cls(saved.dim, growth=growth)
        index._vectors = loaded(saved, folder / MANIFEST)
        index._table = saved.table
        with index._writing():
            index._grow_if_due()
        return index, saved.metadata

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Take a turn as the one writer. Searches go on until the change itself is made."""
        self._lock.refuse_forks()
        with self._turn:
            yield

    def _put(self, ids: Sequence[str], vectors: Vectors) -> Rows:
        """Write vectors to the rows of ids, new rows for new ids."""
        count = self._table.row_count + self._table.count_new(ids)
        prepared = self._vectors.prepared(vectors, row_count=count)
        with self._lock.writing():
            rows = self._table.allot(ids)
            self._vectors.put(rows, prepared)  # type: ignore[arg-type]  # prepared by itself
        self._note(rows)
        self._pack_if_due()
        self._grow_if_due()
        return rows

    def _pack_if_due(self) -> None:
        """Pack the ids if there are enough new ones, while searches go on."""
        if packed := self._table.packed():
            with self._lock.writing():
                self._table.take_packed(packed)

    def _free(self, ids: Collection[str]) -> None:
        with self._lock.writing():
            rows = self._table.free(ids)
            self._vectors.remove(rows)
        self._note(rows)

    def _at(self, rows: Rows) -> Vectors:
        return self._vectors.vectors_of(rows)

    def _nearest(self, queries: Vectors, k: int, eligible: Mask | None) -> list[RowHits]:
        return self._vectors.nearest(queries, k=k, eligible=eligible, ids=self._table.names)

    def _near_any(self, queries: Vectors, k: int, eligible: Mask | None) -> Rows:
        if isinstance(self._vectors, FlatVectors):
            ids = self._table.names
            return self._vectors.near_any(queries, k=k, eligible=eligible, ids=ids)
        return super()._near_any(queries, k, eligible)

    # --- going over to codes ---------------------------------------------------------------------

    def _grow_if_due(self) -> None:
        if self._grower is None and self._due():
            self._changed = []
            self._grower = Thread(target=self._grow, name="grow-index", daemon=True)
            self._grower.start()

    def _due(self) -> bool:
        count, vectors = len(self._table), self._vectors
        if self._held and count <= self._growth.held_up_to:
            return False
        if count < self._failed_at * _TRY_AGAIN_AT:
            return False
        if not isinstance(vectors, QuantizedVectors):
            return count > self._growth.exact_up_to
        if count > vectors.training.size * self._growth.again_at:
            return True
        # What lies apart by its nature would else be trained for again and again.
        few = max(self._growth.exact_up_to * self._growth.apart_up_to, 2 * self._apart_trained)
        return vectors.apart_count > few

    def _note(self, rows: Rows) -> None:
        if self._grower is not None:
            self._changed.append(rows)

    def _grow(self) -> None:
        try:
            self._change_over(self._filled())
        except Exception:
            # What is there goes on answering, exactly or by its older codes.
            logger.exception("The index could not go over to codes")
            self._failed_at = len(self)
        finally:
            self._grower = None

    def _filled(self) -> QuantizedVectors:
        """Train codes and encode all that is there, while it goes on changing."""
        with self._lock.reading():
            rows = self._table.alive_rows
            size = sample_size(len(rows))
            chosen = np.sort(np.random.default_rng(0).choice(len(rows), size, replace=False))
            sample = self._vectors.vectors_of(rows[chosen])
        codes = QuantizedVectors(train(sample, count=len(rows), recall=self._growth.recall))
        codes.make_room(int(rows.max(initial=-1)) + 1)
        filling = Filling(codes, len(rows))
        for start in range(0, len(rows), _CHUNK):
            filling.add(*self._present(rows[start : start + _CHUNK]))
        filling.finish()
        return codes

    def _present(self, rows: Rows) -> tuple[Rows, Vectors]:
        """Return those of the rows that hold an id, and their vectors."""
        with self._lock.reading():
            alive: Rows = rows[self._table.holds(rows)]
            return alive, self._vectors.vectors_of(alive)

    def _take_over(self, codes: QuantizedVectors, rows: Rows) -> None:
        """Bring rows up to date in the codes that nobody searches yet."""
        alive, vectors = self._present(rows)
        codes.remove(rows)
        count = int(alive.max(initial=-1)) + 1
        codes.put(alive, codes.prepared(vectors, row_count=count))

    def _change_over(self, codes: QuantizedVectors) -> None:
        while True:
            with self._turn:
                changed, self._changed = self._changed, []
                rows = np.unique(np.concatenate([np.zeros(0, np.int64), *changed]))
                if len(rows) <= _LAST_CHANGES:
                    self._take_over(codes, rows)
                    with self._lock.writing():
                        self._vectors = codes
                        self._swaps += 1
                    self._apart_trained = codes.apart_count
                    return
            self._take_over(codes, rows)
