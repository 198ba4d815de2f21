"""Vectors as one run of bytes, and back: no parser but numpy's stands in between."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.blocks import BLOCK, Codes
from index.errors import DamagedIndex
from index.flat import FlatVectors, raw_of, vectors_in
from index.protocol import Rows, Vectors
from index.quantized import QuantizedVectors
from index.sketches import POINTS, TOGETHER, width_of
from index.snapshot import Saved
from index.training import Reach, Training

# What a snapshot of this form is called. Those that are called "quantized" have no sketches; they
# are refused, and the index is built again.
QUANTIZED = "quantized with sketches"

_FLOAT, _ROW = np.dtype("<f4"), np.dtype("<i8")
# So many codes are copied at once.
_CHUNK = 65_536

_Parts = Sequence[NDArray[Any]]


def saved_form(vectors: FlatVectors | QuantizedVectors, rows: Rows) -> tuple[str, memoryview]:
    """Return the kind of a snapshot and the vectors of rows as it keeps them."""
    if isinstance(vectors, QuantizedVectors):
        return QUANTIZED, to_bytes(vectors, rows)
    return vectors.kind, raw_of(vectors.vectors_of(rows))


def loaded(saved: Saved, path: Path) -> FlatVectors | QuantizedVectors:
    """Return the vectors of a snapshot.

    Raises:
        DamagedIndex: if there are more of them than ids, or fewer; it names ``path``.
    """
    if saved.kind == QUANTIZED:
        vectors = from_bytes(saved.vectors, dim=saved.dim, path=path)
        count = len(vectors.lists) + vectors.apart_count
        if count != len(saved.table):
            reason = f"counts {len(saved.table)} ids, but {count} vectors are there"
            raise DamagedIndex(path=path, reason=reason)
        return vectors
    return FlatVectors(vectors_in(saved, path))


def to_bytes(vectors: QuantizedVectors, rows: Rows) -> memoryview:
    """Return the vectors of rows, which are numbered anew in this order.

    First how long the header is and the header (JSON), then float32 centers, low, width, spread,
    points and the vectors that lie apart, then the code of each row, then int64 sizes of the lists,
    the rows of each and the rows that lie apart, then the blocks of the lists.
    """
    apart_rows, apart = vectors.apart()
    training, numbers = vectors.training, range(len(vectors.lists.sizes))
    renumbered = np.full(int(rows.max(initial=-1)) + 1, -1, np.int64)
    renumbered[rows] = np.arange(len(rows))
    held = [vectors.lists.rows_in(number) for number in numbers]
    reach = training.reach
    floats = (training.centers, training.low, training.width, reach.spread, training.points, apart)
    sizes = np.array([len(each) for each in held])
    integers = (sizes, *(renumbered[each] for each in held), renumbered[apart_rows])
    header = np.frombuffer(_header(vectors, len(rows)), np.uint8)
    before: list[NDArray[Any]] = [
        np.array([len(header)], _ROW),
        header,
        *(each.astype(_FLOAT, copy=False) for each in floats),
    ]
    after: list[NDArray[Any]] = [
        *(each.astype(_ROW, copy=False) for each in integers),
        *(vectors.lists.blocks_of(number) for number in numbers),
    ]
    return _joined(before, vectors, rows, after)


def _header(vectors: QuantizedVectors, count: int) -> bytes:
    training = vectors.training
    header = {
        "count": count,
        "apart": vectors.apart_count,
        "lists": len(training.centers),
        "groups": len(training.points),
        "size": training.size,
        "scatter": training.scatter,
        "blur": training.blur,
        "missed": training.missed,
        "depths": training.reach.depths.tolist(),
        "reach": training.reach.lists.tolist(),
    }
    return json.dumps(header, sort_keys=True).encode()


def _joined(before: _Parts, vectors: QuantizedVectors, rows: Rows, after: _Parts) -> memoryview:
    """Return the bytes of the parts, and between them those of codes, copied only once."""
    start, dim = sum(part.nbytes for part in before), len(vectors.training.low)
    end = start + len(rows) * dim
    joined = np.empty(end + sum(part.nbytes for part in after), np.uint8)
    _write(joined[:start], before)
    codes = joined[start:end].reshape(len(rows), dim)
    for first in range(0, len(rows), _CHUNK):
        some = slice(first, first + _CHUNK)
        codes[some] = vectors.codes.codes_of(rows[some])
    _write(joined[end:], after)
    return joined.data


def _write(room: Codes, parts: _Parts) -> None:
    end = 0
    for part in parts:
        start, end = end, end + part.nbytes
        room[start:end] = np.ascontiguousarray(part).reshape(-1).view(np.uint8)


def from_bytes(saved: Codes, *, dim: int, path: Path) -> QuantizedVectors:
    """Return what was saved; the codes stay where they lie, and the rest is given back.

    Raises:
        DamagedIndex: if the bytes are not what ``to_bytes`` writes.
    """
    try:
        return _read(_Reader(saved), dim)
    except (ValueError, LookupError, TypeError) as error:
        raise DamagedIndex(path=path, reason="holds no quantized vectors") from error


class _Reader:
    """Takes one array after the other off a run of bytes."""

    def __init__(self, saved: Codes) -> None:
        self._saved = saved
        self._at = 0

    def bytes(self, count: int) -> Codes:
        """Return the next bytes where they lie."""
        if not 0 <= count <= len(self._saved) - self._at:
            raise ValueError("There are fewer bytes.")
        self._at += count
        return self._saved[self._at - count : self._at]

    def vectors(self, count: int, dim: int) -> Vectors:
        numbers: Vectors = self.bytes(count * dim * _FLOAT.itemsize).view(_FLOAT).astype(np.float32)
        return numbers.reshape(count, dim)

    def rows(self, count: int) -> Rows:
        numbers: Rows = self.bytes(count * _ROW.itemsize).view(_ROW).astype(np.int64)
        return numbers

    def skip(self, count: int) -> slice:
        """Return where the next bytes lie."""
        start = self._at
        self.bytes(count)
        return slice(start, self._at)

    def kept(self, at: slice) -> Codes:
        """Return bytes where they lie; what is behind them goes back, and nobody may look at it."""
        self._saved.resize(at.stop, refcheck=False)
        return self._saved[at]


def _read(reader: _Reader, dim: int) -> QuantizedVectors:
    header = json.loads(reader.bytes(int(reader.rows(1)[0])).tobytes())
    vectors = QuantizedVectors(_training(reader, header, dim))
    apart = reader.vectors(header["apart"], dim)
    codes_at = reader.skip(header["count"] * dim)
    sizes = reader.rows(header["lists"])
    rows = reader.rows(int(sizes.sum()))
    apart_rows = reader.rows(header["apart"])
    if len(rows) + len(apart_rows) != header["count"]:
        raise ValueError("There are more codes than rows, or fewer.")
    width = width_of(header["groups"])
    blocks = reader.bytes(int((-(-sizes // BLOCK)).sum()) * width * BLOCK)
    vectors.lists.fill(sizes, rows, blocks.reshape(-1, width, BLOCK))
    vectors.codes.hold(reader.kept(codes_at).reshape(-1, dim))
    vectors.make_room(header["count"])
    vectors.put_apart(apart_rows, apart)
    return vectors


def _training(reader: _Reader, header: dict[str, Any], dim: int) -> Training:
    centers, low, width = (reader.vectors(each, dim) for each in (header["lists"], 1, 1))
    depths, reach = (np.array(header[each], np.int64) for each in ("depths", "reach"))
    spread = reader.vectors(len(depths), len(centers))
    points = reader.vectors(header["groups"] * POINTS, TOGETHER)
    return Training(
        centers=centers,
        low=low[0],
        width=width[0],
        reach=Reach(depths, reach, spread),
        size=header["size"],
        scatter=header["scatter"],
        missed=header["missed"],
        points=points.reshape(-1, POINTS, TOGETHER),
        blur=header["blur"],
    )
