"""The exported encoder against sentence-transformers with the same weights, on 100 sentences."""

import numpy as np
import pytest
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from embeddings import Encoder, load_encoder
from training.export import base_folder, export
from training.fidelity import fidelity
from training.sentences import SENTENCES

Vectors = NDArray[np.float32]

# Measured: 0.9970 on average and 0.9946 at worst; 0.935 of ten neighbors kept.
MEAN_SIMILARITY = 0.996
MIN_SIMILARITY = 0.99
OVERLAP_AT_10 = 0.9
# The more tokens, the wider the range that eight bits have to cover: measured 0.984 at worst.
MIN_SIMILARITY_OF_LONG = 0.98


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    folder = tmp_path_factory.mktemp("export") / "model"
    export(base_folder(), folder)
    return load_encoder(folder)


@pytest.fixture(scope="module")
def base() -> SentenceTransformer:
    return SentenceTransformer(str(base_folder()), device="cpu")


def vectors_of(base: SentenceTransformer, texts: list[str]) -> Vectors:
    vectors: Vectors = base.encode(texts, normalize_embeddings=True, show_progress_bar=False)
    return vectors


def test_there_are_a_hundred_different_sentences() -> None:
    assert len(set(SENTENCES)) == len(SENTENCES) == 100


def test_vectors_and_neighbors_are_those_of_the_base_model(
    base: SentenceTransformer, exported: Encoder
) -> None:
    expected = vectors_of(base, list(SENTENCES))

    found = fidelity(exported.encode(SENTENCES), expected)

    assert found.mean_similarity >= MEAN_SIMILARITY
    assert found.min_similarity >= MIN_SIMILARITY
    assert found.overlap_at_10 >= OVERLAP_AT_10


def test_the_window_is_that_of_the_base_model(base: SentenceTransformer, exported: Encoder) -> None:
    assert exported.config.max_tokens == base.max_seq_length


def test_texts_that_fill_the_window_are_near_to_the_base_model(
    base: SentenceTransformer, exported: Encoder
) -> None:
    words = " ".join(SENTENCES).split()
    texts = [" ".join(words[start : start + 170]) for start in range(0, 600, 60)]

    found = fidelity(exported.encode(texts), vectors_of(base, texts))

    assert max(len(ids) for ids in base.tokenizer(texts)["input_ids"]) <= 256
    assert found.min_similarity >= MIN_SIMILARITY_OF_LONG
