"""Keeping memory that was taken: training takes and gives back the same gigabytes at each step."""

import ctypes
from typing import Final

# From malloc.h of glibc; a parameter is an int.
_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_MAX: Final = -4
_INT_MAX: Final = 2**31 - 1


def keep_memory() -> bool:
    """Ask the C library to keep memory that is freed, and tell whether it does.

    glibc takes a large block from the kernel by ``mmap`` and gives it back when it is freed. The
    kernel then clears the same pages at every step, and a step of training took 14 s instead of
    2 s. No block by ``mmap``, and a heap that is never cut, are what
    ``MALLOC_MMAP_THRESHOLD_=4000000000 MALLOC_TRIM_THRESHOLD_=4000000000`` does from outside; a
    threshold that high is no int, and older releases refuse any above 32 MB.
    """
    change = getattr(ctypes.CDLL(None), "mallopt", None)
    if change is None:
        return False
    return all(
        change(parameter, value) == 1
        for parameter, value in ((_M_MMAP_MAX, 0), (_M_TRIM_THRESHOLD, _INT_MAX))
    )
