"""The oracle: what was acknowledged, kept on the disk, and compared with what a store holds."""

import json
import os
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.torture.small import Small, integrity, small
from benchmarks.torture.work import Operation, version_of
from service.domain.ids import DEFAULT_TENANT, CredentialId
from service.domain.record import Kind, StoredRecord
from service.matching.ports import RecordKey

Versions = dict[RecordKey, str]


class Faults(NamedTuple):
    """What was wrong after a fault; empty is what is wanted."""

    lost: list[str]
    wrong: list[str]

    def __bool__(self) -> bool:
        return bool(self.lost or self.wrong)


class Oracle:
    """Knows what every acknowledged operation came to. Lives on in a file, fsynced at each step."""

    def __init__(self, path: Path) -> None:
        self._versions: Versions = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file():
            for line in path.read_text(encoding="utf-8").splitlines():
                kind, record_id, version = json.loads(line)
                self._apply(Operation(RecordKey(Kind(kind), record_id), version))
        self._file = path.open("a", encoding="utf-8")

    @property
    def versions(self) -> Versions:
        """The version in which each record that is not deleted was put last."""
        return dict(self._versions)

    def acknowledged(self, step: Operation) -> None:
        """Keep that a step was acknowledged."""
        self._file.write(json.dumps([step.key.kind.value, step.key.id, step.version]) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._apply(step)

    def compare(self, found: Versions, *, in_flight: Operation | None = None) -> list[str]:
        """Return where a store differs from what was acknowledged.

        One step may have been done without there being time to say so; it is then known from
        here on.
        """
        if in_flight is not None and found.get(in_flight.key) == in_flight.version:
            self.acknowledged(in_flight)
        keys = sorted(self._versions.keys() | found.keys())
        return [
            f"{key.kind} {key.id}: {self._versions.get(key)} was acknowledged, and "
            f"{found.get(key)} is there"
            for key in keys
            if self._versions.get(key) != found.get(key)
        ]

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _apply(self, step: Operation) -> None:
        if step.version is None:
            self._versions.pop(step.key, None)
        else:
            self._versions[step.key] = step.version


def examine(folder: Path, oracle: Oracle, *, in_flight: Operation | None = None) -> Faults:
    """Open what a fault left, and say what of it is not as it was acknowledged."""
    with small(folder) as product:
        stored = stored_records(product)
        versions = {key: version_of(each.record) for key, each in stored.items()}
        lost = oracle.compare(versions, in_flight=in_flight)
        wrong = differences(product, stored)
    said = integrity(folder)
    return Faults(lost, wrong if said == "ok" else [*wrong, said])


def stored_records(product: Small) -> dict[RecordKey, StoredRecord]:
    """Return every credential and learner in the store."""
    return {
        RecordKey(kind, each.record.id): each
        for kind in (Kind.CREDENTIAL, Kind.LEARNER)
        for page in product.store.scan(DEFAULT_TENANT, kind)
        for each in page
    }


def differences(product: Small, stored: dict[RecordKey, StoredRecord]) -> list[str]:
    """Return where the indexes are not the view of the store that they should be."""
    view = product.view
    found = []
    for kind, count in view.counts().items():
        there = sum(key.kind is kind for key in stored)
        if count != there:
            found.append(f"the index holds {count} of {there} {kind}s")
    ids = [CredentialId(key.id) for key in stored if key.kind is Kind.CREDENTIAL]
    if ids:
        kept = np.stack([stored[RecordKey(Kind.CREDENTIAL, each)].vector for each in ids])
        same = (view.credentials.vectors_of(ids) == kept).all(axis=1)
        found += [
            f"the vector of {each} differs"
            for each, is_it in zip(ids, same, strict=True)
            if not is_it
        ]
    last = product.store.last_seq(DEFAULT_TENANT)
    if view.seq != last:
        found.append(f"the index is at change {view.seq} of {last}")
    return found
