"""Failpoints: named moments at which a test ends the process, as a crash would.

One is armed before the store is opened, by the setting ``failpoint``; the others, and all of them
in a process that nobody tests, cost one comparison.
"""

import os
from enum import StrEnum

from service.errors import UnknownFailpoint

EXIT_CODE = 86
"""What a process returns that ended at a failpoint."""


class Failpoint(StrEnum):
    """A moment that a crash must not spoil. ``tests/faults`` reaches every one of them."""

    FILE_MADE = "store.file-made"
    MIGRATION_BEGINS = "store.migration-begins"
    STEP_DONE = "store.migration-step-done"
    BEFORE_MIGRATED = "store.before-migrated"
    COMMIT_BEGINS = "store.commit-begins"
    HALF_WRITTEN = "store.half-written"
    BEFORE_COMMIT = "store.before-commit"
    AFTER_COMMIT = "store.after-commit"
    RESERVE_RELEASED = "store.reserve-released"
    RESERVE_FILLING = "store.reserve-filling"
    DECISIONS_HALF_WRITTEN = "decisions.half-written"
    DECISIONS_WRITTEN = "decisions.written"
    DERIVED = "intake.derived"
    COMMITTED = "intake.committed"
    APPLIED = "intake.applied"
    DELETED = "intake.deleted"
    REDERIVED = "intake.group-rederived"
    BEFORE_MODEL_NOTED = "intake.before-model-noted"
    DERIVATION_BEGUN = "derivation.begun"
    DERIVATION_HALF_STAGED = "derivation.half-staged"
    DERIVATION_STAGED = "derivation.group-staged"
    DERIVATION_REACHED = "derivation.reached"
    BEFORE_SWAP = "derivation.before-swap"
    SWAPPED = "derivation.swapped"
    HALF_CLEARED = "derivation.half-cleared"
    SEEDED = "intake.before-seeded"
    HALF_APPLIED = "view.half-applied"
    PAGE_LOADED = "view.page-loaded"
    SNAPSHOT_HALF_WRITTEN = "snapshot.half-written"
    SNAPSHOT_BEFORE_MANIFEST = "snapshot.before-manifest"
    SNAPSHOT_BEFORE_RENAME = "snapshot.before-rename"
    SNAPSHOT_AFTER_RENAME = "snapshot.after-rename"
    INDEX_WRITTEN = "index.before-fsync"
    INDEX_SYNCED = "index.before-rename"
    INDEX_RENAMED = "index.after-rename"
    BEFORE_MANIFEST = "index.before-manifest"
    AFTER_MANIFEST = "index.after-manifest"


class _Armed:
    """Which failpoint ends this process, and after how many hits more."""

    point: Failpoint | None = None
    hits: int = 0


# Module-level, unlike anything else here: a parameter for the tests' sake would go through
# every constructor of the product.
_armed = _Armed()


def arm(wanted: str) -> None:
    """End this process at a failpoint: ``name``, or ``name:3`` for the third time it is reached.

    Raises:
        UnknownFailpoint: if there is none of this name, or the number is none.
    """
    name, _, hits = wanted.partition(":")
    try:
        _armed.point, _armed.hits = Failpoint(name), int(hits or 1)
    except ValueError:
        raise UnknownFailpoint(
            f"{wanted!r} is no failpoint; there are {', '.join(Failpoint)}."
        ) from None


def reached(point: Failpoint) -> None:
    """Do nothing, unless a test ends the process here."""
    if _armed.point is point:
        _hit()


def reached_in_index(step: str) -> None:
    """Do the same at a step that the package ``index`` tells of, which knows no failpoints."""
    if _armed.point == step:
        _hit()


def _hit() -> None:
    _armed.hits -= 1
    if _armed.hits <= 0:
        # At once: no `finally`, no buffer written, no lock given back, as in a crash.
        os._exit(EXIT_CODE)
