"""Figures of all worker processes, of which any may be asked: each writes down its own."""

import json
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
WORKER: Final = "worker"
_WRITTEN: Final = "onramp_metrics_written_timestamp_seconds"
# One more series for each, which nobody reads: the time at which it began.
_CREATED: Final = "_created"


class Shared(NamedTuple):
    """Where worker processes write down their figures, and which of them this is."""

    folder: Path
    worker: int


class Board(Collector):
    """Shows this process's figures and, from files of theirs, those of the other workers.

    Every figure has the label ``worker``. They are not added up here: a worker that is started
    anew begins at 0, which Prometheus recognizes in a series of its own, and not in a sum.
    prometheus_client's mode for several processes adds up, knows no collectors of one's own, and
    is set by an environment variable before the import.
    """

    def __init__(self, registry: CollectorRegistry, shared: Shared | None = None) -> None:
        self._registry = registry
        self._shared = shared
        self._worker = shared.worker if shared else 0

    @property
    def is_shared(self) -> bool:
        """Whether other processes have figures too."""
        return self._shared is not None

    def render(self) -> bytes:
        """Return all figures as text."""
        return generate_latest(self)

    def collect(self) -> Iterator[Metric]:
        """Yield each figure once, with the values of every worker."""
        families: dict[str, Metric] = {}
        for told in (self._own(), *self._others()):
            for name, says, kind, samples in told:
                family = families.setdefault(name, Metric(name, says, kind))
                for sample, labels, value in samples:
                    family.add_sample(sample, labels, value)
        yield from families.values()

    def write(self) -> None:
        """Write down this process's figures for the others, in one step."""
        if self._shared is None:
            return
        path = _file_of(self._shared)
        new = path.with_suffix(f".{os.getpid()}")
        new.write_text(json.dumps(self._own()), encoding="utf-8")
        new.replace(path)

    def forget(self) -> None:
        """Take back what was written down: this process ends."""
        if self._shared is not None:
            _file_of(self._shared).unlink(missing_ok=True)

    def _own(self) -> list[Any]:
        worker = str(self._worker)
        told = [_told(family, worker) for family in self._registry.collect()]
        stamp = [_WRITTEN, {WORKER: worker}, time.time()]
        return [*told, [_WRITTEN, "When these figures were taken.", "gauge", [stamp]]]

    def _others(self) -> Iterable[list[Any]]:
        if self._shared is None:
            return
        own = _file_of(self._shared)
        for path in sorted(self._shared.folder.glob("*.json")):
            if path != own:
                # A worker may end between the two.
                with suppress(FileNotFoundError):
                    yield json.loads(path.read_text(encoding="utf-8"))


def _told(family: Metric, worker: str) -> list[Any]:
    samples = [
        [each.name, {**each.labels, WORKER: worker}, float(each.value)]
        for each in family.samples
        if not each.name.endswith(_CREATED)
    ]
    return [family.name, family.documentation, family.type, samples]


def _file_of(shared: Shared) -> Path:
    return shared.folder / f"{shared.worker}.json"
