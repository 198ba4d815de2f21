"""Snapshots from the command line, and while serving in a process of their own."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event
from typing import Final

from service.cli.elsewhere import run_elsewhere
from service.cli.output import complain, console, write_json
from service.domain.ids import DEFAULT_TENANT
from service.errors import OnrampError, SnapshotNotWritten, SnapshotProblem
from service.indexing.beside import beside
from service.indexing.snapshots import read_manifest
from service.wiring import Services

logger = logging.getLogger(__name__)

# After a start, those who wait for their first answers go first.
FIRST_S: Final = 5.0
EVERY_S: Final = 60.0
_MEGA: Final = 1e6


def write_one(services: Services, *, if_old: bool, as_json: bool) -> None:
    """Write a snapshot and say where it is; ``if_old`` gives way to others and to a fresh one.

    Raises:
        SnapshotBusy: if another process is writing one.
        SnapshotNotWritten: if the disk does not take it.
    """
    if if_old:
        os.nice(_GIVE_WAY)
        if not services.snapshots.is_old(services.records, DEFAULT_TENANT, whole=True):
            _say({"written": False}, "The newest snapshot is fresh enough.", as_json=as_json)
            return
    folder = services.tenants.save(DEFAULT_TENANT, whole=True)
    if folder is not None:
        found = read_manifest(folder)
        said = f"Wrote {folder}: change {found.seq:,}, {found.size / _MEGA:,.0f} MB."
        told = {"written": True, "folder": str(folder), "seq": found.seq, "bytes": found.size}
        _say(told, said, as_json=as_json)


_GIVE_WAY: Final = 10


def _say(told: dict[str, object], said: str, *, as_json: bool) -> None:
    if as_json:
        write_json(told)
    else:
        console().print(said, soft_wrap=True)


def write_if_old(services: Services) -> None:
    """Write a snapshot after much has changed, so that the next start is a fast one.

    A command that did its work is not failed by it: what hinders is told.
    """
    try:
        if services.snapshots.is_old(services.records, DEFAULT_TENANT):
            services.tenants.save(DEFAULT_TENANT)
    except SnapshotProblem as error:
        complain(f"onramp: {error}")


@contextmanager
def kept_fresh(services: Services, *, first_s: float = FIRST_S) -> Iterator[None]:
    """Have a new snapshot written whenever the newest is old, for as long as the block lasts.

    By a process of its own, so that no question waits while a view is kept still.
    """
    with beside(partial(_keep, services, first_s=first_s), name="snapshots"):
        yield


def _keep(services: Services, stop: Event, *, first_s: float) -> None:
    wait = first_s
    while not stop.wait(wait):
        wait = EVERY_S
        try:
            if services.snapshots.is_old(services.records, DEFAULT_TENANT, whole=True):
                ended = run_elsewhere(["snapshot", "--if-old"], services.settings, stop)
                if ended.code:
                    logger.warning("No snapshot was written: %s", SnapshotNotWritten(ended.said))
        except OnrampError as error:
            logger.warning("No snapshot was written: %s", error)
