"""4-bit codes as FAISS' fast scan wants them: 32 vectors to a block, their halves interleaved.

A block has for each byte of a code 32 bytes: 16 with the low halves of that byte, two vectors in
each, and 16 with the high halves (``pq4_pack_codes`` in FAISS).
"""

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint8]

BLOCK = 32
_HALF = 16
# Which of 16 vectors has which place, and the other way round.
_ORDER = np.arange(_HALF).reshape(2, -1).T.ravel()
_PLACES = np.argsort(_ORDER)


def block_count(count: int) -> int:
    """Return how many blocks so many vectors take."""
    return -(-count // BLOCK)


def pack(codes: Codes) -> Codes:
    """Return codes in blocks. Shape: (n, bytes) to (blocks, bytes, 32)."""
    count, width = codes.shape
    padded = np.zeros((block_count(count) * BLOCK, width), np.uint8)
    padded[:count] = codes
    halves: Codes = padded.reshape(-1, 2, _HALF, width)[:, :, _ORDER].transpose(0, 3, 1, 2)
    packed = [each[:, :, 0] | each[:, :, 1] << 4 for each in (halves & 15, halves >> 4)]
    return np.concatenate(packed, axis=2, dtype=np.uint8)


def read(blocks: Codes, place: int) -> Codes:
    """Return the code of one vector. Shape: (bytes,)."""
    block, at, shift = _where(place)
    low, high = (blocks[block, :, each] >> shift & 15 for each in (at, at + _HALF))
    return np.asarray(low | high << 4, np.uint8)


def write(blocks: Codes, place: int, code: Codes) -> None:
    """Put the code of one vector in the place of what is there."""
    block, at, shift = _where(place)
    for half, each in ((code & 15, at), (code >> 4, at + _HALF)):
        kept = blocks[block, :, each] & (0xF0 >> shift)
        blocks[block, :, each] = kept | half << shift


def _where(place: int) -> tuple[int, int, int]:
    block, within = divmod(place, BLOCK)
    half, within = divmod(within, _HALF)
    return block, int(_PLACES[within]), 4 * half
