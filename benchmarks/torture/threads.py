"""R9: many threads write and search at once; nobody misses their own, nobody meets the deleted."""

import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from threading import Lock, Thread

import numpy as np

from benchmarks.torture.oracle import differences, stored_records
from benchmarks.torture.report import Outcome
from benchmarks.torture.small import HashEncoder, Small, small
from benchmarks.torture.work import record
from index import VectorIndex
from service.domain.ids import DEFAULT_TENANT
from service.domain.record import Kind
from service.matching.ports import RecordKey
from service.matching.texts import record_text

THREADS = 8
_KEPT = 40
_K = 10


class _Shared:
    """What the threads tell each other: which ids were deleted, and what went wrong."""

    def __init__(self, outcome: Outcome) -> None:
        self._lock = Lock()
        self._gone: set[str] = set()
        self.outcome = outcome

    def deleted(self, name: str) -> None:
        """Note that a deletion was acknowledged."""
        with self._lock:
            self._gone.add(name)

    def gone(self) -> frozenset[str]:
        """Return the ids of which a deletion was acknowledged by now."""
        with self._lock:
            return frozenset(self._gone)

    def check(self, wrong: list[str], *, steps: int) -> None:
        """Note what a thread saw in some steps."""
        with self._lock:
            self.outcome.cases += steps
            self.outcome.faults += wrong


def crowd_on_an_index(index: VectorIndex, *, seconds: float, outcome: Outcome) -> None:
    """Let eight threads add, update, delete and search in one index."""
    shared = _Shared(outcome)

    def step(thread: int, number: int) -> list[str]:
        name, old = f"t{thread}-{number}", f"t{thread}-{number - _KEPT}"
        first, second = HashEncoder().encode([name, f"{name} again"])
        gone = shared.gone()
        index.add([name], first[None])
        index.update([name], second[None])
        found = index.search(np.stack([second, first]), k=_K)
        if number >= _KEPT:
            index.remove([old])
            shared.deleted(old)
        nearest = found[0][0]
        wrong = [] if nearest.id == name else [f"{name} does not find itself"]
        wrong += [f"{hit.id} came back" for hits in found for hit in hits if hit.id in gone]
        return wrong

    _all_at_once(step, shared, seconds)
    if len(index) != len(set(index.ids)) or not all(each in index for each in index.ids):
        outcome.faults.append("the index is not what its ids say")


def crowd_on_a_product(folder: Path, *, seconds: float, outcome: Outcome) -> None:
    """Let eight threads put, change, delete and search credentials over one store."""
    with small(folder) as product:
        shared = _Shared(outcome)

        def step(thread: int, number: int) -> list[str]:
            return _product_step(product, shared, thread, number)

        _all_at_once(step, shared, seconds)
        outcome.faults += differences(product, stored_records(product))


def _product_step(product: Small, shared: _Shared, thread: int, number: int) -> list[str]:
    name, old = f"t{thread}-{number}", f"t{thread}-{number - _KEPT // 4}"
    key = RecordKey(Kind.CREDENTIAL, name)
    gone = shared.gone()
    product.intake.put(DEFAULT_TENANT, record(key, f"{thread}.{number}"))
    changed = record(key, f"{thread}.{number}1")
    product.intake.put(DEFAULT_TENANT, changed)
    query = HashEncoder().encode([record_text(changed)])
    found = product.view.cosines(Kind.CREDENTIAL, query)[0]
    if number >= _KEPT // 4:
        product.intake.delete(DEFAULT_TENANT, Kind.CREDENTIAL, old)
        shared.deleted(old)
    nearest = next(iter(found))
    wrong = [] if nearest == name else [f"{name} does not find itself, but {nearest}"]
    return [*wrong, *(f"{each} came back" for each in found if each in gone)]


def _all_at_once(step: Callable[[int, int], list[str]], shared: _Shared, seconds: float) -> None:
    until = time.monotonic() + seconds

    def work(thread: int) -> None:
        for number in count():
            if time.monotonic() >= until:
                return
            try:
                shared.check(step(thread, number), steps=1)
            except Exception as error:  # any error of a thread is a fault
                shared.check([f"thread {thread}: {type(error).__name__}: {error}"], steps=1)
                return

    threads = [Thread(target=work, args=(thread,)) for thread in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
