"""The public Coursera credentials: what a system may see of them, and the tags that judge it."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from service.domain.credential import Credential, Level, Provider
from service.domain.ids import CredentialId
from training.research.tables import read_table
from training.splits import is_held_out

FILE: Final = "coursera-skills/credentials.tsv.gz"
_SUFFIXES: Final[Mapping[str, float]] = MappingProxyType({"k": 1e3, "m": 1e6})


class Tagged(NamedTuple):
    """A credential as a system sees it (title, provider and level only), and what judges it.

    ``reviews`` is how often it was reviewed, which the popularity baseline goes by.
    """

    seen: Credential
    tags: frozenset[str]
    reviews: float


def read_tagged(data: Path, *, held_out: bool) -> list[Tagged]:
    """Return the credentials of one side of the split that have tags, by ascending id."""
    rows = read_table(data / FILE)
    found = [_tagged(row) for row in rows if is_held_out(row["cred_id"]) is held_out]
    return sorted((each for each in found if each.tags), key=lambda each: each.seen.id)


def _tagged(row: dict[str, str]) -> Tagged:
    level = row["level"].casefold()
    seen = Credential(
        id=CredentialId(row["cred_id"]),
        name=row["title"],
        provider=Provider(name=row["partner"]),
        level=Level(level) if level in set(Level) else None,
    )
    tags = json.loads(row["skills"] or "[]")
    return Tagged(
        seen,
        frozenset(tag.strip().casefold() for tag in tags if tag.strip()),
        _count(row["reviewcount"]),
    )


def _count(written: str) -> float:
    """Return a number that is written as ``16.4k``; 0 for an empty cell."""
    text = written.strip().casefold().replace(",", "")
    scale = _SUFFIXES.get(text[-1:], 1.0)
    digits = text[:-1] if scale > 1 else text
    return float(digits) * scale if digits else 0.0
