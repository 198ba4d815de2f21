"""Plain words: texts as words to compare, whatever is hidden in them or dressed up.

What the encoder reads as the same has to be the same here: compatibility forms, invisible
characters and look-alikes are taken back as in ``embeddings.normalize``, only further: accents
go too, and look-alikes become Latin whichever letters stand around them. That is for comparing
with an ad alone; nothing is linked or shown by these words.
"""

import re
import unicodedata
from functools import lru_cache

from service.matching.names import Word, name_key, words_of

# What shows nothing but is neither a control nor a format character.
_INVISIBLE = frozenset(map(chr, (0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0)))
# Cyrillic and Greek letters, and the Latin ones that they look like.
_LOOK_ALIKES = str.maketrans(
    "аекморстухіјһԁԛԝӏѕАВЕКМНОРСТУХІЈЅαικνορυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aekmopctyxijhdqwlsABEKMHOPCTYXIJS" + "aikvopuxABEZHIKMNOPTYX",
)
# A run of what a word may be made of, so that a stray sign between words stays between them.
_GAP = re.compile(r"\s")


def plain_words(text: str) -> list[Word]:
    """Return the words of a text, folded for comparison, with their places in the text."""
    if text.isascii():
        return words_of(text)
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        shown = _shown(character)
        characters.append(shown)
        places += [place] * len(shown)
    return [
        Word(word.key, places[word.start], places[word.end - 1] + 1)
        for word in words_of("".join(characters))
    ]


def plain_keys(text: str) -> list[str]:
    """Return the words of a text as ``plain_words`` folds them, without their places."""
    if text.isascii():
        # All texts of all learners are read at a start.
        return name_key(text).split()
    return [word.key for word in plain_words(text)]


@lru_cache(maxsize=4096)
def _shown(character: str) -> str:
    """Return what a reader takes a character for; nothing for what shows nothing."""
    if character.isascii() or _GAP.match(character):
        return character
    if character in _INVISIBLE or unicodedata.category(character) in {"Cf", "Cc", "Cn", "Co"}:
        return ""
    decomposed = unicodedata.normalize("NFKD", character).translate(_LOOK_ALIKES)
    return "".join(part for part in decomposed if unicodedata.category(part)[0] != "M")
