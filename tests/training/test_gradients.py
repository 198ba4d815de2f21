"""A batch that does not fit in memory has the gradients that it would have if it did."""

import numpy as np
import pytest
import torch

from tests.builders.pair_tables import numbered, pair_frame
from training.batch import pair_batch
from training.batches import PairTable
from training.config import TrainingConfig
from training.export import base_folder
from training.fidelity import reference_vectors
from training.gradients import backward
from training.model import TrainedEncoder

TEXTS = [
    "registered nurse",
    "Weld pipes in a shipyard, at night and in the rain.",
    "SQL",
    "Ten years as a bank teller taught me to explain fees.",
    "forklift; pallet jack",
    "teaches children to read",
    "C++ developer (embedded systems), 3+ years, on site",
    "cook",
]


@pytest.fixture(scope="module")
def encoder() -> TrainedEncoder:
    # Several passes: 40 tokens are two or three texts.
    return TrainedEncoder(base_folder(), max_tokens=32, tokens_at_once=40, bfloat16=False)


def gradients(encoder: TrainedEncoder, tokens_kept: int) -> tuple[float, dict[str, torch.Tensor]]:
    table = PairTable.of(pair_frame(numbered(4)))
    batch = pair_batch(table, table.known(), np.arange(4), TrainingConfig())
    encoder.network.zero_grad()
    loss = backward(encoder, encoder.tokenize(TEXTS), batch.loss, tokens_kept=tokens_kept)
    found = {
        name: each.grad.clone()
        for name, each in encoder.network.named_parameters()
        if each.grad is not None
    }
    return loss, found


def test_cached_gradients_are_the_direct_ones(encoder: TrainedEncoder) -> None:
    loss, direct = gradients(encoder, tokens_kept=1_000)
    cached_loss, cached = gradients(encoder, tokens_kept=0)

    assert loss > 0.1
    assert cached_loss == pytest.approx(loss, rel=1e-5)
    assert cached.keys() == direct.keys()
    assert len(direct) > 90
    largest = max(float(each.abs().max()) for each in direct.values())
    for name, each in direct.items():
        torch.testing.assert_close(cached[name], each, rtol=1e-3, atol=1e-5 * largest)


def test_the_encoder_in_training_is_the_base_model(encoder: TrainedEncoder) -> None:
    found, expected = encoder.encode(TEXTS), reference_vectors(base_folder(), TEXTS)

    assert (found * expected).sum(axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)


def test_passes_take_every_text_once_and_are_small_enough(encoder: TrainedEncoder) -> None:
    tokens = encoder.tokenize(TEXTS)

    passes = encoder.passes(tokens)

    assert sorted(np.concatenate(passes)) == list(range(len(TEXTS)))
    assert all(len(rows) * max(len(tokens[row]) for row in rows) <= 40 for rows in passes)
    assert len(passes) > 2


def test_a_text_that_is_cut_still_ends(encoder: TrainedEncoder) -> None:
    (ids,) = encoder.tokenize([TEXTS[3]])

    cut = encoder.cut(ids, 6)

    assert cut.tolist() == [*ids[:5], ids[-1]]
    assert encoder.cut(ids, 64) is ids
