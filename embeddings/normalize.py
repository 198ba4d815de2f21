"""One spelling for texts that read the same, so that they also get the same vector."""

import re
import unicodedata
from itertools import groupby

from embeddings.errors import LoneSurrogate

SURROGATE = re.compile("[\ud800-\udfff]")

# What shows nothing but is neither a control nor a format character: the grapheme joiner,
# Hangul fillers, Khmer inherent vowels, Mongolian and other variation selectors.
INVISIBLE = frozenset(
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
LOOK_ALIKES = str.maketrans(
    "аекморстухіјһԁԛԝӏѕАВЕКМНОРСТУХІЈЅαικνορυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aekmopctyxijhdqwlsABEKMHOPCTYXIJS" + "aikvopuxABEZHIKMNOPTYX",
)


def normalize_text(text: str) -> str:
    """Return the text as it is tokenized, hashed and compared.

    Compatibility forms become plain ones (NFKC), characters that show nothing go, Cyrillic and
    Greek letters that look Latin become Latin within words that also hold Latin letters, and
    runs of white space become one space. What is normalized stays as it is.

    Raises:
        LoneSurrogate: if the text holds half of a surrogate pair.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    if half := SURROGATE.search(text):
        raise LoneSurrogate(half.start())
    visible = _without_invisible(unicodedata.normalize("NFKC", _without_invisible(text)))
    folded = "".join(map(_fold, _words_and_gaps(visible)))
    # Letters that were kept apart until now may compose: a folded base and its accent.
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def _without_invisible(text: str) -> str:
    return "".join(character for character in text if not _is_invisible(character))


def _is_invisible(character: str) -> bool:
    if character in INVISIBLE:
        return True
    return unicodedata.category(character)[0] == "C" and not character.isspace()


def _words_and_gaps(text: str) -> list[str]:
    return ["".join(run) for _, run in groupby(text, key=_is_of_a_word)]


def _is_of_a_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN"


def _fold(word: str) -> str:
    folded = word.translate(LOOK_ALIKES)
    return folded if folded != word and any(map(_is_latin, word)) else word


def _is_latin(character: str) -> bool:
    return unicodedata.name(character, "").startswith("LATIN ")
