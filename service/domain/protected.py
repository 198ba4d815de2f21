"""Protected traits: what no record has a field for, and nothing is ever decided by."""

import re
from typing import Final

# Words that are a trait wherever they stand in a name, such as `gender` in `genderIdentity`.
_WORDS: Final = frozenset(
    re.findall(
        r"[a-z]+",
        """
        age ages birth birthdate birthday birthplace born caste citizen citizenship color creed dob
        disabilities disability disabled ethnic ethnicity ethnicities female gender genders genetic
        genetics handicap handicapped heritage hispanic immigration indigenous latina latino latinx
        male marital married minority nationalities nationality parental pregnancy pregnant pronoun
        pronouns race races racial religion religions religious sex sexes sexuality transgender
        tribe veteran veterans visa
        """,
    )
)
# Traits of which no single word is one.
_PHRASES: Final = (
    "dateofbirth",
    "dayofbirth",
    "yearofbirth",
    "familystatus",
    "healthstatus",
    "militarystatus",
    "nationalorigin",
    "countryofbirth",
    "countryoforigin",
    "placeofbirth",
    "politicalaffiliation",
    "politicalopinion",
    "sexualorientation",
    "skincolor",
    "tradeunion",
    "unionmembership",
)
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def is_protected(name: str) -> bool:
    """Tell whether a field's name, in any spelling, is that of a protected trait.

    Traits are those of 29 CFR 1600-1699, GDPR Article 9 and the like: race, color, religion, sex,
    gender, national origin, citizenship, age, disability, genetic data, marital and family status,
    pregnancy, veteran status, opinions and union membership.
    """
    words = [word.lower() for word in _WORD.findall(name)]
    joined = "".join(words)
    return not _WORDS.isdisjoint(words) or any(phrase in joined for phrase in _PHRASES)
