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

# Ordinary words that are all but the vendor, or all but "software", of a product's name: nobody
# means Adobe Analytics, IBM Cloud or "Statistical software" by them.
# fmt: off
_NO_PRODUCT = frozenset(
    {
        "addressing", "algorithmic", "analytical", "analytics", "appraisal", "assessment",
        "calendar", "calibration", "charting", "chat", "choreography", "clinical", "cloud",
        "clustering", "compass", "compliance", "connectivity", "counseling", "dental",
        "deployment", "dictation", "director", "directory", "drafting", "drawing",
        "dynamics", "editing", "educational", "encoder", "encompass", "enigma",
        "estimating", "fastest", "gaussian", "geodetic", "graphics", "imaging", "impact",
        "instructional", "interpreter", "labeling", "latitude", "legal", "logger", "magic",
        "maintenance", "mapping", "mathematical", "mechanical", "medical", "middleware",
        "migration", "mobile", "modeling", "money", "music", "navigation", "optimization",
        "ordering", "pharmaceutical", "posting", "presentation", "pricing", "productivity",
        "pulsar", "purchasing", "radar", "recipe", "reporting", "reservation", "router",
        "routing", "scanning", "search", "shape", "shipping", "simulation", "software",
        "specification", "statistical", "statistics", "survey", "switch", "tax", "testing",
        "timeline", "training", "transcription", "translate", "troubleshooting",
        "verification", "video", "world",
    }
)
# fmt: on

# Everyday words that are also names of technologies or skills: in running text they count
# only where they are written as a name, with a capital inside a sentence.
# fmt: off
EVERYDAY_WORDS = frozenset(
    {
        "access", "act", "action", "active", "ads", "aim", "air", "analyze", "apply",
        "apps", "arts", "aspect", "audition", "bars", "base", "bash", "basic", "bind",
        "blast", "box", "brand", "c", "call", "calm", "captivate", "care", "case",
        "checkout", "chef", "choose", "claims", "classroom", "clear", "close", "cloud",
        "combustion", "compare", "complete", "computer", "concur", "connect", "contribute",
        "copy", "current", "d", "data", "decide", "design", "designer", "dig", "doors",
        "draft", "draw", "drive", "edge", "elements", "emboss", "enforce", "engineer",
        "epic", "etc", "excel", "exchange", "experiment", "express", "fast", "fear",
        "fields", "fire", "first", "fit", "flash", "flex", "floods", "flow", "focus",
        "forms", "forth", "foundation", "front", "go", "grass", "guide", "harvest", "ice",
        "impact", "insight", "laws", "lead", "lecture", "less", "logic", "maintain", "make",
        "map", "maple", "max", "maya", "meet", "mimic", "mix", "motion", "notes", "office",
        "one", "outlook", "pages", "paint", "past", "pd", "people", "pest", "photo", "pick",
        "pig", "plan", "planner", "plus", "premiere", "prime", "process", "project",
        "publisher", "puppet", "putty", "quality", "quest", "quick", "r", "rapid",
        "rational", "reach", "react", "records", "reduce", "report", "reports", "rest",
        "rhino", "root", "route", "ruby", "rust", "safe", "sales", "salt", "sand", "sap",
        "scale", "schedule", "scratch", "sea", "security", "see", "service", "services",
        "shake", "sheets", "sites", "sketch", "slack", "slides", "smoke", "snap",
        "software", "source", "spark", "spring", "sprint", "stage", "stay", "step", "store",
        "support", "swift", "system", "systems", "tanks", "team", "teams", "test", "tests",
        "tools", "track", "training", "travel", "unity", "vault", "vigilant", "vision",
        "visual", "watch", "wave", "ways", "windows", "word", "work", "works", "zoom",
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
        if acronym and _abbreviates(acronym["short"], acronym["long"]):
            aliases += [acronym["short"], acronym["long"]]
        without_vendor = _VENDOR.sub("", label)
        if without_vendor != label and without_vendor.lower() not in _NO_PRODUCT:
            aliases.append(without_vendor)
        kind = label.removesuffix(" software")
        if kind != label and kind.lower() not in _NO_PRODUCT:
            aliases.append(kind)
    return aliases


def _abbreviates(short: str, long: str) -> bool:
    """Tell whether a word stands for others by their letters: SQL does, ADSTAR of IBM does not."""
    left = iter(long.lower())
    in_order = all(letter in left for letter in short.lower() if letter.isalpha())
    # XML begins where "Extensible" sounds.
    begins = short[0].lower() in {long[0].lower(), long[1:2].lower() if long[:1] in "Ee" else ""}
    return in_order and begins and " " in long
