"""Renewal: another model or newer taxonomies come into a store, whichever process asks."""

import logging
import time
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from embeddings import DEFAULT_FOLDER, model_hash_of
from service.domain.derivation import Derivation, DerivedWith
from service.domain.ids import DEFAULT_TENANT
from service.domain.record import Kind
from service.errors import SnapshotProblem
from service.indexing.snapshots import Snapshots
from service.indexing.tenants import Tenants
from service.intake import Intake, OutcomeStatus
from service.intake.rederiving import ReadyMade, Rederiver
from service.intake.seeding import kept_versions, ready_made
from service.intake.updating import Update, is_retired, plan_update, retire
from service.logs import OwnWords
from service.matching.evidence_rules import DEFAULT_EVIDENCE
from service.matching.ports import MetaKey, RecordKey, Records
from service.models import ModelFolders
from service.settings import Settings
from service.standards.shipped import ShippedTaxonomy, load_manifest, load_taxonomy
from service.storage import STORE_FILE, SqliteStore
from service.wiring import Progress, arm_failpoint, seed_if_new, snapshots_of

logger = logging.getLogger(__name__)

_MEGA: Final = 1_000_000
# Answers under way when the new vectors come into place still read the old ones.
GRACE_S: Final = 5.0
# Before that they load the new ones: as long as it took here, and a moment more.
_LOADED_S: Final = 1.0
_PATIENCE_S: Final = 60.0


class Renewed(NamedTuple):
    """What a renewal did.

    Attributes:
        records: how many were derived by this process.
        cleared: how many old vectors were deleted.
    """

    records: int
    cleared: int


def is_due(records: Records, model_hash: str, *, versions: Mapping[str, str] | None = None) -> bool:
    """Tell whether vectors are of another model, or taxonomies of another release, than these.

    Or whether old ones are left to delete.

    Args:
        records: the store.
        model_hash: of the model that is configured.
        versions: of the taxonomies; those that ship if not given.
    """
    stored = records.get_meta(DEFAULT_TENANT, MetaKey.MODEL_HASH)
    shipped = load_manifest().versions if versions is None else versions
    return (
        stored != model_hash
        or _has_others(records, shipped)
        or records.derivation(DEFAULT_TENANT) is not None
    )


def _has_others(records: Records, versions: Mapping[str, str]) -> bool:
    """Tell whether the store has taken in taxonomies, and others than these."""
    stored = records.get_meta(DEFAULT_TENANT, MetaKey.TAXONOMY_VERSIONS) or "{}"
    return stored not in ("{}", kept_versions(versions))


def must_come_first(settings: Settings) -> bool:
    """Tell whether nothing can be served before it: vectors of a model that is not to be had.

    Raises:
        StoreProblem: if the store cannot be used.
        DataMissing: if the model is missing or damaged.
    """
    if not (settings.data / STORE_FILE).is_file():
        return False
    with SqliteStore.open(settings.data, create=True) as records:
        stored = records.get_meta(DEFAULT_TENANT, MetaKey.MODEL_HASH)
    if stored in (None, model_hash_of(settings.model or DEFAULT_FOLDER)):
        return False
    return not ModelFolders(settings.model, settings.data, threads=settings.threads).has(stored)


def renew(
    settings: Settings,
    *,
    on_progress: Progress | None = None,
    wait: Callable[[float], None] = time.sleep,
    taxonomies: Callable[[], ShippedTaxonomy] = load_taxonomy,
) -> Renewed | None:
    """Derive everything anew for another model or newer taxonomies; return none if nothing is due.

    Other processes serve by the old vectors until all is done, and by the new ones from then
    on; then the old ones are deleted.

    Args:
        settings: where the store and the model are.
        on_progress: told what is being done and how many records more are done.
        wait: waits so many seconds, for those who serve meanwhile.
        taxonomies: loads those that ship.

    Raises:
        DerivationBusy: if another process is at it.
        DataMissing: if the model or a taxonomy is missing or damaged.
        StoreProblem: if the store cannot be used.
    """
    if settings.failpoint:
        arm_failpoint(settings.failpoint)
    models = ModelFolders(settings.model, settings.data, threads=settings.threads)
    model_hash = models.configured.encoder.model_hash
    with SqliteStore.open(
        settings.data, create=True, reserve_bytes=settings.reserve_mb * _MEGA
    ) as records:
        records.check_at_start()
        seed_if_new(records, models.configured.encoder, on_progress)
        versions = None if taxonomies is load_taxonomy else taxonomies().versions
        if not is_due(records, model_hash, versions=versions):
            return None
        with records.derivations.alone():
            run = _Run(on_progress, wait, snapshots_of(settings), taxonomies)
            done = _derive(records, models, run)
            wait(GRACE_S if done else 0.0)
            cleared = _clear(records, on_progress)
            # Whoever serves has loaded the new one by now, or will find it. Tenants that are not
            # derived anew go on by the model that they have.
            hashes = (records.get_meta(each, MetaKey.MODEL_HASH) for each in records.tenants())
            models.forget_others({model_hash, *(each for each in hashes if each)})
    return Renewed(done, cleared)


