"""The losses are those of their formulas, and no text counts against what it belongs to."""

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from tests.builders.pair_tables import APair, pair_frame
from training.batch import label_pools, pair_batch, set_batch
from training.batches import PairTable
from training.config import TrainingConfig
from training.loss import FalseNegatives, false_negatives, hard_negatives, info_nce, set_loss
from training.research.pair import Source

Array = NDArray[np.float32]
CONFIG = TrainingConfig(temperature=0.1, set_others=3, popularity=0.5)


def unit(count: int, *, seed: int, dim: int = 5) -> Array:
    vectors = np.random.default_rng(seed).standard_normal((count, dim))
    unit: Array = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return unit


def one_way(own: float, others: list[float]) -> float:
    """Return minus the log of the softmax of the own logit among the others."""
    return float(np.log(sum(np.exp([own, *others]))) - own)


def nothing_wrong(count: int, negatives: int = 0) -> FalseNegatives:
    return FalseNegatives(np.zeros((count, count), bool), np.zeros((count, negatives), bool))


def loss_of(
    anchor: Array,
    positive: Array,
    negative: Array,
    wrong: FalseNegatives,
    weight: list[float] | None = None,
) -> float:
    found = info_nce(
        torch.from_numpy(anchor),
        torch.from_numpy(positive),
        torch.from_numpy(negative),
        wrong,
        torch.tensor(weight or [1.0] * len(anchor)),
        temperature=0.1,
    )
    return float(found)


def test_the_loss_of_pairs_is_the_mean_of_both_directions() -> None:
    anchor, positive, none = unit(3, seed=1), unit(3, seed=2), unit(0, seed=3)
    logits = anchor @ positive.T / 0.1

    found = loss_of(anchor, positive, none, nothing_wrong(3))

    losses = [
        one_way(side[row, row], [side[row, other] for other in range(3) if other != row])
        for side in (logits, logits.T)
        for row in range(3)
    ]
    assert found == pytest.approx(np.mean(losses), rel=1e-5)


def test_a_pair_counts_by_its_weight() -> None:
    anchor, positive, none = unit(2, seed=1), unit(2, seed=2), unit(0, seed=3)

    both = loss_of(anchor, positive, none, nothing_wrong(2), [0.75, 0.25])
    first = loss_of(anchor, positive, none, nothing_wrong(2), [1.0, 0.0])
    second = loss_of(anchor, positive, none, nothing_wrong(2), [0.0, 1.0])

    assert both == pytest.approx(0.75 * first + 0.25 * second, rel=1e-5)


def test_hard_negatives_count_against_anchors_alone_but_for_those_that_are_wrong() -> None:
    anchor, positive, negative = unit(2, seed=1), unit(2, seed=2), unit(2, seed=3)
    wrong = FalseNegatives(np.zeros((2, 2), bool), np.array([[False, True], [False, False]]))
    logits, hard = anchor @ positive.T / 0.1, anchor @ negative.T / 0.1

    found = loss_of(anchor, positive, negative, wrong)

    forward = [
        one_way(logits[0, 0], [logits[0, 1], hard[0, 0]]),
        one_way(logits[1, 1], [logits[1, 0], hard[1, 0], hard[1, 1]]),
    ]
    backward = [one_way(logits[0, 0], [logits[1, 0]]), one_way(logits[1, 1], [logits[0, 1]])]
    assert found == pytest.approx(np.mean([*forward, *backward]), rel=1e-5)


def test_a_false_negative_counts_in_neither_direction() -> None:
    anchor, positive, none = unit(2, seed=9), unit(2, seed=4), unit(0, seed=3)
    wrong = FalseNegatives(np.array([[False, True], [False, False]]), np.zeros((2, 0), bool))
    logits = anchor @ positive.T / 0.1

    found = loss_of(anchor, positive, none, wrong)

    # The first anchor and the second positive do not see each other; nothing is left for either.
    rest = one_way(logits[1, 1], [logits[1, 0]]) + one_way(logits[0, 0], [logits[1, 0]])
    assert found == pytest.approx(rest / 4, rel=1e-5)


def test_the_loss_of_sets_is_that_of_each_label_against_what_is_no_label() -> None:
    anchor, label = unit(2, seed=1), unit(4, seed=2)
    weight = np.array([[0.5, 0.5, 0, 0], [0, 0, 1, 0]], np.float32)
    is_label = np.array([[True, True, False, True], [False, False, True, False]])
    frequency = np.log(np.array([0.9, 0.5, 0.2, 0.1], np.float32))
    logits = anchor @ label.T / 0.1 - frequency

    found = set_loss(
        torch.from_numpy(anchor),
        torch.from_numpy(label),
        torch.from_numpy(weight),
        torch.from_numpy(is_label),
        torch.from_numpy(frequency),
        temperature=0.1,
    )

    losses = [
        0.5 * one_way(logits[0, 0], [logits[0, 2]]),
        0.5 * one_way(logits[0, 1], [logits[0, 2]]),
        1.0 * one_way(logits[1, 2], [logits[1, 0], logits[1, 1], logits[1, 3]]),
    ]
    assert float(found) == pytest.approx(sum(losses) / 2, rel=1e-5)


