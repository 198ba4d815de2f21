"""A small Onramp: the real store, view and intake, with vectors that cost no model."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from service.domain.ids import DEFAULT_TENANT
from service.indexing.models import Curves, Model
from service.indexing.snapshots import Snapshots
from service.indexing.tenants import Tenants
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

    model_hash = sha256(b"hash").hexdigest()

    def __init__(self, *, dim: int = DIM) -> None:
        self.dim = dim
        self.model_version = "hash"
        if dim != DIM:
            self.model_version = f"hash-{dim}"
            self.model_hash = sha256(self.model_version.encode()).hexdigest()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector for each text. Shape: ``(len(texts), dim)``."""
        return np.stack([self._vector(text) for text in texts])

    def _vector(self, text: str) -> Vectors:
        seed = int.from_bytes(sha256(text.encode()).digest()[:8])
        drawn = np.random.default_rng(seed).standard_normal(self.dim).astype(np.float32)
        vector: Vectors = drawn / np.linalg.norm(drawn)
        return vector


# The model that comes after the first.
NEXT = HashEncoder(dim=48)


class HashModels:
    """Two models of different length."""

    def of(self, model_hash: str | None) -> Model:
        """Return the model of this hash."""
        encoder = NEXT if model_hash == NEXT.model_hash else HashEncoder()
        return Model(encoder=encoder, curves=Curves(_CURVE, _CURVE))


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
    with SqliteStore.open(folder, create=True, reserve_bytes=reserve_bytes) as store:
        snapshots = Snapshots(folder / SNAPSHOTS, code="small")
        models = HashModels()
        tenants = Tenants(store, models, rules=EvidenceRules(), snapshots=snapshots)
        tenants.get(DEFAULT_TENANT)
        yield Small(store=store, tenants=tenants, intake=Intake(store, tenants))


def integrity(folder: Path) -> str:
    """Return what SQLite's own check of the whole file says; ``ok`` if it finds nothing."""
    with closing(sqlite3.connect(folder / STORE_FILE)) as connection:
        said = [row[0] for row in connection.execute("PRAGMA integrity_check")]
        said += [f"foreign key: {row}" for row in connection.execute("PRAGMA foreign_key_check")]
    return "ok" if said == ["ok"] else "; ".join(said)
