"""Names by the letters that they begin with: what somebody may mean who is still typing."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.matching.names import name_key

Numbers = NDArray[np.int32]
# Stands behind every letter.
_LAST = "\U0010ffff"


class Suggestion(NamedTuple):
    """Something that goes by a name.

    Attributes:
        label: its own name.
        matched: another name of it, if that is what was typed; else none.
    """

    id: str
    label: str
    matched: str | None


class _Name(NamedTuple):
    """One name, in the order in which names are suggested: short ones first."""

    length: int
    key: str
    is_other: bool
    id: str
    text: str
    label: str


class Openings:
    """Finds things by the beginnings of the words of their names. It does not change.

    Args:
        named: each thing's id and its names, its own first.
    """

    def __init__(self, named: Iterable[tuple[str, tuple[str, ...]]]) -> None:
        self._names = sorted(_names(named))
        by_word: dict[str, list[int]] = {}
        for number, name in enumerate(self._names):
            for word in dict.fromkeys(name.key.split()):
                by_word.setdefault(word, []).append(number)
        self._words = sorted(by_word)
        counts = [len(by_word[word]) for word in self._words]
        self._starts = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
        numbers = [number for word in self._words for number in by_word[word]]
        self._numbers: Numbers = np.array(numbers, dtype=np.int32)

    def find(self, typed: str, *, limit: int) -> list[Suggestion]:
        """Return what has a name in which each typed word begins a word.

        Whose own name begins with what was typed comes first, then those of which another name
        does, then the rest; among these shorter names first, ties by name, then id. Each thing
        comes once, by the first of its names.
        """
        key = name_key(typed)
        words = key.split()
        if not words:
            return []
        among = self._beginning(words[0])
        for word in words[1:]:
            among = np.intersect1d(among, self._beginning(word), assume_unique=True)
        places = (_place(self._names[number], key) for number in among)
        order = np.argsort(np.fromiter(places, np.int8, len(among)), kind="stable")
        found: dict[str, Suggestion] = {}
        for number in among[order].tolist():
            name = self._names[number]
            matched = name.text if name.is_other else None
            found.setdefault(name.id, Suggestion(name.id, name.label, matched))
            if len(found) == limit:
                break
        return list(found.values())

    def _beginning(self, letters: str) -> Numbers:
        """Return the numbers of the names in which a word begins so, ascending."""
        first = bisect_left(self._words, letters)
        last = bisect_left(self._words, letters + _LAST)
        return np.unique(self._numbers[self._starts[first] : self._starts[last]])


def _place(name: _Name, typed: str) -> int:
    if not name.key.startswith(typed):
        return 2
    return 1 if name.is_other else 0


def _names(named: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[_Name]:
    for thing, names in named:
        for place, text in enumerate(names):
            if key := name_key(text):
                yield _Name(len(key), key, place > 0, thing, text, names[0])
