"""Whether something must be made anew: what is older than what it is made of is stale."""

from collections.abc import Iterable
from pathlib import Path


def is_newer(outputs: Iterable[Path], inputs: Iterable[Path]) -> bool:
    """Tell whether every output is there, and none is older than an input.

    An input that is a folder is as old as the youngest file in it.
    """
    made, taken = list(outputs), list(inputs)
    if not all(path.exists() for path in (*made, *taken)):
        return False
    return min(map(_time, made)) >= max(map(_time, taken))


def _time(path: Path) -> int:
    files = (each for each in path.rglob("*") if each.is_file()) if path.is_dir() else (path,)
    return max((each.stat().st_mtime_ns for each in files), default=0)
