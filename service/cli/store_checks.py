"""Checks of a store: its file, its indexes against it, and its snapshots."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from service.cli.checks import Check, State
from service.cli.shipped_checks import check_topics
from service.domain.derivation import Derivation, DerivationState
from service.domain.ids import TenantId
from service.domain.record import Kind
from service.errors import DamagedSnapshot, StoreProblem
from service.indexing.comparing import Difference, compare
from service.indexing.snapshots import read_manifest, verify
from service.matching.ports import MetaKey
from service.storage import SqliteStore
from service.storage.erasures import ERASURES_FILE, read_erasures
from service.storage.leftovers import clear_leftovers
from service.wiring import Services

_SAFE: Final[dict[str, str | int]] = {"journal_mode": "delete", "synchronous": 3}
_SHOWN: Final = 3
_MEGA: Final = 1e6
RESTORE: Final = "Restore a backup: onramp --data DIR restore FOLDER --replace"


def checks_of_leftovers(data: Path) -> Iterator[Check]:
    """Delete what a restore that was cut off has left; yield a check only if there was any."""
    left = clear_leftovers(data)
    if left:
        yield Check(
            name="restore",
            state=State.WARN,
            found=f"one was cut off; the copy of {left / _MEGA:,.1f} MB that it left was deleted",
            remedy="The store is what it was before. Restore again if it is not the right one.",
        )


def checks_of_file(data: Path) -> Iterator[Check]:
    """Yield the checks of the store's file alone, which need neither a model nor an index."""
    with SqliteStore.open(data, create=False) as store:
        yield _check_safety(store)
        yield _check_integrity(store)
        yield _check_register(data)


def _check_safety(store: SqliteStore) -> Check:
    said = store.promises()
    facts = ", ".join(f"{name} {said[name]}" for name in ("journal_mode", "synchronous"))
    found = f"tables of version {store.version()}; SQLite {said['version']}: {facts}"
    if all(said[name] == wanted for name, wanted in _SAFE.items()) and said["secure_delete"]:
        return Check(name="safety", state=State.OK, found=found)
    remedy = "Use an SQLite that keeps to them; without, a power cut loses what was acknowledged."
    return Check(name="safety", state=State.FAIL, found=found, remedy=remedy)


def _check_integrity(store: SqliteStore) -> Check:
    try:
        said = store.quick_check()
    except StoreProblem as error:
        said = str(error)
    if said == "ok":
        return Check(name="integrity", state=State.OK, found="SQLite read the file through: ok")
    return Check(name="integrity", state=State.FAIL, found=said, remedy=RESTORE)


def _check_register(data: Path) -> Check:
    path = data / ERASURES_FILE
    count = len(read_erasures(path)) if path.exists() else 0
    found = f"{count:,} erasures are noted for restores"
    return Check(name="erasures", state=State.OK, found=found)


def checks_against_store(services: Services, tenant: TenantId) -> Iterator[Check]:
    """Yield the checks of a tenant's indexes in memory, and of its snapshots, against the store."""
    yield _check_store(services, tenant)
    yield _check_derivation(services, tenant)
    yield from _check_taxonomies(services, tenant)
    yield check_topics(services.records)
    yield _check_index(services, tenant)
    yield _check_snapshot(services, tenant)


def _check_store(services: Services, tenant: TenantId) -> Check:
    records = services.records
    counts = records.counts(tenant)
    held = ", ".join(f"{counts.get(kind, 0):,} {kind}s" for kind in Kind)
    model = (records.get_meta(tenant, MetaKey.MODEL_HASH) or "")[:12]
    taxonomies = records.get_meta(tenant, MetaKey.TAXONOMY_VERSIONS)
    last = records.last_seq(tenant)
    return Check(
        name="store",
        state=State.OK,
        found=f"{held}; change {last:,}; vectors of model {model}…; {taxonomies}",
    )


def _check_derivation(services: Services, tenant: TenantId) -> Check:
    stored = services.records.get_meta(tenant, MetaKey.MODEL_HASH)
    under_way = services.records.derivation(tenant)
    if under_way is None and stored == services.model_hash:
        found = "vectors and links are of the model that is configured"
        return Check(name="derivation", state=State.OK, found=found)
    return Check(
        name="derivation",
        state=State.WARN,
        found=_told_derivation(under_way),
        remedy="Nothing while `onramp serve` runs, which sees to it. To have it done now: "
        "onramp --data DIR init --rederive",
    )


def _check_taxonomies(services: Services, tenant: TenantId) -> Iterator[Check]:
    """Yield what the last update of the taxonomies came to, if there was one."""
    kept = services.records.get_meta(tenant, MetaKey.TAXONOMY_UPDATE)
    told = json.loads(kept) if kept else {}
    if not told.get("retired") and not told.get("own"):
        return
    parts = [
        f"{len(told[name]):,} {says} ({', '.join(told[name][:_SHOWN])}…)"
        for name, says in (
            ("retired", "that the newer ones have no longer are gone"),
            ("own", "that are other in the newer ones stay as you have them"),
        )
        if told[name]
    ]
    yield Check(name="taxonomies", state=State.OK, found="; ".join(parts))


def _told_derivation(under_way: Derivation | None) -> str:
    if under_way is None:
        return "vectors are of another model than the one that is configured, and serve until then"
    if under_way.state is DerivationState.REPLACED:
        return f"vectors of {under_way.using.model_version} serve; old ones are left to delete"
    return (
        f"{under_way.done:,} of {under_way.total:,} records are derived anew by "
        f"{under_way.using.model_version}; until all are, the old vectors serve"
    )


def _check_index(services: Services, tenant: TenantId) -> Check:
    view = services.tenants.get(tenant).view
    found = compare(view, services.records, tenant)
    differing = [_told(each) for each in found if each.wrong or each.extra]
    if not differing:
        total = sum(each.compared for each in found)
        said = f"holds what the store holds: {total:,} ids and vectors are the same"
        return Check(name="index", state=State.OK, found=said)
    return Check(
        name="index",
        state=State.FAIL,
        found="; ".join(differing),
        remedy="Delete the folder `snapshots` beside the store, and start again. If it is so "
        "once more, derive everything anew: onramp --data DIR init --rederive",
    )


def _told(difference: Difference) -> str:
    some = ", ".join(difference.wrong[:_SHOWN])
    more = f" and {difference.extra:,} that the store has not" if difference.extra else ""
    return (
        f"{len(difference.wrong):,} of {difference.compared:,} {difference.kind}s are missing "
        f"or have another vector ({some}){more}"
    )


def _check_snapshot(services: Services, tenant: TenantId) -> Check:
    remedy = "Write one: onramp --data DIR snapshot"
    folders = services.snapshots.generations(tenant)
    if not folders:
        found = "there is none; a start reads everything from the store"
        return Check(name="snapshot", state=State.WARN, found=found, remedy=remedy)
    try:
        newest = read_manifest(folders[0])
        verify(newest, whole=True)
    except DamagedSnapshot as error:
        return Check(name="snapshot", state=State.WARN, found=str(error), remedy=remedy)
    behind = services.records.last_seq(tenant) - newest.seq
    found = (
        f"{folders[0].name} of {len(folders)} kept, {newest.size / _MEGA:,.0f} MB, "
        f"{behind:,} changes behind; checksums agree"
    )
    if services.snapshots.is_old(services.records, tenant):
        found = f"{found}; it is too old to be of use, or of another store, model or version"
        return Check(name="snapshot", state=State.WARN, found=found, remedy=remedy)
    return Check(name="snapshot", state=State.OK, found=found)
