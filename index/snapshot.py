"""A saved index on the disk: payload files first, the manifest that vouches for them last.

A payload file carries the start of its checksum in its name, so a new generation never overwrites
the one before. The manifest names each file with its size and SHA-256; replacing it is the one
step that makes the new generation the current one. Only then is the old one deleted, because a
removed person's vector must not outlive the next save. Nothing is parsed before its checksum fits.
"""

import json
import os
import tempfile
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.errors import DamagedIndex, DuplicateIds
from index.protocol import Metadata
from index.rows import RowTable
from index.steps import step

if TYPE_CHECKING:
    from hashlib import _Hash as Hash

Bytes = NDArray[np.uint8]

MANIFEST = "manifest.json"
_FORMAT = 1
_PREFIX = "index-"
# Read and hashed at once.
_CHUNK = 2**24


class Snapshot(NamedTuple):
    """What is saved: ids in the order of their rows, and the vectors as the index keeps them."""

    kind: str
    dim: int
    ids: list[str]
    vectors: bytes | bytearray | memoryview
    metadata: Metadata


class Saved(NamedTuple):
    """What was saved, its ids in their rows."""

    kind: str
    dim: int
    table: RowTable
    vectors: Bytes
    metadata: Metadata


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Manifest:
    format: int
    kind: str
    dim: int
    count: int
    ids: _File
    vectors: _File
    metadata: Metadata


def write_snapshot(folder: Path, snapshot: Snapshot) -> None:
    """Make a snapshot the current one of a folder, whatever happens on the way."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest = _Manifest(
        format=_FORMAT,
        kind=snapshot.kind,
        dim=snapshot.dim,
        count=len(snapshot.ids),
        ids=_write_payload(folder, json.dumps(snapshot.ids).encode(), what="ids"),
        vectors=_write_payload(folder, snapshot.vectors, what="vectors"),
        metadata=dict(snapshot.metadata),
    )
    step("index.before-manifest")
    _write(folder / MANIFEST, _encoded(manifest))
    step("index.after-manifest")
    for path in folder.glob(f"{_PREFIX}*"):
        if path.name not in {manifest.ids.name, manifest.vectors.name}:
            path.unlink()


def read_snapshot(folder: Path, *, kinds: Collection[str]) -> Saved:
    """Return the current snapshot of a folder, if it is of one of these kinds.

    Raises:
        DamagedIndex: if there is none, or any byte of it is not what was saved.
    """
    raw = bytes(_read(folder / MANIFEST))
    while True:
        try:
            return _verified(folder, _decoded(folder / MANIFEST, raw), kinds=kinds)
        except DamagedIndex:
            newest = bytes(_read(folder / MANIFEST))
            # Another process may have saved meanwhile, and deleted what this manifest names.
            if newest == raw:
                raise
            raw = newest


def _verified(folder: Path, manifest: _Manifest, *, kinds: Collection[str]) -> Saved:
    if manifest.kind not in kinds:
        wanted = " or ".join(repr(kind) for kind in kinds)
        reason = f"holds an index of the kind {manifest.kind!r}, not {wanted}"
        raise DamagedIndex(path=folder / MANIFEST, reason=reason)
    # The vectors take as long to be read as the ids to get their rows, and need no interpreter.
    with ThreadPoolExecutor(1) as reader:
        vectors = reader.submit(_payload, folder, manifest.vectors)
        table = _table(folder, manifest)
        return Saved(manifest.kind, manifest.dim, table, vectors.result(), manifest.metadata)


def _table(folder: Path, manifest: _Manifest) -> RowTable:
    ids = json.loads(bytes(_payload(folder, manifest.ids)))
    if len(ids) != manifest.count:
        reason = f"counts {manifest.count} ids, but {len(ids)} are there"
        raise DamagedIndex(path=folder / MANIFEST, reason=reason)
    try:
        return RowTable(ids)
    except DuplicateIds:
        raise DamagedIndex(path=folder / manifest.ids.name, reason="names an id twice") from None


def _encoded(manifest: _Manifest) -> bytes:
    contents = asdict(manifest)
    checksum = sha256(json.dumps(contents, sort_keys=True).encode()).hexdigest()
    signed = {"contents": contents, "sha256": checksum}
    return json.dumps(signed, indent=1, sort_keys=True).encode() + b"\n"


def _decoded(path: Path, raw: bytes) -> _Manifest:
    damage = DamagedIndex(path=path, reason="does not match its own checksum")
    try:
        contents: dict[str, Any] = json.loads(raw)["contents"]
        files = {what: _File(**contents[what]) for what in ("ids", "vectors")}
        manifest = _Manifest(**{**contents, **files})
    except (ValueError, LookupError, TypeError, RecursionError):
        raise damage from None
    # Compared as bytes, so that not even a changed space passes.
    if _encoded(manifest) != raw:
        raise damage
    if manifest.format != _FORMAT:
        reason = f"has the format {manifest.format}; this version reads {_FORMAT}"
        raise DamagedIndex(path=path, reason=reason)
    return manifest


def _payload(folder: Path, file: _File) -> Bytes:
    """Read a file that the manifest names; its size is checked before any memory is taken."""
    path, checksum = folder / file.name, sha256()
    data = _read(path, size=file.size, checksum=checksum)
    if checksum.hexdigest() != file.sha256:
        raise DamagedIndex(path=path, reason="does not match the checksum in the manifest")
    return data


def _read(path: Path, *, size: int | None = None, checksum: "Hash | None" = None) -> Bytes:
    try:
        with path.open("rb") as file:
            found = os.fstat(file.fileno()).st_size
            if size is not None and found != size:
                reason = f"has {found} bytes where {size} were saved"
                raise DamagedIndex(path=path, reason=reason)
            # Unlike a bytearray, this memory is not written before it is read into.
            data = np.empty(found, np.uint8)
            with ThreadPoolExecutor(1) as hasher:
                for start in range(0, found, _CHUNK):
                    part = data[start : start + _CHUNK]
                    file.readinto(part.data)
                    if checksum:
                        # One thread takes them in order, while the next part is read.
                        hasher.submit(checksum.update, part.data)
    except OSError as error:
        reason = f"cannot be read ({error.strerror})"
        raise DamagedIndex(path=path, reason=reason) from error
    return data


def _write_payload(folder: Path, data: bytes | bytearray | memoryview, *, what: str) -> _File:
    checksum = sha256(data).hexdigest()
    size = data.nbytes if isinstance(data, memoryview) else len(data)
    file = _File(name=f"{_PREFIX}{what}-{checksum[:16]}", size=size, sha256=checksum)
    _write(folder / file.name, data)
    return file


def _write(path: Path, data: bytes | bytearray | memoryview) -> None:
    """Put a whole file in place, safe on the disk, or leave what was there."""
    with _temporary(path.parent) as (descriptor, temporary):
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            step("index.before-fsync")
            os.fsync(file.fileno())
        step("index.before-rename")
        temporary.replace(path)
    step("index.after-rename")
    _sync_folder(path.parent)


@contextmanager
def _temporary(folder: Path) -> Iterator[tuple[int, Path]]:
    """Open a file that only its owner can read, and leave none behind."""
    descriptor, name = tempfile.mkstemp(prefix=_PREFIX, suffix=".tmp", dir=folder)
    try:
        yield descriptor, Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make renames in a folder outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
