"""Snapshots from the command line, and while serving in a process of their own."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Event
from typing import Final, NamedTuple

from service.cli.elsewhere import run_elsewhere
from service.cli.output import complain, console, write_json
from service.domain.ids import DEFAULT_TENANT, TenantId
from service.errors import OnrampError, SnapshotNotWritten, SnapshotProblem
from service.indexing.beside import beside
from service.indexing.snapshots import read_manifest
from service.wiring import Services

logger = logging.getLogger(__name__)

# After a start, those who wait for their first answers go first.
FIRST_S: Final = 5.0
EVERY_S: Final = 60.0
_MEGA: Final = 1e6


def write_all(
    services: Services, tenants: Sequence[TenantId], *, if_old: bool, as_json: bool
) -> None:
    """Write a snapshot of each tenant and say where it is; ``if_old`` leaves out fresh ones.

    One after the other, and no more than one tenant beside ``default`` is in memory at a time. One
    that cannot be written keeps no other from it.

    Raises:
        SnapshotBusy: if another process is writing one.
        SnapshotNotWritten: if the disk does not take one.
        OnrampError: if another thing kept one from being written.
    """
    told, failed = [], None
    for tenant in tenants:
        try:
            if if_old and not services.snapshots.is_old(services.records, tenant, whole=True):
                told.append(_Told(tenant, None))
            else:
                told.append(_Told(tenant, services.tenants.save(tenant, whole=True)))
        except OnrampError as error:
            failed = failed or error
            complain(f"onramp: the snapshot of {tenant} was not written: {error}")
        finally:
            if tenant != DEFAULT_TENANT:
                services.tenants.close(tenant)
    _say(told, as_json=as_json)
    if failed is not None:
        raise failed


class _Told(NamedTuple):
    """A tenant, and the folder of its new snapshot, if one was due."""

    tenant: TenantId
    folder: Path | None


def _say(told: Sequence[_Told], *, as_json: bool) -> None:
    if as_json:
        write_json({"snapshots": [_json(each) for each in told]})
        return
    for each in told:
        if each.folder is None:
            said = f"The newest snapshot of {each.tenant} is fresh enough."
        else:
            found = read_manifest(each.folder)
            size = f"{found.size / _MEGA:,.0f} MB"
            said = f"Wrote {each.folder}: change {found.seq:,}, {size}."
        console().print(said, soft_wrap=True)


def _json(told: _Told) -> dict[str, object]:
    if told.folder is None:
        return {"tenant": told.tenant, "written": False}
    found = read_manifest(told.folder)
    facts = {"folder": str(told.folder), "seq": found.seq, "bytes": found.size}
    return {"tenant": told.tenant, "written": True, **facts}


def write_if_old(services: Services, tenant: TenantId = DEFAULT_TENANT) -> None:
    """Write a snapshot after much has changed, so that the next start is a fast one.

    A command that did its work is not failed by it: what hinders is told.
    """
    try:
        if services.snapshots.is_old(services.records, tenant):
            services.tenants.save(tenant)
    except SnapshotProblem as error:
        complain(f"onramp: {error}")


@contextmanager
def kept_fresh(services: Services, *, first_s: float = FIRST_S) -> Iterator[None]:
    """Have new snapshots written whenever the newest of a tenant is old, while the block lasts.

    By a process of its own, so that no question waits while a view is kept still.
    """
    with beside(partial(_keep, services, first_s=first_s), name="snapshots"):
        yield


def _keep(services: Services, stop: Event, *, first_s: float) -> None:
    wait = first_s
    while not stop.wait(wait):
        wait = EVERY_S
        try:
            if _has_old(services):
                ended = run_elsewhere(["snapshot", "--if-old"], services.settings, stop)
                if ended.code:
                    logger.warning("No snapshot was written: %s", SnapshotNotWritten(ended.said))
        except OnrampError as error:
            logger.warning("No snapshot was written: %s", error)


def _has_old(services: Services) -> bool:
    snapshots, records = services.snapshots, services.records
    known = services.access.tenancy.all()
    return any(snapshots.is_old(records, tenant, whole=True) for tenant in known)
