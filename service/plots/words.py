"""Words of a drawing: the library sets tokens, and what people wrote takes their place afterwards.

So nothing that people wrote is measured, read as mathematics, or looked for in a font.
"""

import re
from textwrap import wrap

_TOKEN = re.compile(r"@(\d+)@")


class Words:
    """The words of one drawing, each behind a token."""

    def __init__(self) -> None:
        self._said: list[str] = []

    def token(self, text: str) -> str:
        """Return what stands for a text of one line until the drawing is done."""
        self._said.append(printable(text))
        return f"@{len(self._said) - 1}@"

    def lines(self, text: str, *, width: int, most: int = 2) -> list[str]:
        """Return tokens for a text on so many lines of so many characters; the rest is cut off."""
        cut = wrap(printable(text), width, max_lines=most, placeholder=" …", break_long_words=True)
        return [self.token(line) for line in cut]

    def behind(self, token: str) -> str:
        """Return the text that a token stands for; what is none stands for itself."""
        found = _TOKEN.fullmatch(token)
        return self._said[int(found[1])] if found else token


def printable(text: str) -> str:
    """Return a text in which nothing is left that XML may not hold or nobody can see."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())
