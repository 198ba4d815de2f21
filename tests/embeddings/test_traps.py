"""Texts that show one skill and sound like another: the right one must be the nearer one."""

import json
from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
import pytest

from embeddings import Encoder
from service.standards.shipped import DEFAULT, ESCO, ONET

FILE = Path(__file__).with_name("traps.jsonl")
COMPUTING = "computing"
# Another processor rounds otherwise; what differs by less is a tie, which fails no test.
TIE = 0.005


class Kind(StrEnum):
    """What makes the wrong skill sound right."""

    TITLE = "title"  # a credential that is known by its title alone
    ROLE = "role"  # to do, to teach, to lead or to inspect the same thing
    LEXICAL = "lexical"  # the same word with another meaning
    SCOPE = "scope"  # a sibling, a part or a product of the right one
    LEVEL = "level"  # the same field for a beginner or for an expert
    DOMAIN = "domain"  # another field with words that look alike


class Trap(NamedTuple):
    """A text, the skill that it shows, and its false friend.

    ``known_failure`` says that the model as it ships falls for the false friend.
    """

    text: str
    right: str
    wrong: str
    kind: Kind
    field: str
    known_failure: bool


def read_trap(line: str) -> Trap:
    values = json.loads(line)
    return Trap(**values | {"kind": Kind(values["kind"])})


TRAPS = list(map(read_trap, FILE.read_text(encoding="utf-8").splitlines()))
FALLEN_FOR = pytest.mark.xfail(strict=True, reason="the model falls for the false friend")


@pytest.fixture(scope="module")
def margins(encoder: Encoder) -> dict[str, float]:
    """By text, how much more similar it is to the right skill than to the wrong one."""
    labels = sorted({label for trap in TRAPS for label in (trap.right, trap.wrong)})
    row = {label: number for number, label in enumerate(labels)}
    vectors = encoder.encode(labels)
    texts = encoder.encode([trap.text for trap in TRAPS])
    right = vectors[[row[trap.right] for trap in TRAPS]]
    wrong = vectors[[row[trap.wrong] for trap in TRAPS]]
    found = np.einsum("ij,ij->i", texts, right - wrong).tolist()
    return {trap.text: margin for trap, margin in zip(TRAPS, found, strict=True)}


@pytest.mark.parametrize(
    "trap",
    [
        pytest.param(trap, id=trap.text, marks=[FALLEN_FOR] if trap.known_failure else [])
        for trap in TRAPS
    ],
)
def test_a_text_is_nearer_to_the_skill_that_it_shows_than_to_a_false_friend(
    trap: Trap, margins: dict[str, float]
) -> None:
    assert margins[trap.text] > (TIE if trap.known_failure else -TIE)


def test_there_are_many_different_traps_of_every_kind() -> None:
    counts = Counter(trap.kind for trap in TRAPS)

    assert len(TRAPS) >= 100
    assert min(counts[kind] for kind in Kind) >= 8
    assert len({trap.text.casefold() for trap in TRAPS}) == len(TRAPS)


def test_at_least_six_in_ten_traps_are_of_other_fields_than_computing() -> None:
    others = [trap for trap in TRAPS if trap.field != COMPUTING]

    assert len(others) >= 0.6 * len(TRAPS)


def test_both_skills_of_a_trap_are_in_the_taxonomy() -> None:
    labels = set(pl.read_parquet(DEFAULT / ESCO)["preferred_label"])
    technologies = set(pl.read_parquet(DEFAULT / ONET)["technologies"].explode())

    assert {trap.right for trap in TRAPS} - labels == set()
    assert {trap.wrong for trap in TRAPS} - labels - technologies == set()
    assert [trap.text for trap in TRAPS if trap.right == trap.wrong] == []
