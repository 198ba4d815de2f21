"""Renewal: another model or newer taxonomies come into a store, whichever process asks."""

import logging
import time
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from embeddings import DEFAULT_FOLDER, model_hash_of
from service.domain.derivation import Derivation, DerivedWith
from service.domain.ids import DEFAULT_TENANT, TenantId
from service.domain.record import Kind
from service.errors import InvalidRecord, SnapshotProblem
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
    """Tell whether a tenant's vectors are of another model, or its taxonomies of another release.

    Or whether old ones are left to delete.

    Args:
        records: the store.
        model_hash: of the model that is configured.
        versions: of the taxonomies; those that ship if not given.
    """
    shipped = load_manifest().versions if versions is None else versions
    return any(_is_due_for(records, each, model_hash, shipped) for each in tenants_of(records))


def tenants_of(records: Records) -> list[TenantId]:
    """Return the tenants whose records are derived: ``default``, then the others by their id."""
    others = (each for each in records.tenants() if each != DEFAULT_TENANT)
    # One of which no model is known is not filled yet: whoever fills it goes on with that.
    filled = (each for each in others if records.get_meta(each, MetaKey.MODEL_HASH) is not None)
    return [DEFAULT_TENANT, *filled]


def _is_due_for(
    records: Records, tenant: TenantId, model_hash: str, versions: Mapping[str, str]
) -> bool:
    return (
        records.get_meta(tenant, MetaKey.MODEL_HASH) != model_hash
        or _has_others(records, tenant, versions)
        or records.derivation(tenant) is not None
    )


def _has_others(records: Records, tenant: TenantId, versions: Mapping[str, str]) -> bool:
    """Tell whether a tenant has taken in taxonomies, and others than these."""
    stored = records.get_meta(tenant, MetaKey.TAXONOMY_VERSIONS) or "{}"
    return stored not in ("{}", kept_versions(versions))


def must_come_first(settings: Settings) -> bool:
    """Tell whether nothing can be served before it: vectors of a model that is not to be had.

    Those of the tenant ``default`` decide. Where it is another's, all others are served, and that
    one is told to ask again until its own are derived.

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

    Tenant by tenant, ``default`` first. Other processes serve a tenant by the old vectors until
    all of its records are done, and by the new ones from then on; then its old ones are deleted.
    It may be killed at any moment: the next one goes on from there. A tenant with a record that
    cannot be derived keeps no other from it.

    Args:
        settings: where the store and the model are.
        on_progress: told what is being done and how many records more are done.
        wait: waits so many seconds, for those who serve meanwhile.
        taxonomies: loads those that ship.

    Raises:
        DerivationBusy: if another process is at it.
        DataMissing: if the model or a taxonomy is missing or damaged.
        InvalidRecord: if the model cannot read a record; then all other tenants are done.
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
            run = _Run(records, models, on_progress, wait, snapshots_of(settings), taxonomies())
            renewed = _renew_all(run)
            # Whoever serves has loaded the new one by now, or will find it.
            hashes = (records.get_meta(each, MetaKey.MODEL_HASH) for each in records.tenants())
            models.forget_others({model_hash, *(each for each in hashes if each)})
    if renewed.refused is not None:
        raise renewed.refused
    return Renewed(renewed.records, renewed.cleared)


class _Run(NamedTuple):
    """What all tenants are derived with, whom to tell how far it is, and how to wait."""

    records: SqliteStore
    models: ModelFolders
    on_progress: Progress | None
    wait: Callable[[float], None]
    snapshots: Snapshots
    taxonomy: ShippedTaxonomy


class _RenewedAll(NamedTuple):
    records: int
    cleared: int
    refused: InvalidRecord | None


def _renew_all(run: _Run) -> _RenewedAll:
    done, cleared = 0, 0
    refused: InvalidRecord | None = None
    for tenant in tenants_of(run.records):
        try:
            count = _derive(run, tenant)
        except InvalidRecord as error:
            logger.warning("Not all of the tenant %s could be derived anew.", OwnWords(tenant))
            refused = refused or error
        else:
            run.wait(GRACE_S if count else 0.0)
            done += count
            cleared += _clear(run, tenant)
    return _RenewedAll(done, cleared, refused)


def _derive(run: _Run, tenant: TenantId) -> int:
    records, taxonomy = run.records, run.taxonomy
    count = 0
    # Twice, where the old model is gone and the taxonomies are new as well.
    while (using := _wanted(run, tenant)) is not None:
        update = Update()
        if using.taxonomies != records.get_meta(tenant, MetaKey.TAXONOMY_VERSIONS):
            update = _take_in(run, tenant)
        encoder = run.models.configured.encoder
        ready = ready_made(taxonomy, encoder.model_hash, retired=update.retired)
        count += _derive_by(run, tenant, using, ready)
    stored = records.get_meta(tenant, MetaKey.TAXONOMY_VERSIONS)
    if stored == kept_versions(taxonomy.versions) and not is_retired(records, tenant, taxonomy):
        gone = retire(records, tenant, taxonomy)
        for key in gone.retired:
            logger.warning("The %s %s is not in the newer taxonomies; it is gone.", *_named(key))
        for key in gone.own:
            logger.warning("The %s %s is other in the newer taxonomies; yours stays.", *_named(key))
    return count


def _wanted(run: _Run, tenant: TenantId) -> DerivedWith | None:
    """Return what to derive a tenant's records with; none if that is what serves."""
    encoder = run.models.configured.encoder
    stored = run.records.get_meta(tenant, MetaKey.MODEL_HASH)
    taxonomies = run.records.get_meta(tenant, MetaKey.TAXONOMY_VERSIONS) or "{}"
    # What is new comes in by the model that serves until the swap.
    if _has_others(run.records, tenant, run.taxonomy.versions) and run.models.has(stored):
        taxonomies = kept_versions(run.taxonomy.versions)
    elif stored == encoder.model_hash:
        return None
    return DerivedWith(
        model_hash=encoder.model_hash, model_version=encoder.model_version, taxonomies=taxonomies
    )


