"""Stuffed profiles: what unqualified people paste so that a machine takes them for qualified."""

from collections import Counter
from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

TIMES: Final = 20
WORDS: Final = 60
KEYWORDS: Final = 40
_SHORTEST_KEYWORD: Final = 4
_ZERO_WIDTH: Final = "\u200b"
_LOOK_ALIKES: Final = str.maketrans(
    {
        "a": "\u0430",
        "c": "\u0441",
        "e": "\u0435",
        "i": "\u0456",
        "o": "\u043e",
        "p": "\u0440",
        "x": "\u0445",
        "y": "\u0443",
    }
)


class Ad(NamedTuple):
    """A job ad."""

    title: str
    text: str


class Attack(StrEnum):
    """A way to stuff a profile."""

    TITLE = "title once"
    TITLES = "title 20 times"
    PASTED = "60 words of the ad"
    KEYWORDS = "keyword dump"
    INVISIBLE = "invisible characters"
    LOOK_ALIKES = "look-alikes"


def stuffing(attack: Attack, ad: Ad) -> str:
    """Return what an attacker writes."""
    return _ATTACKS[attack](ad)


def _pasted(ad: Ad) -> str:
    words = ad.text.split()
    # Not the beginning, which often says who the employer is.
    start = max(0, len(words) // 3 - WORDS // 3)
    return " ".join(words[start : start + WORDS])


def _keywords(ad: Ad) -> str:
    words = (word.strip(".,;:()[]/·•*\"'") for word in ad.text.split())
    counts = Counter(word for word in words if len(word) >= _SHORTEST_KEYWORD)
    common = sorted(counts, key=lambda word: (-counts[word], word))[:KEYWORDS]
    return f"{ad.title}, {', '.join(common)}"


def _invisible(ad: Ad) -> str:
    return " ".join(f"{word[:2]}{_ZERO_WIDTH}{word[2:]}" for word in _pasted(ad).split())


_ATTACKS: Final[Mapping[Attack, Callable[[Ad], str]]] = MappingProxyType(
    {
        Attack.TITLE: lambda ad: ad.title,
        Attack.TITLES: lambda ad: ". ".join([ad.title] * TIMES),
        Attack.PASTED: _pasted,
        Attack.KEYWORDS: _keywords,
        Attack.INVISIBLE: _invisible,
        Attack.LOOK_ALIKES: lambda ad: _pasted(ad).translate(_LOOK_ALIKES),
    }
)
