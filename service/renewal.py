"""Renewal: a store whose vectors are of another model gets new ones, whichever process asks."""

import logging
import time
from collections.abc import Callable
from typing import Final, NamedTuple

from embeddings import DEFAULT_FOLDER, model_hash_of
from service.domain.derivation import Derivation, DerivedWith
from service.domain.ids import DEFAULT_TENANT
from service.errors import SnapshotProblem, StoreFromAnotherModel
from service.indexing.snapshots import Snapshots
from service.indexing.tenants import Tenants
from service.intake.rederiving import ReadyMade, Rederiver
from service.intake.seeding import ready_made
from service.matching.evidence_rules import DEFAULT_EVIDENCE
from service.matching.ports import MetaKey, Records
from service.models import ModelFolders
from service.settings import Settings
from service.standards.shipped import load_taxonomy
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


def is_due(records: Records, model_hash: str) -> bool:
    """Tell whether vectors are of another model than this, or old ones are left to delete."""
    stored = records.get_meta(DEFAULT_TENANT, MetaKey.MODEL_HASH)
    return stored != model_hash or records.derivation(DEFAULT_TENANT) is not None


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
    try:
        ModelFolders(settings.model, settings.data, threads=settings.threads).of(stored)
    except StoreFromAnotherModel:
        return True
    return False


def renew(
    settings: Settings,
    *,
    on_progress: Progress | None = None,
    wait: Callable[[float], None] = time.sleep,
) -> Renewed | None:
    """Derive everything anew if the vectors are of another model; return none if they are not.

    Other processes serve by the old vectors until all is done, and by the new ones from then
    on; then the old ones are deleted.

    Args:
        settings: where the store and the model are.
        on_progress: told what is being done and how many records more are done.
        wait: waits so many seconds, for those who serve meanwhile.

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
        if not is_due(records, model_hash):
            return None
        with records.derivations.alone():
            run = _Run(on_progress, wait, snapshots_of(settings))
            done = _derive(records, models, run)
            wait(GRACE_S if done else 0.0)
            cleared = _clear(records, on_progress)
            # Whoever serves has loaded the new one by now, or will find it.
            models.forget_others({model_hash})
    return Renewed(done, cleared)


class _Run(NamedTuple):
    """Whom to tell how far it is, how to wait, and where snapshots are."""

    on_progress: Progress | None
    wait: Callable[[float], None]
    snapshots: Snapshots


def _derive(records: SqliteStore, models: ModelFolders, run: _Run) -> int:
    encoder = models.configured.encoder
    if records.get_meta(DEFAULT_TENANT, MetaKey.MODEL_HASH) == encoder.model_hash:
        return 0
    # Processes that serve look for it there once its vectors are in place.
    models.keep()
    using = DerivedWith(
        model_hash=encoder.model_hash,
        model_version=encoder.model_version,
        taxonomies=records.get_meta(DEFAULT_TENANT, MetaKey.TAXONOMY_VERSIONS) or "{}",
    )
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

    ready: ReadyMade = ready_made(load_taxonomy(), encoder.model_hash)
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
