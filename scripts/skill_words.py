"""Words that skills and occupations have in common, beside what their vectors say."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence

# Enough to tell words apart, and to find "analyze" in "analysis".
STEM_LENGTH = 5
# What a skill loses when none of its words is used of the occupation.
UNHEARD_SHARE = 0.5
# What a skill loses when its verb gives the worker a role that the phrase does not.
OTHER_ROLE = 0.6

_WORD = re.compile(r"[a-z]+")
_IDLE_WORDS = frozenset(
    {"the", "and", "of", "to", "in", "for", "on", "with", "by", "from", "or", "at", "as"}
    | {"other", "their", "its", "own"}
)
_SAME_ROLE = {
    "advis": {"recom", "consu", "couns"},
    "audit": {"inspe", "exami"},
    "commi": set[str](),
    "consu": {"advis", "confe"},
    "coord": {"organ", "arran", "direc"},
    "desig": {"devel", "creat"},
    "devel": {"desig", "creat", "formu", "write"},
    "direc": {"super", "overs", "manag"},
    "educa": {"teach", "train", "instr"},
    "evalu": {"asses", "appra", "analy", "revie"},
    "inspe": {"exami", "check", "monit"},
    "insta": set[str](),
    "instr": {"teach", "train", "educa"},
    "lead": set[str](),
    "manag": {"direc", "overs", "super", "coord"},
    "manuf": set[str](),
    "negot": set[str](),
    "organ": {"arran", "coord", "plan", "sched"},
    "overs": {"super", "direc", "manag"},
    "plan": {"sched", "organ", "prepa"},
    "procu": {"purch", "order", "buy"},
    "promo": set[str](),
    "purch": {"buy", "order", "procu"},
    "repai": set[str](),
    "resea": set[str](),
    "sell": set[str](),
    "super": {"overs", "direc", "manag"},
    "teach": {"instr", "train", "educa"},
    "train": {"instr", "teach"},
}


def stems(text: str) -> list[str]:
    """Return the beginnings of the words that say something, in order."""
    words = _WORD.findall(text.lower())
    return [word[:STEM_LENGTH] for word in words if len(word) > 1 and word not in _IDLE_WORDS]


class LabelWords:
    """The words of skills' labels; what is rare among them tells more."""

    def __init__(self, labels: Sequence[str]) -> None:
        self._stems = [stems(label) for label in labels]
        counts = Counter(stem for own in self._stems for stem in set(own))
        self._rarity = {stem: math.log(len(labels) / count) for stem, count in counts.items()}

    def heard(self, row: int, words: Iterable[str]) -> float:
        """Return how much of the label is among the words, in [1 - UNHEARD_SHARE, 1]."""
        own = self._stems[row]
        total = sum(self._rarity[stem] for stem in own)
        if total <= 0:
            return 1.0
        known = set(words)
        share = sum(self._rarity[stem] for stem in own if stem in known) / total
        return 1 - UNHEARD_SHARE + UNHEARD_SHARE * share

    def role_factor(self, row: int, words: frozenset[str]) -> float:
        """Return OTHER_ROLE if the label gives another role than the words do, else 1.

        ``supervise food quality`` is not what "Check quality of foods" asks for.
        """
        verb = self._stems[row][0] if self._stems[row] else ""
        if verb not in _SAME_ROLE or verb in words or _SAME_ROLE[verb] & words:
            return 1.0
        return OTHER_ROLE

    def has_role(self, row: int) -> bool:
        """Tell whether the label begins with a verb that gives a role."""
        return bool(self._stems[row]) and self._stems[row][0] in _SAME_ROLE
