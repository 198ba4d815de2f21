"""What the model knew before it was trained for work: what belongs together, and what does not."""

import csv
from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from embeddings import Encoder

FILE = Path(__file__).with_name("general.tsv")
LARGEST_MEAN_OF_UNRELATED = 0.15


class Relation(StrEnum):
    """How two sentences stand to each other."""

    PARAPHRASE = "paraphrase"
    UNRELATED = "unrelated"


class Pair(NamedTuple):
    """Two sentences, each with its field of work or of life."""

    relation: Relation
    one: str
    field_of_one: str
    other: str
    field_of_other: str


def read_pairs() -> list[Pair]:
    with FILE.open(encoding="utf-8", newline="") as stream:
        _, *rows = csv.reader(stream, delimiter="\t", strict=True)
    return [Pair(Relation(relation), *sentences) for relation, *sentences in rows]


PAIRS = read_pairs()
PARAPHRASES = [pair for pair in PAIRS if pair.relation is Relation.PARAPHRASE]
UNRELATED = [pair for pair in PAIRS if pair.relation is Relation.UNRELATED]


def similarities(encoder: Encoder, pairs: list[Pair]) -> NDArray[np.float32]:
    """Return the similarity of each pair. Shape: ``(len(pairs),)``."""
    one = encoder.encode([pair.one for pair in pairs])
    other = encoder.encode([pair.other for pair in pairs])
    found: NDArray[np.float32] = np.einsum("ij,ij->i", one, other)
    return found


@pytest.fixture(scope="module")
def unrelated(encoder: Encoder) -> NDArray[np.float32]:
    return similarities(encoder, UNRELATED)


@pytest.fixture(scope="module")
def paraphrases(encoder: Encoder) -> dict[Pair, float]:
    found = similarities(encoder, PARAPHRASES).tolist()
    return dict(zip(PARAPHRASES, found, strict=True))


def test_unrelated_sentences_stay_apart(unrelated: NDArray[np.float32]) -> None:
    assert float(unrelated.mean()) < LARGEST_MEAN_OF_UNRELATED


@pytest.mark.parametrize("pair", [pytest.param(pair, id=pair.one) for pair in PARAPHRASES])
def test_a_paraphrase_is_nearer_than_nearly_all_unrelated_sentences(
    pair: Pair, paraphrases: dict[Pair, float], unrelated: NDArray[np.float32]
) -> None:
    assert paraphrases[pair] > float(np.quantile(unrelated, 0.95))


def test_there_are_thirty_different_pairs_of_each_relation() -> None:
    counts = Counter(pair.relation for pair in PAIRS)

    assert counts == {Relation.PARAPHRASE: 30, Relation.UNRELATED: 30}
    assert len({frozenset((pair.one, pair.other)) for pair in PAIRS}) == 60


def test_unrelated_sentences_are_of_different_fields_and_paraphrases_of_one() -> None:
    assert [pair for pair in UNRELATED if pair.field_of_one == pair.field_of_other] == []
    assert [pair for pair in PARAPHRASES if pair.field_of_one != pair.field_of_other] == []
