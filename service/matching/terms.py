"""Terms: the words of a text as search by word keeps and compares them."""

import re

from service.matching.names import name_key
from service.matching.spelling import plain

_JOINT = re.compile(r"['\u2019.&-]")
# A letter alone is what is left of "don't"; a digit alone may be a code's.
_SHORTEST_PART = 2
# Shorter words that end in an s seldom are several of something: "gas", "his".
_SHORTEST_PLURAL = 4
# Words that every text has; "it" is not among them, since IT is a line of work.
# fmt: off
_FUNCTION_WORDS = frozenset(
    {
        "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is",
        "no", "not", "of", "on", "or", "such", "that", "the", "their", "then", "there", "these",
        "they", "this", "to", "was", "will", "with",
    }
)
# fmt: on


def terms_of(text: str) -> list[str]:
    """Return the terms of a text in order, as often as they stand there.

    Spelled plainly and folded as names are (``SQL`` is ``sql``, ``C++`` stays ``c++``), plurals
    as singulars, without function words. A compound is a term, and so is each of its parts:
    ``10-hour`` is found by ``10``.
    """
    terms = []
    for word in name_key(plain(text)).split():
        if word in _FUNCTION_WORDS:
            continue
        if word.isalnum():
            terms.append(singular(word) if word[-1] == "s" else word)
        else:
            terms.append(word)
            terms += _parts(word)
    return terms


def singular(word: str) -> str:
    """Return an English plural as a singular, or as what its singular is turned into too.

    The S stemmer of Harman, "How effective is suffixing?" (1991), which does not touch short
    words. Codes keep their letters: it leaves words with a digit alone.
    """
    if len(word) < _SHORTEST_PLURAL or word[-1] != "s" or not word.isalpha():
        return word
    if word.endswith("ies") and not word.endswith(("eies", "aies")):
        return word[:-3] + "y"
    if word.endswith("es") and not word.endswith(("aes", "ees", "oes")):
        return word[:-1]
    return word if word.endswith(("us", "ss")) else word[:-1]


def _parts(word: str) -> list[str]:
    parts = _JOINT.split(word)
    if len(parts) == 1:
        return []
    return [singular(part) for part in parts if len(part) >= _SHORTEST_PART or part.isdigit()]
