"""A store of its own for an evaluation, with nothing in it but the taxonomies."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.settings import Settings
from service.wiring import Services, open_services


@contextmanager
def fresh_services(folder: Path, *, model: Path | None = None) -> Iterator[Services]:
    """Open a new store in the folder, in place of what is there; it is removed afterwards."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        with open_services(Settings(data=folder, model=model)) as services:
            yield services
    finally:
        shutil.rmtree(folder, ignore_errors=True)
