"""Occupations in words: which line of work a title or a sentence names."""

import re
from typing import NamedTuple

from service.domain.ids import OccupationId
from service.matching.names import words_of
from service.matching.ports import OccupationIndex, Vectors

MAX_TITLE_WORDS = 6
# Words with which a wish begins, one at a time: "to", "work in", "become", "a".
_OPENING = re.compile(
    r"^[\s,:]*(?:(?:i|we)\s+(?:want|would like|hope|plan|aim|am looking|'m looking|wish)\s+"
    r"(?:to|for)|to|is|be|being|become|becoming|work(?:ing)?(?=\s+(?:as|in|with|for)\s)"
    r"|(?:get|find|have)\s+(?:an?\s+)?(?:job|work)(?=\s+(?:as|in|with)\s)"
    r"|(?:go|get|move)(?=\s+into\s)|switch(?=\s+to\s)|train(?=\s+as\s)"
    r"|as|in|into|with|for|an?|the)(?=\s)",
    re.IGNORECASE,
)
_ASPIRATION = re.compile(
    r"\b(?:want(?:s|ed|ing)?\s+to|would like|would love|'d like|'d love|hop(?:e|es|ing)\s+to"
    r"|aim(?:s|ing)?\s+to|plan(?:s|ning)?\s+to|looking\s+(?:to|for|into)|dream(?:s|ing)?\s+of"
    r"|interested\s+in|(?:my|the)\s+goal|aspir\w+|wish(?:es)?\s+to|become|becoming|goal\s*:"
    r"|move\s+into|moving\s+into|switch(?:ing)?\s+(?:to|into)|toward[s]?|transition\w*)\b",
    re.IGNORECASE,
)


_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|[\r\n]+")
_SELF = re.compile(r"^\s*(?:i|we)\b", re.IGNORECASE)


class TitleFound(NamedTuple):
    """Occupations that a text names, with the place of the title in it."""

    occupations: tuple[OccupationId, ...]
    start: int
    end: int


def is_aspiration(text: str) -> bool:
    """Tell whether a statement says what somebody wants, and not what they have done."""
    return wish_start(text) is not None


def wish_start(text: str) -> int | None:
    """Return where in a statement a wish begins; none if it says no wish."""
    found = _ASPIRATION.search(text)
    return found.start() if found else None


def without_intent(text: str) -> str:
    """Return what a statement wishes for, without what stands before and its opening words.

    ``I drive trucks and want to work in logistics`` is ``logistics``; ``become a nurse`` is
    ``nurse``.
    """
    found = _ASPIRATION.search(text)
    wish = text[found.end() :] if found else text
    while opening := _OPENING.match(wish):
        wish = wish[opening.end() :]
    return wish.strip(" .!,:") or text.strip(" .!,:")


def without_facts(text: str) -> str:
    """Return a goal without the sentences that say what somebody does already.

    ``I write SQL; next I want to lead`` is ``next I want to lead``; a goal of facts alone stays.
    """
    sentences = _SENTENCE_END.split(text)
    wishes = [each for each in sentences if is_aspiration(each) or not _SELF.match(each)]
    return " ".join(wishes) or text


def titles_in(text: str, occupations: OccupationIndex, *, min_words: int = 1) -> list[TitleFound]:
    """Return the titles that a text names, longest first at each place, in order.

    A plural is looked up where the singular is not a title, and the other way round.
    """
    words = words_of(text)
    found: list[TitleFound] = []
    start = 0
    while start < len(words):
        step = 1
        for length in range(min(MAX_TITLE_WORDS, len(words) - start), min_words - 1, -1):
            key = " ".join(word.key for word in words[start : start + length])
            ids = by_title(key, occupations)
            if ids:
                end = words[start + length - 1].end
                found.append(TitleFound(tuple(ids), words[start].start, end))
                step = length
                break
        start += step
    return found


def by_title(key: str, occupations: OccupationIndex) -> list[OccupationId]:
    """Return the occupations that go by a title, in the singular or in the plural."""
    other = key.removesuffix("s") if key.endswith("s") else f"{key}s"
    return occupations.by_title(key) or occupations.by_title(other)


def best_of(
    candidates: tuple[OccupationId, ...], vector: Vectors, occupations: OccupationIndex
) -> OccupationId:
    """Return the occupation whose own text is nearest, of several that share a title.

    One whose own title it is stands first in ``candidates`` and wins a near tie.
    """
    similarity = occupations.vectors_of(candidates) @ vector
    similarity[0] += OWN_TITLE_BONUS
    return candidates[int(similarity.argmax())]


# An alternate title that several occupations share says less than the text around it, but the
# first is the one whose own title it is, or the one with the lowest id.
OWN_TITLE_BONUS = 0.05
