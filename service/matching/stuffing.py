"""Stuffing: what in a person's own words is taken from the job ad, and what it then counts.

Three things are found, all on words as ``plain_words`` folds them. *Copied* runs: five words in
a row that stand in the ad in the same order (5-shingles; Broder 1997, "On the resemblance and
containment of documents"). *Listed* words: of twelve words in a row ten or more are words of the
ad, and hardly one is a word that holds a sentence together. The *title* of the job, where a
person's own text names it. ``damping`` says what becomes of what is inferred from them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from service.domain.job import Job
from service.domain.learner import Learner
from service.domain.skill import EvidenceClass
from service.matching.names import Word
from service.matching.plain_words import plain_keys, plain_words
from service.matching.texts import TextField, job_text, text_fields

Tokens = NDArray[np.uint32]
Mask = NDArray[np.bool_]

SHINGLE = 5
WINDOW = 12
LISTED_OF_WINDOW = 10
# Fewer words of an ad than this turn up in anybody's text.
REPEATED_FROM = 10
BREAK = np.uint32(0)
"""Stands between texts; no shingle and no window reaches over it."""

OWN_CLASSES = frozenset({EvidenceClass.SELF_STATED, EvidenceClass.EXPERIENCE})
"""What shows no more than that a person says so."""
_PRIME = np.uint64(1_099_511_628_211)
# fmt: off
_BINDING = frozenset(
    {
        "a", "about", "after", "all", "also", "am", "an", "and", "any", "are", "as", "at", "be",
        "been", "being", "but", "by", "can", "did", "do", "each", "for", "from", "had", "has",
        "have", "he", "her", "his", "i", "i'm", "i've", "if", "in", "into", "is", "it", "its",
        "me", "more", "most", "my", "no", "not", "of", "on", "or", "other", "our", "she", "so",
        "some", "such", "than", "that", "the", "their", "them", "then", "there", "these", "they",
        "this", "those", "through", "to", "up", "us", "was", "we", "were", "what", "when",
        "where", "which", "while", "who", "will", "with", "within", "would", "you", "your",
    }
)
# fmt: on


def token(word: str) -> int:
    """Return a word as a number, never that of the break."""
    return crc32(word.encode("utf-8", "surrogatepass")) or 1


_BINDING_TOKENS = np.array(sorted(token(word) for word in _BINDING), dtype=np.uint32)


def tokens_of(words: Iterable[Word]) -> Tokens:
    """Return words as numbers: uint32 ``(words,)``."""
    return np.fromiter((token(word.key) for word in words), dtype=np.uint32)


def joined(parts: Sequence[Tokens]) -> Tokens:
    """Return the numbers of several texts with a break after each."""
    ends = np.array([BREAK])
    return np.concatenate([each for part in parts for each in (part, ends)] or [ends])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ad:
    """The words of a job ad, as numbers.

    Attributes:
        known: uint32, ascending: its words and those of the skills that it asks for.
        is_told: bool, for each of ``known``: whether it stands in the ad's own text.
        is_telling: bool, for each of ``known``: whether it does more than hold sentences together.
        shingles: uint64, ascending: five of its words in a row.
        title: uint32: the words of its title, in order.
    """

    known: Tokens
    is_told: Mask
    is_telling: Mask
    shingles: NDArray[np.uint64]
    title: Tokens


def ad_of(job: Job, labels: Iterable[str] = ()) -> Ad:
    """Return the words of a job ad.

    Args:
        job: the job.
        labels: of the skills that it asks for, which readers of the ad are shown.
    """
    text = plain_words(job_text(job))
    named = [word for label in labels for word in plain_words(label)]
    tokens = tokens_of(text)
    known = np.unique(np.concatenate([tokens, tokens_of(named)]))
    return Ad(
        known=known,
        is_told=np.isin(known, tokens),
        is_telling=~np.isin(known, _BINDING_TOKENS),
        shingles=np.unique(_shingles(tokens, np.arange(max(0, len(tokens) - SHINGLE + 1)))),
        title=tokens_of(plain_words(job.title)),
    )


class OwnWords(NamedTuple):
    """A learner's own words as numbers, with breaks between texts.

    ``told`` are texts, in which naming a title shows nothing; ``named`` titles and courses.
    """

    told: Tokens
    named: Tokens


_NONE = np.empty(0, dtype=np.uint32)


def own_words(learner: Learner) -> OwnWords:
    """Return a learner's own words, for ``repeats``."""
    told: list[Tokens] = []
    named: list[Tokens] = []
    for field in text_fields(learner):
        if field.evidence in OWN_CLASSES:
            tokens = np.fromiter(map(token, plain_keys(field.text)), dtype=np.uint32)
            (told if is_told(field) else named).append(tokens)
    return OwnWords(joined(told) if told else _NONE, joined(named) if named else _NONE)


