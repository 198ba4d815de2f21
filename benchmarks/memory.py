"""Memory, processor time and disk of processes and folders; a megabyte is a million bytes."""

import os
from pathlib import Path

MB = 1e6
_BLOCK = 512
_KIB = 1024


def resident_mb(process: int | str = "self") -> float:
    """Return the memory that a process holds now (Linux)."""
    return _status(process, "VmRSS")


def peak_mb(process: int | str = "self") -> float:
    """Return the most memory that a process has held so far (Linux).

    Not ``ru_maxrss``, which a child inherits from the process that started it.
    """
    return _status(process, "VmHWM")


def cpu_seconds(process: int | str = "self") -> float:
    """Return the processor time that a process has used so far, on all cores (Linux)."""
    # The name in parentheses may have spaces; utime and stime are the 14th and 15th field.
    stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return sum(map(int, stat[11:13])) / os.sysconf("SC_CLK_TCK")


def folder_mb(folder: Path) -> float:
    """Return the room that a folder takes on disk; a file with two names counts once."""
    blocks: dict[tuple[int, int], int] = {}
    for place, _, names in os.walk(folder):
        for name in names:
            found = (Path(place) / name).lstat()
            blocks[found.st_dev, found.st_ino] = found.st_blocks
    return sum(blocks.values()) * _BLOCK / MB


def kib_of(status: str, key: str) -> int:
    """Return a figure of ``/proc/PID/status`` in KiB.

    Raises:
        LookupError: if there is no such line.
    """
    for line in status.splitlines():
        name, _, value = line.partition(":")
        if name == key:
            return int(value.split()[0])
    raise LookupError(f"There is no {key} in the status of the process.")


def _status(process: int | str, key: str) -> float:
    return kib_of(Path(f"/proc/{process}/status").read_text(encoding="utf-8"), key) * _KIB / MB
