"""A shelf: values by id, those of a snapshot kept as bytes until somebody asks for one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from service.indexing.folders import ReadingFolder, WritingFolder

V = TypeVar("V")

# So many decoded values are kept; then all are let go, and those still asked for come again.
_DECODED_MAX = 50_000
SETTLES_FROM = 50_000


class Form(NamedTuple, Generic[V]):
    """How a value is written down, and read back equal."""

    encode: Callable[[V], bytes]
    decode: Callable[[bytes], V]


class _Settled(NamedTuple):
    """A value as the bytes that it is read from."""

    body: bytes


class Shelf(Generic[V]):
    """Values by id. Any thread may read while one writes.

    A million decoded records are gigabytes of objects and a minute of a start, and a question
    looks at some hundred of them. So what comes from a snapshot stays the bytes that it is, in a
    file mapped into memory; what changes afterwards is kept as it is.
    """

    def __init__(self, form: Form[V], *, settles_from: int = SETTLES_FROM) -> None:
        self._form = form
        self._settles_from = settles_from
        # What changed since the snapshot, some of it settled; none for what was there and is gone.
        self._changed: dict[str, V | _Settled | None] = {}
        # In the order in which they were put last.
        self._unsettled: dict[str, None] = {}
        self._decoded: dict[str, tuple[_Settled | None, V]] = {}
        self._places: Mapping[str, int] = {}
        self._ends: NDArray[np.int64] = np.zeros(1, dtype=np.int64)
        self._bytes: bytes | memoryview = b""
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __contains__(self, key: str) -> bool:
        if key in self._changed:
            return self._changed[key] is not None
        return key in self._places

    def get(self, key: str) -> V | None:
        """Return the value, if there is one with this id."""
        if key in self._changed:
            changed = self._changed.get(key)
            if not isinstance(changed, _Settled):
                return changed
            return self._decoded_from(key, changed)
        return self._decoded_from(key, None) if key in self._places else None

    def many(self, keys: Sequence[str]) -> list[V | None]:
        """Return the values of ids, in their order; none where there is none."""
        decoded, changed = self._decoded, self._changed
        found: list[V | None] = []
        for key in keys:
            known = decoded.get(key)
            # Most were asked for before and have not changed since; the others one by one.
            if known is not None and known[0] is None and key not in changed:
                found.append(known[1])
            else:
                found.append(self.get(key))
        return found

    def put(self, key: str, value: V) -> None:
        """Keep a value in place of the one that was there."""
        self._count += key not in self
        self._changed[key] = value
        self._decoded.pop(key, None)
        self._unsettled.pop(key, None)
        self._unsettled[key] = None
        if len(self._unsettled) > self._settles_from:
            # One for each that comes, so that a server that is written to for weeks keeps few.
            self._settle(next(iter(self._unsettled)))

    def settle(self) -> None:
        """Keep what was put as bytes from here on: a fifth of the memory of objects.

        So few values as a small store has are let alone; they are soon asked for.
        """
        if len(self._unsettled) >= self._settles_from:
            for key in list(self._unsettled):
                self._settle(key)

    def _settle(self, key: str) -> None:
        del self._unsettled[key]
        value = self._changed.get(key)
        if value is not None and not isinstance(value, _Settled):
            self._changed[key] = _Settled(self._form.encode(value))

    def pop(self, key: str) -> V | None:
        """Let a value go and return it; none if there was none."""
        gone = self.get(key)
        if gone is not None:
            self._count -= 1
        if key in self._places:
            self._changed[key] = None
        else:
            self._changed.pop(key, None)
        self._unsettled.pop(key, None)
        self._decoded.pop(key, None)
        return gone

    def save(self, folder: WritingFolder, name: str, keys: Sequence[str]) -> None:
        """Write the values of these ids, all of which are there, in their order."""
        lengths = np.zeros(len(keys) + 1, dtype=np.int64)

        def told() -> Iterator[bytes]:
            for place, key in enumerate(keys):
                part = self._encoded(key)
                lengths[place + 1] = len(part)
                yield part

        folder.write(f"{name}.bytes", told())
        folder.write_array(f"{name}-ends", np.cumsum(lengths))

    def load(self, folder: ReadingFolder, name: str, places: Mapping[str, int]) -> None:
        """Take up what was saved: the value of an id lies at its place among those saved."""
        self._bytes = folder.mapped(f"{name}.bytes")
        self._ends = folder.read_array(f"{name}-ends")
        self._places = places
        self._count = len(places)
        if len(self._ends) != len(places) + 1 or self._ends[-1] != len(self._bytes):
            raise ValueError(f"{name} holds another number of values than there are ids.")

    def _encoded(self, key: str) -> bytes:
        changed = self._changed.get(key)
        if isinstance(changed, _Settled):
            return changed.body
        return self._stored(key) if changed is None else self._form.encode(changed)

    def _decoded_from(self, key: str, settled: _Settled | None) -> V:
        # With what it was read from: a value of before must not pass for one that came meanwhile.
        known = self._decoded.get(key)
        if known is not None and known[0] is settled:
            return known[1]
        found = self._form.decode(self._stored(key) if settled is None else settled.body)
        if len(self._decoded) >= _DECODED_MAX:
            self._decoded = {}
        self._decoded[key] = (settled, found)
        return found

    def _stored(self, key: str) -> bytes:
        place = self._places[key]
        return bytes(self._bytes[int(self._ends[place]) : int(self._ends[place + 1])])
