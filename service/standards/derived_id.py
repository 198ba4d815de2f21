"""Ids for records that come without one: the same words always give the same id."""

import hashlib
import re
import unicodedata

_UNSAFE = re.compile(r"[^a-z0-9]+")
_SLUG_LENGTH = 80
_HASH_LENGTH = 10


def derived_id(*parts: str, prefix: str = "") -> str:
    """Return a readable slug of the parts and a short SHA-256 of all of them.

    Parts that differ in nothing but outer or doubled spaces count as the same.
    """
    tidy = [" ".join(unicodedata.normalize("NFC", part).split()) for part in parts]
    digest = hashlib.sha256("\x1f".join(tidy).encode()).hexdigest()[:_HASH_LENGTH]
    slug = slug_of(" ".join(tidy))
    return f"{prefix}{slug}-{digest}" if slug else f"{prefix}{digest}"


def slug_of(text: str) -> str:
    """Return the text's letters and digits in lower-case ASCII, the rest as single hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _UNSAFE.sub("-", plain)[:_SLUG_LENGTH].strip("-")