def is_told(field: TextField) -> bool:
    """Tell whether a field is running text, in which naming a title shows nothing."""
    return field.field == "text" or field.field.endswith(".text")


def repeats(words: Sequence[OwnWords], ad: Ad) -> Mask:
    """Return which of the learners have words that are damped for this ad: bool ``(n,)``."""
    told = _counts([each.told for each in words], ad, title=True)
    named = _counts([each.named for each in words], ad, title=False)
    return (told.ad + named.ad >= REPEATED_FROM) | (told.title > 0)


class _Counts(NamedTuple):
    ad: NDArray[np.int64]
    title: NDArray[np.int64]


def _counts(parts: Sequence[Tokens], ad: Ad, *, title: bool) -> _Counts:
    tokens = np.concatenate([*parts, np.array([BREAK])])
    ends = np.cumsum([len(part) for part in parts], dtype=np.int64)
    starts = np.concatenate([[0], ends]).astype(np.int64)
    found = _per_part(taken(tokens, ad), starts)
    named = titled(tokens, ad) if title else np.zeros(len(tokens), dtype=np.bool_)
    return _Counts(found, _per_part(named, starts))


def _per_part(mask: Mask, starts: NDArray[np.int64]) -> NDArray[np.int64]:
    running = np.concatenate([[0], np.cumsum(mask, dtype=np.int64)])
    result: NDArray[np.int64] = running[starts[1:]] - running[starts[:-1]]
    return result


def taken(tokens: Tokens, ad: Ad) -> Mask:
    """Return which words are copied from an ad, or listed: bool ``(words,)``.

    Copied are five in a row that the ad has too; listed are words of the ad of which ten or more
    stand among twelve.
    """
    place = _places(tokens, ad.known)
    found = place >= 0
    told, telling = found.copy(), found.copy()
    told[found] = ad.is_told[place[found]]
    telling[found] = ad.is_telling[place[found]]
    return _copied(tokens, told, ad) | _listed(tokens, telling)


def _copied(tokens: Tokens, told: Mask, ad: Ad) -> Mask:
    places = np.flatnonzero(_windows(told, SHINGLE) == SHINGLE)
    hits = places[np.isin(_shingles(tokens, places), ad.shingles)]
    return _covering(hits, SHINGLE, len(tokens))


def _listed(tokens: Tokens, telling: Mask) -> Mask:
    dense = _windows(telling, WINDOW) >= LISTED_OF_WINDOW
    whole = _windows(tokens == BREAK, WINDOW) == 0
    return _covering(np.flatnonzero(dense & whole), WINDOW, len(tokens)) & telling


def titled(tokens: Tokens, ad: Ad) -> Mask:
    """Return which words stand in a mention of the job's whole title: bool ``(words,)``."""
    length = len(ad.title)
    if not length or length > len(tokens):
        return np.zeros(len(tokens), dtype=np.bool_)
    places = np.flatnonzero(tokens[: len(tokens) - length + 1] == ad.title[0])
    for step in range(1, length):
        places = places[tokens[places + step] == ad.title[step]]
    return _covering(places, length, len(tokens))


def _places(tokens: Tokens, known: Tokens) -> NDArray[np.int64]:
    """Return where each word stands among the known ones; -1 for one that does not."""
    # A table of the last 16 bits turns most away before the exact look.
    table = np.zeros(1 << 16, dtype=np.bool_)
    table[known & np.uint32(0xFFFF)] = True
    likely = np.flatnonzero(table[tokens & np.uint32(0xFFFF)])
    result = np.full(len(tokens), -1, dtype=np.int64)
    place = np.searchsorted(known, tokens[likely])
    place[place == len(known)] = 0
    is_known = known[place] == tokens[likely] if len(known) else np.zeros(0, dtype=np.bool_)
    result[likely[is_known]] = place[is_known]
    return result


def _windows(mask: Mask, length: int) -> NDArray[np.int64]:
    """Return how many are true from each place on, as far as ``length`` reaches."""
    running = np.concatenate([[0], np.cumsum(mask, dtype=np.int64)])
    count = max(0, len(mask) - length + 1)
    result: NDArray[np.int64] = running[length : length + count] - running[:count]
    return result


def _shingles(tokens: Tokens, places: NDArray[np.int64]) -> NDArray[np.uint64]:
    result = np.zeros(len(places), dtype=np.uint64)
    for step in range(SHINGLE if len(places) else 0):
        result = result * _PRIME + tokens[places + step].astype(np.uint64)
    return result


def _covering(places: NDArray[np.int64], length: int, count: int) -> Mask:
    size = count + length + 1
    opened = np.bincount(places, minlength=size)
    closed = np.bincount(places + length, minlength=size)
    result: Mask = np.cumsum(opened - closed)[:count] > 0
    return result
