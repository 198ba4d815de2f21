"""The latest of what was asked for: kept by a key, and let go when others were asked for since."""

from collections import OrderedDict
from collections.abc import Hashable
from hashlib import blake2b
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_DIGEST_BYTES = 16


class Latest(Generic[K, V]):
    """So many values by key, those that were not asked for the longest let go; not thread-safe.

    Args:
        most: how many are kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[K, V] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: K) -> V | None:
        """Return what is kept, which is asked for now; none if nothing is."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, key: K, value: V) -> None:
        """Keep a value as the latest."""
        self._kept[key] = value
        self._kept.move_to_end(key)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def clear(self) -> None:
        """Let everything go."""
        self._kept.clear()


class SharedLatest(Generic[K, V]):
    """The same for any thread.

    Args:
        most: how many are kept.
    """

    def __init__(self, most: int) -> None:
        self._latest = Latest[K, V](most)
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._latest)

    def get(self, key: K) -> V | None:
        """Return what is kept, which is asked for now; none if nothing is."""
        with self._lock:
            return self._latest.get(key)

    def put(self, key: K, value: V) -> None:
        """Keep a value as the latest."""
        with self._lock:
            self._latest.put(key, value)


def digest_of(*parts: bytes) -> bytes:
    """Return what stands for a sequence of parts: of a learner's nothing may stay but this."""
    found = blake2b(digest_size=_DIGEST_BYTES)
    for part in parts:
        # With its length, so that no two sequences of parts are the same bytes.
        found.update(len(part).to_bytes(8))
        found.update(part)
    return found.digest()
