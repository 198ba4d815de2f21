"""Names as keys: how a skill or a title is looked up whatever its case and punctuation."""

import re
import unicodedata
from typing import NamedTuple

from service.domain.skill import Skill, SkillType

# Letters, digits, and the marks that tell C++ from C and .NET from net.
_WORD = re.compile(
    r"[^\W_]+(?:[+#]+|(?:['\u2019.&-](?=[^\W_]))[^\W_]+)*[+#]*|\.net\b", re.IGNORECASE
)
_QUALIFIER = re.compile(r"\s*\([^)]*\)\s*$")
_ACRONYM = re.compile(r"^(?P<long>.+?)\s+(?P<short>[A-Z][A-Z0-9+#/]{1,7})(?:\s+software)?$")
_VENDOR = re.compile(
    r"^(?:Microsoft(?: Office)?|Adobe|Apache|Autodesk|Google|IBM|Intuit|Oracle|The MathWorks)\s+"
)

# Everyday words that are also names of technologies or skills: in running text they count
# only where they are written as a name, with a capital inside a sentence.
# fmt: off
EVERYDAY_WORDS = frozenset(
    {
        "access", "act", "action", "active", "apply", "aspect", "base", "bash", "basic",
        "box", "brand", "c", "care", "chef", "clear", "close", "cloud", "complete", "concur",
        "connect", "copy", "current", "d", "data", "design", "draft", "drive", "edge",
        "elements", "epic", "excel", "express", "fire", "flash", "flex", "flow", "focus",
        "forms", "foundation", "front", "go", "impact", "insight", "less", "logic",
        "maintain", "make", "map", "maple", "max", "maya", "mimic", "motion", "notes",
        "office", "one", "outlook", "pages", "paint", "people", "photo", "pick", "planner",
        "plus", "premiere", "prime", "process", "project", "publisher", "puppet", "quality",
        "quest", "quick", "r", "rapid", "reach", "react", "records", "report", "reports",
        "rest", "rhino", "root", "ruby", "rust", "safe", "sales", "salt", "sap", "scale",
        "scratch", "security", "see", "service", "services", "shake", "sketch", "slack",
        "snap", "source", "spark", "spring", "sprint", "stage", "stay", "step", "store",
        "support", "swift", "system", "systems", "team", "teams", "test", "tests", "tools",
        "track", "training", "travel", "unity", "vault", "vision", "visual", "watch", "wave",
        "ways", "windows", "word", "work", "works", "zoom",
    }
)
# fmt: on


class Word(NamedTuple):
    """A word of a text, folded for lookup, with the place where it stands."""

    key: str
    start: int
    end: int


def words_of(text: str) -> list[Word]:
    """Return the words of a text with their places in it."""
    return [Word(fold(match.group()), match.start(), match.end()) for match in _WORD.finditer(text)]


def fold(word: str) -> str:
    """Return a word as a key: NFKC and case-folded."""
    if word.isascii():
        return word.lower()
    return unicodedata.normalize("NFKC", word).casefold()


def name_key(name: str) -> str:
    """Return a name as a key: its folded words with one space between them."""
    if name.isascii():
        # A hundred thousand names are read at every start, nearly all of them in ASCII.
        return " ".join(_WORD.findall(name.lower()))
    return " ".join(word.key for word in words_of(name))


def alias_names(skill: Skill) -> list[str]:
    """Return further names a skill goes by in everyday use.

    The label without its qualifier in parentheses; for technologies also without the vendor
    (``Microsoft Excel`` is ``Excel``), and the acronym at the end of O*NET's long names
    (``Structured query language SQL`` is ``SQL``).
    """
    label = skill.preferred_label
    bare = _QUALIFIER.sub("", label)
    aliases = [bare] if bare != label else []
    if skill.type is SkillType.TECHNOLOGY:
        acronym = _ACRONYM.match(label)
        if acronym:
            aliases += [acronym["short"], acronym["long"]]
        without_vendor = _VENDOR.sub("", label)
        if without_vendor != label:
            aliases.append(without_vendor)
        if label.lower().endswith(" software"):
            aliases.append(label[: -len(" software")])
    return aliases
