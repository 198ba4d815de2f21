"""Segments: a text cut where one statement ends and the next begins."""

import re
from typing import NamedTuple

from service.domain.skill import Span

MAX_WORDS = 32
_MAX_LIST_ITEM_WORDS = 6
_MIN_LIST_ITEMS = 3

# The end of a sentence, a line, a bullet, or a semicolon.
_BREAK = re.compile(r"(?<=[.!?])\s+(?=[^\sa-z])|\s*[\n\r•·▪●]+\s*|;\s+|\s+[-\u2013\u2014]\s+(?=\S)")
_COMMA = re.compile(r",\s+(?:and\s+|or\s+)?|\s+and\s+(?=[^,]*$)")
_EDGES = " \t\r\n.,;:!?•·-\u2013\u2014*()[]\"'"


class Segment(NamedTuple):
    """A statement within a text, and where it stands."""

    text: str
    span: Span


def segments_of(text: str) -> list[Segment]:
    """Return the statements of a text, in order.

    A sentence that lists three short things or more is cut into them; one of more than 32 words
    is cut at its commas into pieces of at most as many, or of as many words where there are none.
    Nothing of the text is left out but punctuation.
    """
    return [
        piece
        for sentence in _split(text, 0, _BREAK)
        for piece in _clauses(sentence)
        if any(character.isalnum() for character in piece.text)
    ]


def _split(text: str, offset: int, pattern: re.Pattern[str]) -> list[Segment]:
    segments: list[Segment] = []
    start = 0
    for match in pattern.finditer(text):
        segments += _trimmed(text, start, match.start(), offset)
        start = match.end()
    return segments + _trimmed(text, start, len(text), offset)


def _trimmed(text: str, start: int, end: int, offset: int) -> list[Segment]:
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return [Segment(text[start:end], Span(offset + start, offset + end))] if end > start else []


def _clauses(sentence: Segment) -> list[Segment]:
    items = _split(sentence.text, sentence.span.start, _COMMA)
    lengths = [len(item.text.split()) for item in items]
    short = [length for length in lengths if length <= _MAX_LIST_ITEM_WORDS]
    if len(items) >= _MIN_LIST_ITEMS and len(short) >= len(items) - 1:
        return items
    if sum(lengths) <= MAX_WORDS:
        return [sentence]
    return [piece for item in items for piece in _by_words(item)]


def _by_words(segment: Segment) -> list[Segment]:
    places = list(re.finditer(r"\S+", segment.text))
    return [
        Segment(
            segment.text[chunk[0].start() : chunk[-1].end()],
            Span(segment.span.start + chunk[0].start(), segment.span.start + chunk[-1].end()),
        )
        for chunk in (places[row : row + MAX_WORDS] for row in range(0, len(places), MAX_WORDS))
    ]
