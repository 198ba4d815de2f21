"""Files that vouch for others: manifests with a checksum of their own, measures, syncs."""

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any


def seal(contents: Mapping[str, Any]) -> bytes:
    """Return a manifest with these contents and their SHA-256."""
    told = json.dumps(contents, sort_keys=True)
    sealed = {"contents": contents, "sha256": hashlib.sha256(told.encode()).hexdigest()}
    return json.dumps(sealed, indent=1, sort_keys=True).encode() + b"\n"


def read_sealed(
    path: Path, *, file_format: int, damaged: Callable[[str], Exception]
) -> dict[str, Any]:
    """Return the contents of a manifest.

    Args:
        path: of the manifest.
        file_format: the ``format`` that it has to have.
        damaged: makes the error to raise of what is wrong.

    Raises:
        OSError, ValueError, LookupError, TypeError, RecursionError: if it cannot be read.
    """
    raw = path.read_bytes()
    contents: dict[str, Any] = json.loads(raw)["contents"]
    if seal(contents) != raw:
        raise damaged("has a manifest that does not match its own checksum")
    if contents["format"] != file_format:
        raise damaged(f"has the format {contents['format']}, not {file_format}")
    return contents


def measured(path: Path) -> tuple[int, str]:
    """Return a file's size and SHA-256 (hex)."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return os.fstat(file.fileno()).st_size, digest


def sync(path: Path) -> None:
    """Make a file, or the names in a folder, outlive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
