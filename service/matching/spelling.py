"""Spelling: texts that read the same are spelled the same before their words are compared."""

import re
import unicodedata
from itertools import groupby

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")

# What shows nothing but is neither a control nor a format character: the grapheme joiner,
# Hangul fillers, Khmer inherent vowels, Mongolian and other variation selectors.
_INVISIBLE = frozenset(
    map(
        chr,
        (
            *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0),
            *range(0x180B, 0x1810),
            *range(0xFE00, 0xFE10),
            *range(0xE0100, 0xE01F0),
        ),
    )
)
# Cyrillic and Greek letters, and the Latin ones that they look like.
_LOOK_ALIKES = str.maketrans(
    "аекморстухіјһԁԛԝӏѕАВЕКМНОРСТУХІЈЅαικνορυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aekmopctyxijhdqwlsABEKMHOPCTYXIJS" + "aikvopuxABEZHIKMNOPTYX",
)


def plain(text: str) -> str:
    """Return a text as it reads: what shows nothing is gone, what looks Latin is Latin.

    The same as the encoder sees, but for white space, which stays: compatibility forms become
    plain ones (NFKC), and Cyrillic and Greek look-alikes become Latin in words that also hold
    Latin letters. (A package of its own, the encoder cannot be asked from here; a test holds
    the two together.)
    """
    if text.isascii() and not _CONTROL.search(text):
        return text
    visible = _without_invisible(unicodedata.normalize("NFKC", _without_invisible(text)))
    if not any(ord(each) in _LOOK_ALIKES for each in set(visible)):
        return unicodedata.normalize("NFKC", visible)
    runs = ("".join(run) for _, run in groupby(visible, key=_is_of_a_word))
    # Letters that were kept apart until now may compose: a folded base and its accent.
    return unicodedata.normalize("NFKC", "".join(map(_fold, runs)))


def _without_invisible(text: str) -> str:
    # A text has few different characters, so that asking each of them once is quick.
    gone = {ord(each): None for each in set(text) if _is_invisible(each)}
    return text.translate(gone) if gone else text


def _is_invisible(character: str) -> bool:
    if character in _INVISIBLE:
        return True
    return unicodedata.category(character)[0] == "C" and not character.isspace()


def _is_of_a_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN"


def _fold(word: str) -> str:
    folded = word.translate(_LOOK_ALIKES)
    return folded if folded != word and any(map(_is_latin, word)) else word


def _is_latin(character: str) -> bool:
    return unicodedata.name(character, "").startswith("LATIN ")
