"""Sketches lie in memory as FAISS scans them, whoever put them there."""

import faiss
import numpy as np
import pytest

from index.blocks import BLOCK, block_count, pack, read, write
from index.sketches import TOGETHER, Sketches, learn_points, padded, width_of


def codes(count: int, width: int) -> np.ndarray:
    """Draw codes."""
    return np.random.default_rng(0).integers(0, 256, (count, width)).astype(np.uint8)


@pytest.mark.parametrize("count", [0, 1, 31, 32, 33, 100])
def test_codes_are_read_as_they_were_packed_or_written(count: int) -> None:
    drawn = codes(count, 6)

    packed = pack(drawn)
    written = np.full_like(packed, 0)
    for place in np.random.default_rng(1).permutation(count).tolist():
        write(written, place, np.full(6, 255, np.uint8))
        write(written, place, drawn[place])

    assert packed.shape == (block_count(count), 6, BLOCK)
    assert np.array_equal(written, packed)
    assert [read(packed, place).tolist() for place in range(count)] == drawn.tolist()


@pytest.mark.parametrize("dim", [48, 8, 7, 3])
def test_blocks_are_those_that_faiss_makes(dim: int) -> None:
    vectors = np.random.default_rng(2).standard_normal((70, dim)).astype(np.float32)
    points = learn_points(vectors)
    quantizer = faiss.IndexFlatIP(len(points) * TOGETHER)
    quantizer.add(np.zeros((1, len(points) * TOGETHER), np.float32))
    theirs = faiss.IndexIVFPQFastScan(
        quantizer, quantizer.d, 1, len(points), 4, faiss.METRIC_INNER_PRODUCT
    )
    theirs.by_residual, theirs.is_trained = True, True
    faiss.copy_array_to_vector(points.ravel(), theirs.pq.centroids)
    theirs.add(padded(vectors))

    ours = pack(Sketches(points).encode(vectors))

    lists = faiss.downcast_InvertedLists(theirs.invlists)  # type: ignore[arg-type]  # never None
    length = block_count(70) * width_of(len(points)) * BLOCK
    assert np.array_equal(faiss.rev_swig_ptr(lists.get_codes(0), length), ours.ravel())