def _take_in(run: _Run, tenant: TenantId) -> Update:
    """Put what is new or has changed in the taxonomies, as an import would."""
    update = plan_update(run.records, tenant, run.taxonomy)
    intake = Intake(run.records, Tenants(run.records, run.models, rules=DEFAULT_EVIDENCE))
    for outcome in intake.put_many(tenant, update.puts):
        if outcome.status is OutcomeStatus.REJECTED:
            kind, name = outcome.kind, OwnWords(outcome.id)
            logger.warning("The %s %s was rejected: %s", kind, name, OwnWords(outcome.reason))
    return update


def _named(key: RecordKey) -> tuple[Kind, OwnWords]:
    return key.kind, OwnWords(key.id)


def _derive_by(run: _Run, tenant: TenantId, using: DerivedWith, ready: ReadyMade) -> int:
    encoder, derivations = run.models.configured.encoder, run.records.derivations
    # Processes that serve look for it there once its vectors are in place.
    run.models.keep()
    count = 0

    def told(more: int) -> None:
        nonlocal count
        count += more
        if run.on_progress:
            run.on_progress(f"deriving anew by {encoder.model_version}", more)

    def prepare(under_way: Derivation, seq: int) -> None:
        began = time.monotonic()
        derivations.reach(tenant, under_way.number, seq=seq, is_ready=False)
        _save_upcoming(run, tenant)
        derivations.reach(tenant, under_way.number, seq=seq, is_ready=True)
        # Those who serve load it now. Who is not done by then waits for it, and nothing else.
        run.wait(min(_PATIENCE_S, _LOADED_S + time.monotonic() - began))

    Rederiver(run.records, derivations, run.models.configured, tenant).run(
        using, ready=ready, on_group=told, before_swap=prepare
    )
    return count


def _save_upcoming(run: _Run, tenant: TenantId) -> None:
    upcoming = run.records.upcoming(tenant, announced=False)
    if upcoming is None:
        return
    tenants = Tenants(run.records, run.models, rules=DEFAULT_EVIDENCE, snapshots=run.snapshots)
    try:
        tenants.save_upcoming(tenant, upcoming)
    except SnapshotProblem as error:
        logger.warning("Those who serve read the new vectors from the store: %s", error)


def _clear(run: _Run, tenant: TenantId) -> int:
    count = 0
    while some := run.records.derivations.clear(tenant):
        count += some
        if run.on_progress:
            run.on_progress("deleting old vectors", 0)
    return count
