"""Quantized vectors as one run of bytes, and back: no parser but numpy's stands in between."""

import json
from pathlib import Path

import numpy as np

from index.errors import DamagedIndex
from index.protocol import Rows, Vectors
from index.quantized import QuantizedVectors
from index.training import Reach, Training

# Before everything else stands how long the header is, in so many bytes.
_LENGTH = np.dtype("<u8")
_FLOAT, _ROW = np.dtype("<f4"), np.dtype("<i8")


def to_bytes(vectors: QuantizedVectors, rows: Rows) -> bytearray:
    """Return the vectors of rows, which are numbered anew in this order.

    First the header (JSON), then float32 centers, low, width, spread and the vectors that lie
    apart, then int64 sizes of the lists, the rows of each and the rows that lie apart, then the
    codes.
    """
    training = vectors.training
    renumbered = np.full(int(rows.max(initial=-1)) + 1, -1, np.int64)
    renumbered[rows] = np.arange(len(rows))
    entries = [vectors.lists.entries_of(number) for number in range(len(training.centers))]
    apart_rows, apart = vectors.apart()
    sizes = np.array([len(held) for held, _ in entries])
    header = {
        "apart": len(apart),
        "lists": len(sizes),
        "size": training.size,
        "scatter": training.scatter,
        "missed": training.missed,
        "depths": training.reach.depths.tolist(),
        "reach": training.reach.lists.tolist(),
    }
    raw = json.dumps(header, sort_keys=True).encode()
    floats = (training.centers, training.low, training.width, training.reach.spread, apart)
    numbers = (sizes, *(renumbered[held] for held, _ in entries), renumbered[apart_rows])
    return bytearray().join(
        [
            np.array([len(raw)], _LENGTH).tobytes(),
            raw,
            *(each.astype(_FLOAT, copy=False).tobytes() for each in floats),
            *(each.astype(_ROW, copy=False).tobytes() for each in numbers),
            *(codes.data for _, codes in entries),
        ]
    )


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
    header = json.loads(reader.take(np.dtype(np.uint8), int(reader.take(_LENGTH, 1)[0])).tobytes())
    count, apart_count = header["lists"], header["apart"]
    centers, low, width = (reader.vectors(each, dim) for each in (count, 1, 1))
    depths, reach = (np.array(header[each], np.int64) for each in ("depths", "reach"))
    spread = reader.vectors(len(depths), count)
    apart = reader.vectors(apart_count, dim)
    sizes = reader.rows(count)
    rows = reader.rows(int(sizes.sum()))
    apart_rows = reader.rows(apart_count)
    codes = reader.take(np.dtype(np.uint8), len(rows) * dim).reshape(len(rows), dim)
    training = Training(
        centers,
        low[0],
        width[0],
        Reach(depths, reach, spread),
        header["size"],
        header["scatter"],
        header["missed"],
    )
    vectors = QuantizedVectors(training)
    vectors.lists.make_room(len(rows) + apart_count)
    vectors.lists.fill(sizes, rows, codes)
    vectors.put_apart(apart_rows, apart)
    return vectors
