"""Two small models of different length, and a world whose store may be of either."""

from dataclasses import dataclass
from pathlib import Path

from embeddings import load_encoder
from service.domain.derivation import Derivation, DerivedWith
from service.domain.ids import DEFAULT_TENANT, OccupationId
from service.domain.job import Occupation
from service.domain.record import Record
from service.indexing.models import Curves, Model
from service.intake.rederiving import OnGroup, ReadyMade, Rederiver
from service.matching.ports import MetaKey
from service.models import GuardedEncoder
from service.storage import SqliteStore
from tests.builders.small_models import small_model
from tests.builders.worlds import (
    BRIDGE,
    CALIBRATION,
    World,
    a_world,
    credential,
    job,
    learner,
    skill,
    stated,
)

WORDS = "I weld metal and keep records, and I audit financial statements of schools."
RECORDS: tuple[Record, ...] = (
    skill("s:sql", "SQL", "structured query language"),
    skill("s:sheets", "use spreadsheets software"),
    skill("s:weld", "weld metal"),
    skill("s:teach", "teach children"),
    skill("s:audit", "audit financial statements"),
    Occupation(id=OccupationId("o:welder"), title="welder", alt_titles=("metal welder",)),
    credential("c-weld", "Welding of metal", description="Students weld metal in the shop."),
    credential("c-sql", "Databases", "SQL", description="Structured query language and tables."),
    credential("c-teach", "Teaching", description="How to teach children, and audit schools."),
    job("j-1", "Bookkeeper", *stated("audit financial statements", "use spreadsheets software")),
    learner("l-1", text=WORDS),
    learner("l-2", "SQL", text="I teach children with spreadsheets."),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TwoModels:
    """Implements ``Models``: the old one is configured, and the new one is found by its hash."""

    old: Model
    new: Model

    def of(self, model_hash: str | None) -> Model:
        """Return the model of this hash; the old one for none."""
        is_new = model_hash == self.new.encoder.model_hash
        return self.new if is_new else self.old


def two_models(folder: Path) -> TwoModels:
    """Make two models of 32 and 48 dimensions in a folder."""
    return TwoModels(
        old=_loaded(small_model(folder / "old", dim=32, seed=1)),
        new=_loaded(small_model(folder / "new", dim=48, seed=2)),
    )


def _loaded(folder: Path) -> Model:
    encoder = GuardedEncoder(load_encoder(folder, threads=1))
    return Model(encoder=encoder, curves=Curves(CALIBRATION, BRIDGE))


def a_world_of(store: SqliteStore, models: TwoModels, *records: Record) -> World:
    """Return a world over a store whose vectors are of the old model, unless it says others."""
    if store.get_meta(DEFAULT_TENANT, MetaKey.MODEL_HASH) is None:
        store.set_meta(DEFAULT_TENANT, MetaKey.MODEL_HASH, models.old.encoder.model_hash)
    world = a_world(store, models.old.encoder, models=models)
    if records:
        world.put(*records)
    return world


def a_light_store(folder: Path, models: Path, *records: Record) -> None:
    """Make a store without the taxonomies that ship, its vectors by the old of two models."""
    two = two_models(models)
    with SqliteStore.open(folder, create=True) as store:
        store.set_meta(DEFAULT_TENANT, MetaKey.TAXONOMY_VERSIONS, "{}")
        a_world_of(store, two, *records)


def rederive(
    store: SqliteStore,
    model: Model,
    *,
    on_group: OnGroup = lambda _: None,
    before_swap: OnGroup = lambda _: None,
) -> Derivation:
    """Derive everything in a store by a model, and swap."""
    using = DerivedWith(
        model_hash=model.encoder.model_hash,
        model_version=model.encoder.model_version,
        taxonomies="{}",
    )
    return Rederiver(store, store.derivations, model, DEFAULT_TENANT).run(
        using,
        ready=ReadyMade(),
        on_group=on_group,
        before_swap=lambda _, seq: before_swap(seq),
    )


def clear(store: SqliteStore) -> int:
    """Delete what served before; return of how many records."""
    count = 0
    while some := store.derivations.clear(DEFAULT_TENANT):
        count += some
    return count