class _Run(NamedTuple):
    """Whom to tell how far it is, how to wait, and where snapshots and taxonomies are."""

    on_progress: Progress | None
    wait: Callable[[float], None]
    snapshots: Snapshots
    taxonomies: Callable[[], ShippedTaxonomy]


def _derive(records: SqliteStore, models: ModelFolders, run: _Run) -> int:
    taxonomy = run.taxonomies()
    count = 0
    # Twice, where the old model is gone and the taxonomies are new as well.
    while (using := _wanted(records, models, taxonomy)) is not None:
        update = Update()
        if using.taxonomies != records.get_meta(DEFAULT_TENANT, MetaKey.TAXONOMY_VERSIONS):
            update = _take_in(records, models, taxonomy)
        encoder = models.configured.encoder
        ready = ready_made(taxonomy, encoder.model_hash, retired=update.retired)
        count += _derive_by(records, models, run, using, ready)
    stored = records.get_meta(DEFAULT_TENANT, MetaKey.TAXONOMY_VERSIONS)
    if stored == kept_versions(taxonomy.versions) and not is_retired(
        records, DEFAULT_TENANT, taxonomy
    ):
        gone = retire(records, DEFAULT_TENANT, taxonomy)
        for key in gone.retired:
            logger.warning("The %s %s is not in the newer taxonomies; it is gone.", *_named(key))
        for key in gone.own:
            logger.warning("The %s %s is other in the newer taxonomies; yours stays.", *_named(key))
    return count


def _wanted(
    records: Records, models: ModelFolders, taxonomy: ShippedTaxonomy
) -> DerivedWith | None:
    """Return what to derive with; none if that is what serves."""
    encoder = models.configured.encoder
    stored = records.get_meta(DEFAULT_TENANT, MetaKey.MODEL_HASH)
    taxonomies = records.get_meta(DEFAULT_TENANT, MetaKey.TAXONOMY_VERSIONS) or "{}"
    # What is new comes in by the model that serves until the swap.
    if _has_others(records, taxonomy.versions) and models.has(stored):
        taxonomies = kept_versions(taxonomy.versions)
    elif stored == encoder.model_hash:
        return None
    return DerivedWith(
        model_hash=encoder.model_hash, model_version=encoder.model_version, taxonomies=taxonomies
    )


def _take_in(records: Records, models: ModelFolders, taxonomy: ShippedTaxonomy) -> Update:
    """Put what is new or has changed in the taxonomies, as an import would."""
    update = plan_update(records, DEFAULT_TENANT, taxonomy)
    intake = Intake(records, Tenants(records, models, rules=DEFAULT_EVIDENCE))
    for outcome in intake.put_many(DEFAULT_TENANT, update.puts):
        if outcome.status is OutcomeStatus.REJECTED:
            kind, name = outcome.kind, OwnWords(outcome.id)
            logger.warning("The %s %s was rejected: %s", kind, name, OwnWords(outcome.reason))
    return update


def _named(key: RecordKey) -> tuple[Kind, OwnWords]:
    return key.kind, OwnWords(key.id)


def _derive_by(
    records: SqliteStore, models: ModelFolders, run: _Run, using: DerivedWith, ready: ReadyMade
) -> int:
    encoder = models.configured.encoder
    # Processes that serve look for it there once its vectors are in place.
    models.keep()
    count = 0

    def told(more: int) -> None:
        nonlocal count
        count += more
        if run.on_progress:
            run.on_progress(f"deriving anew by {encoder.model_version}", more)

    def prepare(under_way: Derivation, seq: int) -> None:
        began = time.monotonic()
        records.derivations.reach(DEFAULT_TENANT, under_way.number, seq=seq, is_ready=False)
        _save_upcoming(records, models, run.snapshots)
        records.derivations.reach(DEFAULT_TENANT, under_way.number, seq=seq, is_ready=True)
        # Those who serve load it now. Who is not done by then waits for it, and nothing else.
        run.wait(min(_PATIENCE_S, _LOADED_S + time.monotonic() - began))

    Rederiver(records, records.derivations, models.configured, DEFAULT_TENANT).run(
        using, ready=ready, on_group=told, before_swap=prepare
    )
    return count


def _save_upcoming(records: SqliteStore, models: ModelFolders, snapshots: Snapshots) -> None:
    upcoming = records.upcoming(DEFAULT_TENANT, announced=False)
    if upcoming is None:
        return
    tenants = Tenants(records, models, rules=DEFAULT_EVIDENCE, snapshots=snapshots)
    try:
        tenants.save_upcoming(DEFAULT_TENANT, upcoming)
    except SnapshotProblem as error:
        logger.warning("Those who serve read the new vectors from the store: %s", error)


def _clear(records: SqliteStore, on_progress: Progress | None) -> int:
    count = 0
    while some := records.derivations.clear(DEFAULT_TENANT):
        count += some
        if on_progress:
            on_progress("deleting old vectors", 0)
    return count
