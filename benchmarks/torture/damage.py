"""What disks do to files: bits flipped, ends lost, pages zeroed, one file in another's place."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

import numpy as np

_PAGE = 4096
_HEADER = 64


class Damage(StrEnum):
    """A way in which a file can be other than it was written."""

    BIT = "a flipped bit"
    CUT = "a lost end"
    ZERO_PAGE = "a zeroed page"
    ZERO_TAIL = "a zeroed tail"
    HEADER = "another header"
    GROWN = "more bytes"
    SWAPPED = "another file in its place"
    MISSING = "no file"


def files_in(folder: Path) -> list[Path]:
    """Return the files of a folder and of those inside, in the order of their names."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


@contextmanager
def damaged(files: Sequence[Path], number: int) -> Iterator[str]:
    """Damage one of the files, in a way that follows from the number; mend it afterwards.

    Gives what was done to which file, in words.
    """
    chance = np.random.default_rng([6, number])
    path = files[int(chance.integers(len(files)))]
    kind = list(Damage)[int(chance.integers(len(Damage)))]
    before = path.read_bytes()
    others = [each for each in files if each.read_bytes() != before]
    after = _damage(before, kind, chance, others)
    if after == before:
        kind, after = Damage.BIT, _flipped(before, chance)
    if after is None:
        path.unlink()
    else:
        path.write_bytes(after)
    try:
        yield f"{kind} of {path.name}"
    finally:
        path.write_bytes(before)


def _damage(
    before: bytes, kind: Damage, chance: np.random.Generator, others: Sequence[Path]
) -> bytes | None:
    if kind is Damage.MISSING:
        return None
    if kind is Damage.SWAPPED:
        return others[int(chance.integers(len(others)))].read_bytes() if others else before
    return _WAYS[kind](before, chance)


def _place(before: bytes, chance: np.random.Generator) -> int:
    return int(chance.integers(max(1, len(before))))


def _cut(before: bytes, chance: np.random.Generator) -> bytes:
    return before[: _place(before, chance)]


def _without_a_page(before: bytes, chance: np.random.Generator) -> bytes:
    place = _place(before, chance)
    start = place - place % _PAGE
    zeros = bytes(len(before[start : start + _PAGE]))
    return before[:start] + zeros + before[start + _PAGE :]


def _without_its_tail(before: bytes, chance: np.random.Generator) -> bytes:
    place = _place(before, chance)
    return before[:place] + bytes(len(before) - place)


def _with_another_header(before: bytes, chance: np.random.Generator) -> bytes:
    return chance.bytes(_HEADER) + before[_HEADER:]


def _grown(before: bytes, chance: np.random.Generator) -> bytes:
    return before + chance.bytes(1 + _place(before, chance) % _PAGE)


def _flipped(before: bytes, chance: np.random.Generator) -> bytes:
    if not before:
        return b"\0"
    content = bytearray(before)
    content[int(chance.integers(len(content)))] ^= 1 << int(chance.integers(8))
    return bytes(content)


_WAYS: dict[Damage, Callable[[bytes, np.random.Generator], bytes]] = {
    Damage.BIT: _flipped,
    Damage.CUT: _cut,
    Damage.ZERO_PAGE: _without_a_page,
    Damage.ZERO_TAIL: _without_its_tail,
    Damage.HEADER: _with_another_header,
    Damage.GROWN: _grown,
}