def test_what_belongs_together_is_no_negative() -> None:
    table = PairTable.of(
        pair_frame(
            [
                APair("a", "b", group="one"),
                APair("c", "d", group="one"),
                APair("e", "f"),
                APair("g", "f"),
                APair("h", "i"),
                APair("h", "j", group="other"),
                APair("k", "l"),
                # A pair that is not in the batch.
                APair("k", "b"),
            ]
        )
    )

    wrong = false_negatives(table, table.known(), np.arange(7)).pairs

    found = {(int(row), int(column)) for row, column in np.argwhere(wrong)}
    # Of one group; of one positive; of one anchor; and "k" belongs to "b" elsewhere.
    assert found == {(0, 1), (1, 0), (2, 3), (3, 2), (4, 5), (5, 4), (6, 0)}


def test_a_hard_negative_is_none_where_it_is_a_positive() -> None:
    table = PairTable.of(
        pair_frame(
            [
                APair("a", "b", negative="x"),
                APair("c", "d", negative="b"),
                APair("e", "f", negative="a"),
                APair("g", "h"),
                APair("g", "x"),
            ]
        )
    )

    rows = np.arange(4)
    negative = [table.texts[row] for row in hard_negatives(table, rows)]
    wrong = false_negatives(table, table.known(), rows).negatives

    assert sorted(negative) == ["a", "b", "x"]
    found = {(int(row), negative[column]) for row, column in np.argwhere(wrong)}
    # "a" is itself, and of the pair that "b" is of; "g" belongs to "x" elsewhere.
    assert found == {(0, "a"), (0, "b"), (3, "x")}


def test_a_batch_of_pairs_encodes_each_text_and_knows_what_is_wrong() -> None:
    table = PairTable.of(
        pair_frame([APair("a", "b", negative="d"), APair("c", "d", weight=0.5), APair("a", "d")])
    )
    rows = np.arange(2)

    batch = pair_batch(table, table.known(), rows, CONFIG)

    assert [table.texts[row] for row in batch.texts] == ["a", "c", "b", "d", "d"]
    vectors = unit(5, seed=4)
    # "d" belongs to "a", and is the positive of "c".
    expected = loss_of(
        vectors[:2],
        vectors[2:4],
        vectors[4:],
        FalseNegatives(np.array([[False, True], [False, False]]), np.array([[True], [True]])),
        [1.0, 0.5],
    )
    assert float(batch.loss(torch.from_numpy(vectors))) == pytest.approx(expected, rel=1e-5)


def test_a_batch_of_sets_learns_each_label_of_an_anchor_among_those_of_the_list() -> None:
    pairs = [
        APair("Knots", "Rope", "coursera", weight=0.75),
        APair("Knots", "Sailing", "coursera", weight=0.25),
        APair("Wards", "Care", "coursera"),
        APair("Pots", "Cooking", "coursera"),
        APair("Pots", "Rope", "coursera"),
    ]
    table = PairTable.of(pair_frame(pairs))
    pool = label_pools(table)[Source.COURSERA]

    batch = set_batch(table, table.known(), np.arange(2), pool, np.random.default_rng(1), CONFIG)

    texts = [table.texts[row] for row in batch.texts]
    assert texts[0] == "Knots"
    assert {"Rope", "Sailing"} < set(texts[1:]) <= {"Rope", "Sailing", "Care", "Cooking"}
    vectors, labels = unit(len(texts), seed=5), texts[1:]
    # One anchor, of which two of three have "Rope"; three of four labels are drawn evenly.
    absent = np.array([1 / 3 if label == "Rope" else 2 / 3 for label in labels]) * (1 - 3 / 4)
    frequency = np.log(1 - absent) * 0.5
    logits = dict(zip(labels, vectors[0] @ vectors[1:].T / 0.1 - frequency, strict=True))
    others = [logits[label] for label in labels if label not in {"Rope", "Sailing"}]
    expected = 0.75 * one_way(logits["Rope"], others) + 0.25 * one_way(logits["Sailing"], others)
    assert float(batch.loss(torch.from_numpy(vectors))) == pytest.approx(expected, rel=1e-5)
