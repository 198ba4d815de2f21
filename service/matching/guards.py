"""Guards: whether words of a text name a skill, or are just words."""

# Words up to this length stay small in a title: "Data Analytics and Visualization in Health Care".
_SMALL = 4


def is_plural_acronym(word: str) -> bool:
    """Tell whether a word is several of an acronym: several GPs are no GPS."""
    return word[-1] == "s" and word[:-1].isupper()


def is_written_as_name(word: str, statement: str, *, alone: bool) -> bool:
    """Tell whether a word's capital makes it a name, in a statement where not all have one.

    Args:
        word: as it is written in the statement.
        statement: the whole of it.
        alone: whether the statement has no other word.
    """
    if not word[0].isupper():
        return False
    if alone:
        return True
    inside = not statement.startswith(word)
    return inside and any(each[0].islower() for each in statement.split() if len(each) > _SMALL)


def is_stray_word(statement: str, text: str) -> bool:
    """Tell whether a statement is one word out of a longer text, which is near too many skills.

    ``Control`` in a list is no control system; such a word counts by its name or not at all.
    """
    return len(statement.split()) == 1 and len(statement) < len(text.strip())
