"""Memory that training has taken stays taken."""

import ctypes

import numpy as np
import pytest

from training.memory import keep_memory

BLOCK = 1 << 26
LIBRARY = ctypes.CDLL(None)


class Usage(ctypes.Structure):
    """What ``mallinfo2`` tells: bytes of the heap and of blocks by ``mmap``, among others."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in (
            *("arena", "ordblks", "smblks", "hblks", "hblkhd"),
            *("usmblks", "fsmblks", "uordblks", "fordblks", "keepcost"),
        )
    ]


def usage() -> tuple[int, int]:
    """Return the bytes of the heap, and those of blocks by ``mmap``."""
    ask = LIBRARY.mallinfo2
    ask.restype = Usage
    found = ask()
    return found.arena, found.hblkhd


def test_only_a_library_with_the_switch_is_asked() -> None:
    assert keep_memory() is hasattr(LIBRARY, "mallopt")


@pytest.mark.skipif(not hasattr(LIBRARY, "mallinfo2"), reason="this C library does not tell")
def test_a_large_block_comes_from_the_heap_and_stays_in_it() -> None:
    keep_memory()
    _, mapped_before = usage()

    block = np.ones(BLOCK, np.uint8)
    heap, mapped = usage()
    del block
    heap_after, _ = usage()

    assert mapped <= mapped_before
    assert heap >= BLOCK
    assert heap_after >= heap
