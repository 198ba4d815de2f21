"""Folders of a snapshot: files written through to the disk, and read without executing any."""

import json
import mmap
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

# A snapshot holds no learner, and still is nobody else's to read.
OWNER_ALONE = 0o600
_CHUNK = 1 << 20


class WritingFolder:
    """A folder that a snapshot is written into; each file is on the disk when it is written."""

    def __init__(self, path: Path) -> None:
        path.mkdir(mode=0o700)
        self.path = path

    def folder(self, name: str) -> "WritingFolder":
        """Return a new folder inside."""
        return WritingFolder(self.path / name)

    def write(self, name: str, parts: Iterable[bytes]) -> None:
        """Write a file of these parts, one after the other."""
        descriptor = os.open(self.path / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ALONE)
        with os.fdopen(descriptor, "wb", buffering=_CHUNK) as file:
            for part in parts:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())

    def write_json(self, name: str, value: object) -> None:
        """Write a value as JSON."""
        self.write(f"{name}.json", [json.dumps(value, separators=(",", ":")).encode()])

    def write_array(self, name: str, array: NDArray[Any]) -> None:
        """Write an array in numpy's own format, which holds numbers and no objects."""
        path = self.path / f"{name}.npy"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ALONE)
        with os.fdopen(descriptor, "wb") as file:
            np.save(file, array, allow_pickle=False)
            file.flush()
            os.fsync(file.fileno())


class ReadingFolder:
    """A folder of a snapshot whose files have been verified."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def folder(self, name: str) -> "ReadingFolder":
        """Return a folder inside."""
        return ReadingFolder(self.path / name)

    def read_json(self, name: str) -> Any:
        """Return the value of a file of JSON."""
        return json.loads((self.path / f"{name}.json").read_bytes())

    def read_array(self, name: str) -> NDArray[Any]:
        """Return an array, in memory and writable."""
        array: NDArray[Any] = np.load(self.path / f"{name}.npy", allow_pickle=False)
        return array

    def mapped(self, name: str) -> bytes | memoryview:
        """Return a file's bytes, read from the disk where and when they are looked at.

        They stay what they are when the snapshot is deleted meanwhile.
        """
        with (self.path / name).open("rb") as file:
            if not os.fstat(file.fileno()).st_size:
                return b""
            return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
