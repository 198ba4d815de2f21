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
from service.matching.plain_words import plain_words
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
        words: uint32, ascending: its words but those that only hold sentences together.
        all_words: uint32, ascending: all its words.
        shingles: uint64, ascending: five of its words in a row.
        title: uint32: the words of its title, in order.
    """

    words: Tokens
    all_words: Tokens
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
    told = (word for word in (*text, *named) if word.key not in _BINDING)
    tokens = tokens_of(text)
    return Ad(
        words=np.unique(tokens_of(told)),
        all_words=np.unique(tokens),
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
            (told if is_told(field) else named).append(tokens_of(plain_words(field.text)))
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
    found = _per_part(copied(tokens, ad) | listed(tokens, ad), starts)
    named = titled(tokens, ad) if title else np.zeros(len(tokens), dtype=np.bool_)
    return _Counts(found, _per_part(named, starts))


def _per_part(mask: Mask, starts: NDArray[np.int64]) -> NDArray[np.int64]:
    running = np.concatenate([[0], np.cumsum(mask, dtype=np.int64)])
    result: NDArray[np.int64] = running[starts[1:]] - running[starts[:-1]]
    return result


def copied(tokens: Tokens, ad: Ad) -> Mask:
    """Return which words stand in a run of five that the ad has too: bool ``(words,)``."""
    known = _among(tokens, ad.all_words)
    places = np.flatnonzero(_windows(known, SHINGLE) == SHINGLE)
    hits = places[np.isin(_shingles(tokens, places), ad.shingles)]
    return _covering(hits, SHINGLE, len(tokens))


def listed(tokens: Tokens, ad: Ad) -> Mask:
    """Return which words of the ad stand among twelve of which ten are: bool ``(words,)``."""
    known = _among(tokens, ad.words)
    breaks = _windows(tokens == BREAK, WINDOW)
    dense = (_windows(known, WINDOW) >= LISTED_OF_WINDOW) & (breaks == 0)
    return _covering(np.flatnonzero(dense), WINDOW, len(tokens)) & known


def titled(tokens: Tokens, ad: Ad) -> Mask:
    """Return which words stand in a mention of the job's whole title: bool ``(words,)``."""
    length = len(ad.title)
    if not length or length > len(tokens):
        return np.zeros(len(tokens), dtype=np.bool_)
    places = np.flatnonzero(tokens[: len(tokens) - length + 1] == ad.title[0])
    for step in range(1, length):
        places = places[tokens[places + step] == ad.title[step]]
    return _covering(places, length, len(tokens))


def _among(tokens: Tokens, known: Tokens) -> Mask:
    # A table of the last 16 bits turns nearly all away before the exact look.
    table = np.zeros(1 << 16, dtype=np.bool_)
    table[known & np.uint32(0xFFFF)] = True
    result: Mask = table[tokens & np.uint32(0xFFFF)]
    likely = np.flatnonzero(result)
    result[likely] = np.isin(tokens[likely], known)
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
    edges = np.zeros(count + length + 1, dtype=np.int64)
    np.add.at(edges, places, 1)
    np.add.at(edges, places + length, -1)
    result: Mask = np.cumsum(edges)[:count] > 0
    return result
