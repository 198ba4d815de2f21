"""Backups and restores, told."""

from dataclasses import asdict
from pathlib import Path
from typing import Final

from service.cli.checks import onramp_version
from service.cli.output import complain, console, write_json
from service.settings import Settings
from service.storage.backups import Backup, back_up
from service.storage.restoring import restore
from service.wiring import SystemClock, forget_snapshots

_MEGA: Final = 1e6


def make_backup(settings: Settings, folder: Path, *, as_json: bool) -> None:
    """Back the store up and say what the backup holds.

    Raises:
        StoreProblem: if it cannot be read, or the backup cannot be written.
    """
    made = back_up(settings.data, folder, at=SystemClock().now(), onramp=onramp_version())
    if as_json:
        write_json({"folder": str(folder), **asdict(made), "bytes": made.size})
    else:
        console().print(f"Backed up to {folder}: {_contents(made)}.", soft_wrap=True)
    if made.writers_waited:
        complain("Others wrote all the time; so that it could end, they had to wait for a moment.")


def put_back(
    settings: Settings, folder: Path, *, replace: bool, erasures: tuple[Path, ...], as_json: bool
) -> None:
    """Restore a backup, and say what it holds, who was deleted again and what ended again.

    Raises:
        OnrampError: if it cannot be restored; then nothing has changed.
    """
    done = restore(folder, settings.data, replace=replace, registers=erasures)
    forget_snapshots(settings)
    if as_json:
        write_json(
            {
                "data": str(settings.data),
                "backup": asdict(done.backup),
                "erased": done.erased,
                "ended": done.ended,
                "knows_ended": done.knows_ended,
                "registers": list(done.registers),
            }
        )
    else:
        said = f"Restored {folder} of {done.backup.made_at} to {settings.data}"
        console().print(f"{said}: {_contents(done.backup)}.", soft_wrap=True)
        console().print(f"{done.erased:,} learners who were deleted since were deleted again.")
        console().print(
            f"{done.ended:,} keys that ended since ended again; everybody signs in anew.",
            soft_wrap=True,
        )
    if not done.knows_ended:
        complain(
            "Warning: nothing tells which keys were revoked, and which consents withdrawn or "
            "narrowed, after the backup was made; these hold again. See `onramp keys list` and "
            "`onramp consent show`, and end what has to be."
        )
    if not done.registers:
        complain(
            "Warning: nothing tells who was deleted after the backup was made. If the store that "
            "this one replaces, or a newer backup, is still somewhere, restore again with "
            "--erasures and its erasures.jsonl."
        )


def _contents(backup: Backup) -> str:
    held = ", ".join(f"{count:,} {kind}s" for kind, count in backup.counts.items())
    among = f" of {len(backup.tenants)} tenants" if len(backup.tenants) > 1 else ""
    return f"{held}{among}; change {backup.seq:,}, {backup.size / _MEGA:,.0f} MB"
