"""Damping: what is inferred from words of the job ad counts a tenth, and the reader is told."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from service.domain.learner import Learner
from service.domain.skill import LinkMethod, LinkSource, SkillLink
from service.matching.names import Word
from service.matching.plain_words import plain_words
from service.matching.stuffing import (
    OWN_CLASSES,
    REPEATED_FROM,
    Ad,
    Mask,
    Tokens,
    is_told,
    taken,
    titled,
    tokens_of,
)
from service.matching.texts import TextField, text_fields

# What is inferred from words of the ad counts so much.
DAMPED = 0.1


class Damped(NamedTuple):
    """A learner's links as they count for one job, and what a reader of the match has to know."""

    links: tuple[SkillLink, ...]
    caveats: tuple[str, ...]


class _Field(NamedTuple):
    """A field in a person's own words, with which of them come from the ad."""

    field: TextField
    words: list[Word]
    tokens: Tokens
    taken: Mask
    titled: Mask


def damped(learner: Learner, links: Sequence[SkillLink], ad: Ad) -> Damped:
    """Return a learner's links as they count for one job.

    What a person states as a skill, has done by title, was graded or awarded stays as it is. Of
    what is inferred from running text a tenth is left where more than half of the words come
    from the ad, once ten words of the profile do, or where the words name the job's title.
    """
    fields = [_read(field, ad) for field in text_fields(learner) if field.evidence in OWN_CLASSES]
    repeated = sum(int(field.taken.sum()) for field in fields)
    if repeated < REPEATED_FROM:
        fields = [field._replace(taken=np.zeros_like(field.taken)) for field in fields]
        repeated = 0
    by_name = {field.field.field: field for field in fields}
    kept = []
    touched = False
    for link in links:
        is_damped = _is_taken(link, by_name.get(link.field), ad)
        touched |= is_damped
        kept.append(replace(link, weight=round(link.weight * DAMPED, 4)) if is_damped else link)
    return Damped(tuple(kept), tuple(_caveats(repeated, touched=touched)))


def _read(field: TextField, ad: Ad) -> _Field:
    words = plain_words(field.text)
    tokens = tokens_of(words)
    named = titled(tokens, ad) if is_told(field) else np.zeros(len(tokens), dtype=np.bool_)
    return _Field(field, words, tokens, taken(tokens, ad), named)


def _is_taken(link: SkillLink, field: _Field | None, ad: Ad) -> bool:
    if field is None or link.source is not LinkSource.INFERRED:
        return False
    # A title of one word may be what a skill is called, and then names the skill in a text.
    is_word = len(ad.title) == 1 and link.method is LinkMethod.LABEL
    from_ad = field.taken if is_word else field.taken | field.titled
    if link.method is LinkMethod.OCCUPATION:
        # A title stands for many skills, and naming it in passing shows none of them.
        title = tokens_of(plain_words(link.text))
        named = is_told(field.field) and len(_places(title, ad.title)) > 0
        return named or any(
            bool(from_ad[place : place + len(title)].all())
            for place in _places(title, field.tokens)
        )
    if link.span is None:
        return False
    inside = [
        place
        for place, word in enumerate(field.words)
        if word.start >= link.span.start and word.end <= link.span.end
    ]
    return bool(inside) and 2 * int(from_ad[inside].sum()) > len(inside)


def _places(words: Tokens, within: Tokens) -> list[int]:
    """Return where some words, in a row, begin within others."""
    count = len(words)
    if not count:
        return []
    starts = np.flatnonzero(within[: max(0, len(within) - count + 1)] == words[0]).tolist()
    return [place for place in starts if np.array_equal(within[place : place + count], words)]


def _caveats(repeated: int, *, touched: bool) -> list[str]:
    if repeated:
        counted = "; what they suggest counts a tenth" if touched else ""
        return [f"the profile repeats {repeated} words of the job ad{counted}"]
    if touched:
        return ["the profile's text names the job's title; what that suggests counts a tenth"]
    return []
