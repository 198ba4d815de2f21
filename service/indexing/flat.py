"""Skill links of many rows as flat arrays: those of a row stand together, rows in their order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.matching.ports import Vectors

Rows = NDArray[np.int64]
Narrow = NDArray[np.int32]
Mask = NDArray[np.bool_]


class Numbered(NamedTuple):
    """A record's skills by their numbers, int64, and how much each counts, float32."""

    skills: Rows
    strengths: Vectors


@dataclass(frozen=True, slots=True, eq=False)
class Flat:
    """All links as flat arrays: row ``i`` owns ``starts[i]:starts[i + 1]``.

    Owners and skills are int32: a million records have some twenty million links.
    """

    starts: Rows
    owners: Narrow
    skills: Narrow
    strengths: Vectors
    live: Mask

    @classmethod
    def of(cls, starts: Rows, skills: Narrow, strengths: Vectors, live: Mask) -> "Flat":
        """Return the arrays with the owner of each link.

        Raises:
            ValueError: if they do not go together.
        """
        if len(starts) != len(live) + 1 or not starts[-1] == len(skills) == len(strengths):
            raise ValueError("The flat arrays of links are not of one length.")
        owners = np.repeat(np.arange(len(live), dtype=np.int32), np.diff(starts))
        return cls(starts, owners, skills, strengths, live)


def empty_flat() -> Flat:
    """Return the links of no row."""
    nothing = np.empty(0, dtype=np.int32)
    return Flat.of(
        np.zeros(1, dtype=np.int64),
        nothing,
        np.empty(0, dtype=np.float32),
        np.empty(0, dtype=np.bool_),
    )


def merged(old: Flat, changed: Mapping[int, Numbered | None], *, count: int) -> Flat:
    """Return the links of ``count`` rows: those of the changed rows, and the old ones of others."""
    rows = sorted(changed)
    news = [changed[row] for row in rows]
    there = [each for each in news if each is not None]
    live = np.zeros(count, dtype=np.bool_)
    live[: len(old.live)] = old.live
    live[rows] = [each is not None for each in news]
    touched = np.zeros(count, dtype=np.bool_)
    touched[rows] = True
    kept = ~touched[old.owners]
    lengths = np.zeros(count, dtype=np.int64)
    lengths[: len(old.live)] = np.diff(old.starts)
    lengths[rows] = [0 if each is None else len(each.skills) for each in news]
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    skills = np.empty(starts[-1], dtype=np.int32)
    strengths = np.empty(starts[-1], dtype=np.float32)
    # Each row's links move as one block: those of old rows by one step, those of new ones here.
    places = np.flatnonzero(kept)
    owners = old.owners[places]
    places_now = places + (starts[owners] - old.starts[owners])
    skills[places_now] = old.skills[places]
    strengths[places_now] = old.strengths[places]
    fresh = np.ones(starts[-1], dtype=np.bool_)
    fresh[places_now] = False
    if there:
        skills[fresh] = np.concatenate([each.skills for each in there])
        strengths[fresh] = np.concatenate([each.strengths for each in there])
    return Flat.of(starts, skills, strengths, live)


def taken(flat: Flat, rows: Rows) -> Flat:
    """Return the links of these rows alone, numbered anew in their order."""
    lengths = flat.starts[rows + 1] - flat.starts[rows]
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    links = np.repeat(flat.starts[rows] - starts[:-1], lengths) + np.arange(starts[-1])
    return Flat.of(starts, flat.skills[links], flat.strengths[links], flat.live[rows])
