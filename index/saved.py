"""Quantized vectors as one run of bytes, and back: no parser but numpy's stands in between."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.blocks import BLOCK
from index.errors import DamagedIndex
from index.protocol import Rows, Vectors
from index.quantized import QuantizedVectors
from index.sketches import POINTS, TOGETHER, width_of
from index.training import Reach, Training

# What a snapshot of this form is called. Those that are called "quantized" have no sketches; they
# are refused, and the index is built again.
QUANTIZED = "quantized with sketches"

# Before everything else stands how long the header is, in so many bytes.
_LENGTH = np.dtype("<u8")
_FLOAT, _ROW, _BYTE = np.dtype("<f4"), np.dtype("<i8"), np.dtype(np.uint8)
# So many codes are copied at once.
_CHUNK = 65_536


def to_bytes(vectors: QuantizedVectors, rows: Rows) -> memoryview:
    """Return the vectors of rows, which are numbered anew in this order.

    First the header (JSON), then float32 centers, low, width, spread, points and the vectors that
    lie apart, then int64 sizes of the lists, the rows of each and the rows that lie apart, then the
    blocks of the lists, then the code of each row.
    """
    training = vectors.training
    renumbered = np.full(int(rows.max(initial=-1)) + 1, -1, np.int64)
    renumbered[rows] = np.arange(len(rows))
    numbers = range(len(training.centers))
    held = [vectors.lists.rows_in(number) for number in numbers]
    apart_rows, apart = vectors.apart()
    sizes = np.array([len(rows_in) for rows_in in held])
    header = {
        "apart": len(apart),
        "lists": len(sizes),
        "fours": len(training.points),
        "size": training.size,
        "scatter": training.scatter,
        "blur": training.blur,
        "missed": training.missed,
        "depths": training.reach.depths.tolist(),
        "reach": training.reach.lists.tolist(),
    }
    raw = np.frombuffer(json.dumps(header, sort_keys=True).encode(), np.uint8)
    floats = (training.centers, training.low, training.width, training.reach.spread)
    integers = (sizes, *(renumbered[rows_in] for rows_in in held), renumbered[apart_rows])
    parts: list[NDArray[Any]] = [
        np.array([len(raw)], _LENGTH),
        raw,
        *(each.astype(_FLOAT, copy=False) for each in (*floats, training.points, apart)),
        *(each.astype(_ROW, copy=False) for each in integers),
        *(vectors.lists.blocks_of(number) for number in numbers),
    ]
    return _joined(parts, vectors, rows)


def _joined(parts: Sequence[NDArray[Any]], vectors: QuantizedVectors, rows: Rows) -> memoryview:
    """Return the bytes of the parts and of the codes of rows, these copied only once."""
    before, dim = sum(part.nbytes for part in parts), len(vectors.training.low)
    joined = np.empty(before + len(rows) * dim, np.uint8)
    end = 0
    for part in parts:
        start, end = end, end + part.nbytes
        joined[start:end] = np.ascontiguousarray(part).reshape(-1).view(np.uint8)
    codes = joined[before:].reshape(len(rows), dim)
    for first in range(0, len(rows), _CHUNK):
        some = slice(first, first + _CHUNK)
        codes[some] = vectors.codes.codes_of(rows[some])
    return joined.data


def from_bytes(saved: bytes | bytearray | memoryview, *, dim: int, path: Path) -> QuantizedVectors:
    """Return what was saved, read where it lies.

    Raises:
        DamagedIndex: if the bytes are not what ``to_bytes`` writes.
    """
    try:
        return _read(_Reader(memoryview(saved)), dim)
    except (ValueError, LookupError, TypeError) as error:
        raise DamagedIndex(path=path, reason="holds no quantized vectors") from error


class _Reader:
    """Takes one array after the other off a run of bytes."""

    def __init__(self, saved: memoryview) -> None:
        self._saved = saved
        self._at = 0

    def take(self, kind: np.dtype, count: int) -> np.ndarray:
        found = np.frombuffer(self._saved, kind, count, self._at)
        self._at += found.nbytes
        return found

    def vectors(self, count: int, dim: int) -> Vectors:
        numbers: Vectors = self.take(_FLOAT, count * dim).astype(np.float32)
        return numbers.reshape(count, dim)

    def rows(self, count: int) -> Rows:
        numbers: Rows = self.take(_ROW, count).astype(np.int64)
        return numbers


def _read(reader: _Reader, dim: int) -> QuantizedVectors:
    header = json.loads(reader.take(_BYTE, int(reader.take(_LENGTH, 1)[0])).tobytes())
    count, apart_count = header["lists"], header["apart"]
    centers, low, width = (reader.vectors(each, dim) for each in (count, 1, 1))
    depths, reach = (np.array(header[each], np.int64) for each in ("depths", "reach"))
    spread = reader.vectors(len(depths), count)
    points = reader.vectors(header["fours"] * POINTS, TOGETHER)
    apart = reader.vectors(apart_count, dim)
    sizes = reader.rows(count)
    rows = reader.rows(int(sizes.sum()))
    apart_rows = reader.rows(apart_count)
    training = Training(
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
    each = width_of(header["fours"])
    blocks = reader.take(_BYTE, int((-(-sizes // BLOCK)).sum()) * each * BLOCK)
    total = len(rows) + apart_count
    # A copy, so that the rest of what was read does not stay in memory with it.
    codes = reader.take(_BYTE, total * dim).reshape(total, dim).copy()
    vectors = QuantizedVectors(training, codes=codes)
    vectors.make_room(total)
    vectors.lists.fill(sizes, rows, blocks.reshape(-1, each, BLOCK))
    vectors.put_apart(apart_rows, apart)
    return vectors
