"""A small Onramp: the real store, view and intake, with vectors that cost no model."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from service.domain.ids import DEFAULT_TENANT
from service.indexing.snapshots import Snapshots
from service.indexing.tenants import Curves, Tenants
from service.indexing.view import View
from service.intake import Intake
from service.matching.evidence_rules import EvidenceRules
from service.matching.linking import Calibration
from service.matching.ports import Vectors
from service.storage import STORE_FILE, SqliteStore

DIM = 32
SNAPSHOTS = "snapshots"
_CURVE = Calibration(slope=12.0, intercept=-6.6)


class HashEncoder:
    """An encoder whose vectors follow from the hash of the text: no meaning, no model, no time."""

    dim = DIM
    model_version = "hash"
    model_hash = sha256(b"hash").hexdigest()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector for each text. Shape: ``(len(texts), dim)``."""
        return np.stack([_vector(text) for text in texts])


def _vector(text: str) -> Vectors:
    seed = int.from_bytes(sha256(text.encode()).digest()[:8])
    drawn = np.random.default_rng(seed).standard_normal(DIM).astype(np.float32)
    vector: Vectors = drawn / np.linalg.norm(drawn)
    return vector


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Small:
    """What is opened over a folder."""

    store: SqliteStore
    tenants: Tenants
    intake: Intake

    @property
    def view(self) -> View:
        """The indexes, as they are now."""
        return self.tenants.get(DEFAULT_TENANT).view


@contextmanager
def small(folder: Path, *, reserve_bytes: int = 0) -> Iterator[Small]:
    """Open the store in a folder, making it if there is none, and the view over it."""
    encoder = HashEncoder()
    with SqliteStore.open(folder, create=True, reserve_bytes=reserve_bytes) as store:
        snapshots = Snapshots(folder / SNAPSHOTS, code=encoder.model_hash, dim=DIM)
        tenants = Tenants(
            store,
            encoder,
            Curves(_CURVE, _CURVE),
            rules=EvidenceRules(),
            snapshots=snapshots,
        )
        tenants.get(DEFAULT_TENANT)
        yield Small(store=store, tenants=tenants, intake=Intake(store, tenants, encoder))


def integrity(folder: Path) -> str:
    """Return what SQLite's own check of the whole file says; ``ok`` if it finds nothing."""
    with closing(sqlite3.connect(folder / STORE_FILE)) as connection:
        said = [row[0] for row in connection.execute("PRAGMA integrity_check")]
        said += [f"foreign key: {row}" for row in connection.execute("PRAGMA foreign_key_check")]
    return "ok" if said == ["ok"] else "; ".join(said)
