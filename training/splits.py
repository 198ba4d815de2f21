"""Which rows of the research data are for development alone, so that no training reads them.

The rule for a set that names no development part of its own is a hash of the row's id or text: it
needs no list, holds for rows that are added later, and two programs that apply it agree.
"""

import hashlib
from collections.abc import Iterable

from embeddings.normalize import normalize_text

HELD_OUT_OF_TEN = 3
JOBBERT_HELD_OUT = 3_000


def is_held_out(row_id: str) -> bool:
    """Tell whether an O*NET occupation (its SOC code) or a Coursera credential is held out."""
    return int(hashlib.sha256(row_id.encode()).hexdigest(), 16) % 10 < HELD_OUT_OF_TEN


def held_out_titles(titles: Iterable[str]) -> frozenset[str]:
    """Return the 3,000 JobBERT titles that are held out, as keys (``text_key``).

    They are those whose key has the smallest SHA-256, so they do not depend on the order of rows.
    """
    keys = {text_key(title) for title in titles}
    by_hash = sorted(keys, key=lambda key: hashlib.sha256(key.encode()).hexdigest())
    return frozenset(by_hash[:JOBBERT_HELD_OUT])


def text_key(text: str) -> str:
    """Return a text as it is compared: two writings of the same words have the same key."""
    return " ".join(normalize_text(text).casefold().split())
