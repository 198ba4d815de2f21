"""What a restore that was cut off leaves in the folder of the data, and taking it away."""

import logging
import shutil
from pathlib import Path
from typing import Final

from service.storage.folder_lock import share_folder

logger = logging.getLogger(__name__)

RESTORING: Final = ".restoring"


def clear_leftovers(folder: Path) -> int:
    """Delete what a restore that was cut off has left, and say so in the log.

    Returns:
        How many bytes it had; 0 if there was nothing.

    Raises:
        StoreProblem: if a restore is under way.
    """
    if not (folder / RESTORING).is_dir():
        return 0
    # Whoever restores has the folder alone; so what is there now is of nobody who lives.
    release = share_folder(folder)
    try:
        size = remove_leftovers(folder)
    finally:
        release()
    if size:
        logger.warning(
            "A restore in %s was cut off; the copy of %s MB that it left was deleted.",
            folder,
            f"{size / 1e6:,.1f}",
        )
    return size


def remove_leftovers(folder: Path) -> int:
    """Delete what a restore has left, and return how many bytes it had; for who has the folder."""
    restoring = folder / RESTORING
    size = sum(path.lstat().st_size for path in restoring.rglob("*") if path.is_file())
    shutil.rmtree(restoring, ignore_errors=True)
    return size
